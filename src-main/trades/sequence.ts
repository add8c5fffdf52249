import type { Execution } from '../domain/execution.ts';
import { equal } from '../domain/numbers.ts';
import type { Open } from './open-trade.ts';

/** The venue's sequence: time, then its cross sequence; what filled at once stays in the order it was told. */
export const inSequence = (a: Execution, b: Execution): number =>
  a.executedAt - b.executedAt || (a.seq ?? 0) - (b.seq ?? 0);

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
