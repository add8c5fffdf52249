import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import { accountName, listed } from '../../parts/names.ts';

type Asked = Pick<AccountRow, 'id' | 'mode'>;

/** The accounts that may be acted for; where every account is in watch all of them, for the desk to answer. */
export function usuallyIncluded(accounts: readonly Asked[]): readonly string[] {
  const acting = accounts.filter(({ mode }) => mode !== 'watch');
  return (acting.length > 0 ? acting : accounts).map(({ id }) => id);
}

/** Which accounts a close-all would be for, and which of them the desk will refuse. */
export function includedWords(accounts: readonly Asked[], chosen: readonly string[]): string {
  const namesOf = (some: readonly Asked[]): string => listed(some.map(({ id }) => accountName(id)));
  const included = accounts.filter(({ id }) => chosen.includes(id));
  const watching = included.filter(({ mode }) => mode === 'watch');
  const first = included.length > 0 ? `Included: ${namesOf(included)}.` : 'No account is included.';
  const refused = watching.length > 0 ? `: ${namesOf(watching)}` : '';
  return `${first} The desk refuses accounts in watch mode${refused}.`;
}
