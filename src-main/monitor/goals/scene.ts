import { type Decimal, greater, less, minus, sum } from '../../domain/numbers.ts';
import type { OrderSide, TriggerBy } from '../../domain/order.ts';
import type { Side } from '../../domain/position.ts';
import { span } from '../../domain/words.ts';
import type { Entry, Facts, Flat, Held, LegOrders, Rules, Rung } from './facts.ts';

/** A price older than this is not known, ms. */
export const PRICE_GOOD_FOR_MS = 3_000;

/** A set of facts of which position, orders and the contract's rules are known. */
export interface Scene {
  facts: Facts;
  held: Held | null;
  flat: Flat | null;
  orders: LegOrders;
  rules: Rules;
}

/** The scene, or why there is none yet: one sentence. */
export function sceneOf(facts: Facts): Scene | string {
  const { position, orders, instrument } = facts;
  if (!position.known) return notKnown('The position is', position, facts.at);
  if (!orders.known) return notKnown('The orders are', orders, facts.at);
  if (!instrument.known) return notKnown('The rules of the contract are', instrument, facts.at);
  const { value } = position;
  const held = value.side === null ? null : value;
  const flat = value.side === null ? value : null;
  return { facts, held, flat, orders: orders.value, rules: instrument.value };
}

function notKnown(what: string, of: { reason: string; since: number }, now: number): string {
  const since = now - of.since < 1_000 ? '' : ` since ${span(now - of.since)}`;
  return `${what} not known${since}: ${of.reason}`;
}

/** The price that would set off a stop, or why it is not known. */
export function priceOf(scene: Scene, by: TriggerBy): { price: Decimal } | { unknown: string } {
  const { prices, at } = scene.facts;
  if (!prices.known) return { unknown: notKnown('The price is', prices, at) };
  const { asOf } = prices.value;
  const age = at - asOf;
  const reason = `The newest is ${span(age)} old.`;
  if (age > PRICE_GOOD_FOR_MS)
    return { unknown: notKnown('The price is', { reason, since: asOf }, at) };
  const { last, mark, index } = prices.value;
  const price = by === 'LastPrice' ? last : by === 'MarkPrice' ? mark : index;
  return price === null
    ? { unknown: `The exchange names no ${names[by]} price of ${scene.facts.symbol}.` }
    : { price };
}

const names: Readonly<Record<TriggerBy, string>> = {
  LastPrice: 'last',
  MarkPrice: 'mark',
  IndexPrice: 'index',
};

export const closingSide = (side: Side): OrderSide => (side === 'long' ? 'Sell' : 'Buy');

/** A stop at `a` gives less away than one at `b`. */
export const tighter = (side: Side, a: Decimal, b: Decimal): boolean =>
  side === 'long' ? greater(a, b) : less(a, b);

/** A stop at `price` is at `level` or beyond it, on the safe side. */
export const atOrBeyond = (side: Side, price: Decimal, level: Decimal): boolean =>
  !tighter(side, level, price);

/** What an order may still fill. */
export const restOf = (order: Pick<Rung | Entry, 'quantity' | 'filledQuantity'>): Decimal =>
  minus(order.quantity, order.filledQuantity);

export const openEntries = (scene: Scene): Entry[] =>
  scene.orders.entries.filter((entry) => entry.state === 'open');

/** What the entries that stay open would still add to a position of `side`. */
export const pendingOf = (entries: readonly Entry[], side: Side): Decimal =>
  sum(
    entries
      .filter((entry) => entry.state === 'open' && entry.side !== closingSide(side))
      .map(restOf),
  );

export const isAmendable = (scene: Scene, orderId: string): boolean =>
  !scene.orders.unamendable.includes(orderId);
