import { Banner } from '../parts/layout/banner.tsx';
import { accountName } from '../parts/names.ts';
import { useRows } from '../state/use-desk.tsx';

/** Stands over every view while an account cannot be read or may not be armed, and says why. */
export function AccountProblems() {
  const accounts = [...(useRows('accounts')?.values() ?? [])];
  return accounts
    .filter(({ problem }) => problem !== null)
    .map(({ id, problem }) => (
      <Banner key={id} tone="look" title={`${accountName(id)}:`}>
        {problem}
      </Banner>
    ));
}
