import { dividedBy, isPositive, largest, less, sum } from '../../domain/numbers.ts';
import type { Facts, Rung } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';
import { legBreakeven } from './breakeven.ts';
import { HIT } from './ladder.ts';

/**
 * Once the first take-profit is hit, no entry of ours stays open and every unit is stopped at the leg's
 * breakeven or better. Nothing is remembered: the rungs' own fills say it, after a restart as before.
 */
export function afterTp1(facts: Facts): Goal[] {
  const { orders, position } = facts;
  if (!orders.known || !position.known) return [];
  return isFirstHit(orders.value.rungs) ? onceTp1IsHit(facts) : [];
}

/** What is wanted from then on; of a flat position only that its entries go (P27). */
export function onceTp1IsHit({ position, instrument, fees, at }: Facts): Goal[] {
  const held = position.known && position.value.side !== null ? position.value : null;
  const opening = held?.opening ?? null;
  const by = {
    author: 'rule',
    reason: 'the first take-profit was hit',
    since: at,
    opening,
  } as const;
  const noEntries: Goal = { want: { kind: 'no-entries' }, ...by };
  if (!held?.entryPrice || !instrument.known || !fees.known) return [noEntries];
  // How the entry was filled is not known for sure, and a stop always takes: the dearer rate for both.
  const rate = largest(fees.value.taker, fees.value.maker);
  const price = legBreakeven({
    side: held.side,
    entryPrice: held.entryPrice,
    feeIn: rate,
    feeOut: rate,
    tickSize: instrument.value.tickSize,
  });
  return [
    { want: { kind: 'covered', price, triggerBy: null, called: 'breakeven' }, ...by },
    noEntries,
  ];
}

/** Its filled quantity has reached 99 %, or it has ended with a fill. */
function isFirstHit(rungs: readonly Rung[]): boolean {
  const level = Math.min(...rungs.map((rung) => rung.level));
  const first = rungs.filter((rung) => rung.level === level);
  if (
    first.some(
      ({ state, filledQuantity }) =>
        state === 'filled' || (state === 'gone' && isPositive(filledQuantity)),
    )
  )
    return true;
  const quantity = sum(first.map((rung) => rung.quantity));
  const filled = sum(first.map((rung) => rung.filledQuantity));
  return isPositive(quantity) && !less(dividedBy(filled, quantity), HIT);
}
