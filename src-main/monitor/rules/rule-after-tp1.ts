import { largest } from '../../domain/numbers.ts';
import type { Facts } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';
import { legBreakeven } from './breakeven.ts';
import { levelsHit } from './hits.ts';

/**
 * Once a take-profit is hit, the first as a rule, no entry of ours stays open and every unit is stopped at the leg's
 * breakeven or better. Nothing is remembered: the rungs' own fills say it, after a restart as before.
 */
export function afterTp1(facts: Facts): Goal[] {
  const { orders, position } = facts;
  if (!orders.known || !position.known) return [];
  return levelsHit(orders.value.rungs).some(({ hit }) => hit) ? onceTp1IsHit(facts) : [];
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
