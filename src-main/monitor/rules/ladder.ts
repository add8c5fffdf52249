import type { TakeProfit } from '../../domain/monitor.ts';
import {
  approximate,
  type Decimal,
  dividedBy,
  equal,
  isPositive,
  less,
  minus,
  sum,
} from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Side } from '../../domain/position.ts';
import { type Evidence, type Fill, fillOf, fillPrice } from './fills.ts';
import { levelPrice } from './roles.ts';

/** A take-profit counts as hit from this part of its quantity on. */
export const HIT = '0.99';

/** What a rung's order went through since it was last looked at. */
export interface RungChange {
  rung: TakeProfit;
  /** Newly filled. */
  quantity: Decimal;
  /** What it was filled at, else where the rung stands. */
  price: Decimal;
  state: Fill['state'];
}

export interface LadderUpdate {
  rungs: TakeProfit[];
  filled: RungChange[];
  /** Orders that are not on the book and of whose end nothing is known: to be asked about. */
  unseen: string[];
  /** Link ids of orders that are new and take no rung's place. */
  added: (string | null)[];
}

/**
 * Brings the ladder up to what the venue says. A rung is its order id: a filled one stays filled for
 * good and is never made again (P26), a partial fill is no completion (P14), and no percentage of
 * any size plays a part (P10, P15). Until the first fill the levels run from nearest to furthest;
 * from then on they stay, and a new order takes the level of the unfilled rung it replaces.
 * Returns the same array when nothing changed.
 */
export function updateLadder(
  rungs: TakeProfit[],
  orders: readonly Order[],
  side: Side,
  evidenceOf: (orderId: string) => Evidence,
): LadderUpdate {
  const filled: RungChange[] = [];
  const unseen: string[] = [];
  const newLevels: (string | null)[] = [];
  const known = new Set<string>();
  let changed = false;
  let next = rungs.map((rung) => {
    if (rung.orderId === null) return rung;
    known.add(rung.orderId);
    if (rung.state !== 'open') return rung;
    const evidence = evidenceOf(rung.orderId);
    const fill = fillOf(evidence, { filled: rung.filledQuantity, quantity: rung.quantity });
    if (fill.state === 'unseen') unseen.push(rung.orderId);
    const price = (evidence.open && levelPrice(evidence.open)) ?? rung.price;
    const state = stateOf(fill);
    const grew = !equal(fill.filled, rung.filledQuantity);
    if (
      !grew &&
      state === rung.state &&
      equal(price, rung.price) &&
      equal(fill.quantity, rung.quantity)
    )
      return rung;
    changed = true;
    const updated: TakeProfit = {
      ...rung,
      price,
      quantity: fill.quantity,
      filledQuantity: fill.filled,
      state,
    };
    if (grew || state === 'filled') {
      filled.push({
        rung: updated,
        quantity: minus(fill.filled, rung.filledQuantity),
        price: fillPrice(evidence) ?? price,
        state: fill.state,
      });
    }
    return updated;
  });
  const added = orders.filter((order) => !known.has(order.orderId) && levelPrice(order) !== null);
  if (added.length > 0) {
    changed = true;
    const standing = new Set(next.flatMap(({ state, level }) => (state === 'gone' ? [] : [level])));
    const free = [...new Set(next.map(({ level }) => level))]
      .filter((level) => !standing.has(level))
      .sort((a, b) => a - b);
    for (const order of nearestFirst(added, side)) {
      const highest = next.reduce((most, rung) => Math.max(most, rung.level), 0);
      const level = free.shift();
      if (level === undefined) newLevels.push(order.orderLinkId);
      // What was filled of the one it takes the place of stays counted (M8).
      next = next.filter((rung) => rung.level !== level || isPositive(rung.filledQuantity));
      next.push(rungFrom(order, level ?? highest + 1));
    }
  }
  if (!changed) return { rungs, filled, unseen, added: newLevels };
  return { rungs: levelled(next, side), filled, unseen, added: newLevels };
}

/** One that ends all but full has done its work, whatever became of the last hundredth. */
function stateOf({ state, filled, quantity }: Fill): TakeProfit['state'] {
  if (state !== 'ended') return state === 'filled' ? 'filled' : 'open';
  const isFull = isPositive(quantity) && !less(dividedBy(filled, quantity), HIT);
  return isFull ? 'filled' : 'gone';
}

/** A ladder from the orders that are already there, levelled from nearest to furthest. */
export const ladderFrom = (orders: readonly Order[], side: Side): TakeProfit[] =>
  nearestFirst(
    orders.filter((order) => levelPrice(order) !== null),
    side,
  ).map((order, index) => rungFrom(order, index + 1));

/** What the open rungs would still close. */
export const openTotal = (rungs: readonly TakeProfit[]): Decimal =>
  sum(
    rungs.flatMap((rung) =>
      rung.state === 'open' ? [minus(rung.quantity, rung.filledQuantity)] : [],
    ),
  );

function rungFrom(order: Order, level: number): TakeProfit {
  return {
    level,
    price: levelPrice(order) ?? '0',
    quantity: order.quantity,
    filledQuantity: order.filledQuantity,
    orderId: order.orderId,
    state: 'open',
  };
}

/** Before the first fill levels follow the prices; afterwards each keeps its own. */
function levelled(rungs: TakeProfit[], side: Side): TakeProfit[] {
  if (rungs.some((rung) => rung.state === 'filled' || isPositive(rung.filledQuantity)))
    return rungs.sort((a, b) => a.level - b.level);
  const away = side === 'long' ? 1 : -1;
  return rungs
    .sort((a, b) => away * (approximate(a.price) - approximate(b.price)))
    .map((rung, index) => (rung.level === index + 1 ? rung : { ...rung, level: index + 1 }));
}

function nearestFirst(orders: readonly Order[], side: Side): Order[] {
  const away = side === 'long' ? 1 : -1;
  const at = (order: Order): number => approximate(levelPrice(order) ?? '0');
  return [...orders].sort((a, b) => away * (at(a) - at(b)));
}
