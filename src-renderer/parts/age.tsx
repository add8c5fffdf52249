import { useNow } from '../state/now.ts';
import { age, clock } from './time-text.ts';

/** How old a fact is, ticking; dimmed is the usual, amber when older than `staleMs`. */
export function Age({ at: seen, staleMs = 60_000 }: { at: number | null; staleMs?: number }) {
  const now = useNow();
  // The desk writes 0 on a row that it never saw confirmed.
  const at = seen === 0 ? null : seen;
  const stale = at === null || now - at > staleMs;
  return (
    <span
      className={stale ? 'amber' : 'faint'}
      title={at === null ? 'Never seen' : `Seen at ${clock(at, true)}`}
    >
      {age(at, now)}
    </span>
  );
}
