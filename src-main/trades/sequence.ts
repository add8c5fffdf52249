import type { Execution } from '../domain/execution.ts';
import { type Decimal, equal, less } from '../domain/numbers.ts';
import type { Open } from './open-trade.ts';

/** The venue's sequence: time, then its cross sequence; what filled at once stays in the order it was told. */
export const inSequence = (a: Execution, b: Execution): number =>
  a.executedAt - b.executedAt || (a.seq ?? 0) - (b.seq ?? 0);

/**
 * Executions as they can have happened. What filled at once bears one time and one number in the venue's
 * sequence, and a list may tell it in any order: of these, one that closes more than is open when its turn
 * comes waits for the others.
 */
export function* inOrder(
  executions: readonly Execution[],
  /** What is open now of the leg that an execution, if it closes anything, closes. */
  openToClose: (execution: Execution) => Decimal,
): Generator<Execution> {
  const left = executions.toSorted(inSequence);
  for (let [first] = left; first !== undefined; [first] = left) {
    const { executedAt, seq } = first;
    const later = left.findIndex((one) => one.executedAt !== executedAt || one.seq !== seq);
    const together = left.slice(0, later < 0 ? left.length : later);
    const fits = together.findIndex((one) => !less(openToClose(one), one.closedSize ?? '0'));
    const [next] = left.splice(Math.max(0, fits), 1);
    if (next) yield next;
  }
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
