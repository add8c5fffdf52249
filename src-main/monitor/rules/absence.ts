import { closes } from '../../domain/close-reason.ts';
import type { Execution } from '../../domain/execution.ts';
import { type Decimal, less, plus } from '../../domain/numbers.ts';

/** A position that was not where it used to be, at the first good look. */
export interface Absence {
  /** When the positions had last been read whole at that look, ms. */
  firstWholeAsOf: number;
  /** ms. */
  since: number;
}

/** How long an absent position's closing executions are waited for, ms. */
const EXECUTIONS_WITHIN_MS = 10_000;

/**
 * Whether an absent position is gone for good (P19): its closing executions add up to its size, or
 * it is still absent in a whole read later than the one in which it was first missed, and its
 * executions were asked for since, so that its end is not told without them. That they cannot be
 * read is not waited for longer than 10 s.
 */
export function isGone(
  absence: Absence,
  now: {
    /** ms. */
    now: number;
    wholeAsOf: number;
    /** When the executions were last read whole, ms. */
    executionsAsOf: number;
    /** Size when the position was last seen. */
    size: Decimal;
    /** When that was true by the venue's word, ms; executions before are in it already. */
    sizeAsOf: number;
    executions: readonly Execution[];
  },
): boolean {
  let closed = '0';
  for (const execution of now.executions) {
    if (!closes(execution) || execution.closedSize === null) continue;
    if (execution.executedAt > now.sizeAsOf) closed = plus(closed, execution.closedSize);
  }
  if (!less(closed, now.size)) return true;
  const asked = now.executionsAsOf >= absence.since;
  const patient = now.now - absence.since < EXECUTIONS_WITHIN_MS;
  return now.wholeAsOf > absence.firstWholeAsOf && (asked || !patient);
}
