import { type Decimal, minus, plus, times } from '../../domain/numbers.ts';
import { coversAll, fullAt, levelsOf, tightestFirst } from '../goals/cover.ts';
import type { Facts, Held } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';

export interface StopSettings {
  /** Distance of the playbook's stop from the entry, as a part of the entry price: "0.05". */
  stopDistance: Decimal;
}

/**
 * Every unit has a stop. Where all have one it stays where it is, or better; where some have, the others
 * get theirs at the widest of them; a position without any gets one where its plan had it, else at the
 * playbook's distance from the entry.
 */
export function stopOfPosition(
  facts: Facts,
  planned: Decimal | null,
  { stopDistance }: StopSettings,
): Goal[] {
  const { orders, position, at } = facts;
  if (!orders.known || !position.known || position.value.side === null) return [];
  const held = position.value;
  const levels = levelsOf({ ...held, trail: null }, orders.value.stops);
  const goal = (price: Decimal, author: Goal['author'], reason: string): Goal => ({
    want: { kind: 'covered', price, triggerBy: null, called: 'stop' },
    author,
    reason,
    since: at,
    opening: held.opening,
  });
  const full = fullAt(levels, held);
  if (full !== null)
    return [goal(full, 'adopted', 'the position keeps the stop it was found with, for its size')];
  const widest = tightestFirst(levels, held.side).at(-1);
  if (widest && !coversAll(levels, held.size))
    return [goal(widest.price, 'rule', 'a part of the position has no stop')];
  const price = planned ?? atDistance(held, stopDistance);
  const where =
    planned === null ? 'the playbook’s distance from the entry' : 'where it was planned';
  return price === null
    ? []
    : [goal(price, 'rule', `the position has no stop, and this is ${where}`)];
}

/** Rounding is the difference's: to the tick, on the safe side. */
function atDistance({ side, entryPrice }: Held, distance: Decimal): Decimal | null {
  if (entryPrice === null) return null;
  const away = times(entryPrice, distance);
  return side === 'long' ? minus(entryPrice, away) : plus(entryPrice, away);
}
