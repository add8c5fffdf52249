import type { Plan } from '../../domain/monitor.ts';
import { type Decimal, dividedBy, minus, plus, times } from '../../domain/numbers.ts';
import type { Playbook } from '../../domain/playbook.ts';
import { coversAll, fullAt, levelsOf, tightestFirst } from '../goals/cover.ts';
import type { Facts, Held } from '../goals/facts.ts';
import type { Goal, WantOf } from '../goals/goal.ts';
import { tighter } from '../goals/scene.ts';

/**
 * Every unit has a stop. Where all have one it stays where it is, or better, and follows the size; where
 * some have, the others get theirs at the widest of them. A missing one is put back where it was planned,
 * and where the price has passed that or there was none, at the playbook's distance from the entry. One
 * that trails may sleep, so it counts for none.
 */
export function stopOfPosition(
  facts: Facts,
  { stop: planned }: Pick<Plan, 'stop'>,
  { stopDistance }: Pick<Playbook, 'stopDistance'>,
): Goal[] {
  const { orders, position, at } = facts;
  if (!orders.known || !position.known || position.value.side === null) return [];
  const held = position.value;
  const levels = levelsOf({ ...held, trail: null }, orders.value.stops);
  const goal = (
    { price, triggerBy }: Pick<WantOf<'covered'>, 'price' | 'triggerBy'>,
    author: Goal['author'],
    reason: string,
  ): Goal => ({
    want: { kind: 'covered', price, triggerBy, called: 'stop' },
    author,
    reason,
    since: at,
    opening: held.opening,
  });
  // The position's own stop follows its size by itself.
  if (held.stop && orders.value.stops.length === 0) return [];
  const full = fullAt(levels, held);
  if (full !== null) {
    const reason = 'the position keeps the stop it has, for its size';
    return [goal({ price: full, triggerBy: null }, 'adopted', reason)];
  }
  const widest = tightestFirst(levels, held.side).at(-1);
  if (widest && !coversAll(levels, held.size)) {
    const { price } = widest;
    return [goal({ price, triggerBy: null }, 'rule', 'a part of the position has no stop')];
  }
  const missing = 'the position has no stop';
  const goals = planned ? [goal(planned, 'rule', missing)] : [];
  const price = atDistance(held, stopDistance);
  if (price !== null && !(planned && tighter(held.side, price, planned.price)))
    goals.push(goal({ price, triggerBy: null }, 'rule', missing));
  return goals;
}

/** Rounding is the difference's: to the tick, on the safe side. */
function atDistance({ side, entryPrice }: Held, percent: Decimal | null): Decimal | null {
  if (entryPrice === null || percent === null) return null;
  const away = times(entryPrice, dividedBy(percent, '100'));
  return side === 'long' ? minus(entryPrice, away) : plus(entryPrice, away);
}
