import type { Execution } from '../domain/execution.ts';
import { type Decimal, equal, less } from '../domain/numbers.ts';
import type { Open } from './open-trade.ts';

/** The venue's sequence: time, then its cross sequence; what filled at once stays in the order it was told. */
export const inSequence = (a: Execution, b: Execution): number =>
  a.executedAt - b.executedAt || (a.seq ?? 0) - (b.seq ?? 0);

/**
 * Which of what is left to book comes next. What filled at once bears one time and one number in the
 * venue's sequence, and a list may tell it in any order: of these, one that closes more than is open when
 * its turn comes waits for the others.
 */
export function firstToBook(
  left: readonly ({ kind: 'execution'; execution: Execution } | { kind: 'word' | 'removed' })[],
  /** What is open now that an execution could close. */
  closableBy: (execution: Execution) => Decimal,
): number {
  const [first] = left;
  if (first?.kind !== 'execution') return 0;
  const later = left.findIndex(
    (one) => one.kind !== 'execution' || inSequence(one.execution, first.execution) !== 0,
  );
  const together = left.slice(0, later < 0 ? left.length : later);
  const fits = together.findIndex(
    (one) =>
      one.kind === 'execution' && !less(closableBy(one.execution), one.execution.closedSize ?? '0'),
  );
  return Math.max(0, fits);
}

/**
 * The leg funding was paid for: the only one, the one of its size, or the one of its side; and all that
 * it may have been for. Candidates come with the likeliest first.
 */
export function fundingLegs(
  candidates: readonly Open[],
  { quantity, side }: Execution,
): { leg: Open | undefined; legs: Open[] } {
  const likeliest = new Map(candidates.toReversed().map((one) => [one.trade.side, one]));
  const legs = [...likeliest.values()];
  const ofSize = legs.filter(({ trade }) => equal(trade.size, quantity));
  const ofSide = legs.filter(({ trade }) => side === (trade.side === 'long' ? 'Buy' : 'Sell'));
  const leg = [legs, ofSize, ofSide].find(({ length }) => length === 1)?.[0];
  return { leg, legs };
}
