import { type Decimal, dividedBy, minus, plus, times } from '../../domain/numbers.ts';
import type { Playbook } from '../../domain/playbook.ts';
import { coversAll, fullAt, levelsOf, tightestFirst } from '../goals/cover.ts';
import type { Facts, Held } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';

/**
 * Every unit has a stop. Where all have one it stays where it is, or better; where some have, the others
 * get theirs at the widest of them; a position without any gets one where its plan had it, else at the
 * playbook's distance from the entry.
 */
export function stopOfPosition(
  facts: Facts,
  planned: Decimal | null,
  { stopDistance }: Pick<Playbook, 'stopDistance'>,
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
function atDistance({ side, entryPrice }: Held, percent: Decimal | null): Decimal | null {
  if (entryPrice === null || percent === null) return null;
  const away = times(entryPrice, dividedBy(percent, '100'));
  return side === 'long' ? minus(entryPrice, away) : plus(entryPrice, away);
}
