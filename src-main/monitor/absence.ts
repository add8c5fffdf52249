import type { Execution } from '../domain/execution.ts';
import { type Decimal, less, plus } from '../domain/numbers.ts';
import { closes } from './close-reason.ts';

/** A position that was not where it used to be, at the first good look. */
export interface Absence {
  /** When the positions had last been read whole at that look, ms. */
  firstWholeAsOf: number;
  /** ms. */
  since: number;
}

/**
 * Whether an absent position is gone for good (P19): its closing executions add up to its size, or
 * it is still absent in a whole read later than the one in which it was first missed.
 */
export function isGone(
  absence: Absence,
  now: {
    wholeAsOf: number;
    /** Size when the position was last seen. */
    size: Decimal;
    /** When that was true by the venue's word, ms; executions before are in it already. */
    sizeAsOf: number;
    executions: readonly Execution[];
  },
): boolean {
  if (now.wholeAsOf > absence.firstWholeAsOf) return true;
  let closed = '0';
  for (const execution of now.executions) {
    if (!closes(execution) || execution.closedSize === null) continue;
    if (execution.executedAt > now.sizeAsOf) closed = plus(closed, execution.closedSize);
  }
  return !less(closed, now.size);
}
