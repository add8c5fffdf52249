import { useNow } from '../state/now.ts';
import { age, clock } from './time-text.ts';

/** How old a fact is, ticking; dimmed is the usual, amber when older than `staleMs`. */
export function Age({ at, staleMs = 60_000 }: { at: number | null; staleMs?: number }) {
  const now = useNow();
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
