import { useNow } from '../../state/use-desk.tsx';
import { age, clock } from '../time-text.ts';
import { Text } from './text.tsx';

/** After this long without being seen a fact is not to be relied on: no monitor, however calm, waits longer. */
export const STALE_MS = 60_000;

/** How old a fact is, ticking; faint is the usual, amber when it is not to be relied on any more. */
export function Age({ at: seen }: { at: number | null }) {
  const now = useNow();
  // The desk writes 0 on a row that it never saw confirmed.
  const at = seen === 0 ? null : seen;
  const stale = at === null || now - at > STALE_MS;
  return (
    <Text
      tone={stale ? 'amber' : 'faint'}
      title={at === null ? 'Never seen' : `Seen at ${clock(at, true)}`}
    >
      {age(at, now)}
    </Text>
  );
}
