import { approximate, type Decimal } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Side } from '../../domain/position.ts';

/** What an open order is to the position it belongs to. */
export type OrderRole = 'entry' | 'take-profit' | 'stop' | 'other';

/**
 * The role of an open order for a position of `side`, by order type and side, never by size or name
 * (P34). An order of a kind that is not known, or that would flip the position, or whose trigger names no
 * direction, is `other`:
 * it is shown, counted as no protection and never touched.
 */
export function roleOf(order: Order, side: Side): OrderRole {
  if (order.stopOrderType === 'other' || order.type === 'other') return 'other';
  const closes = order.side === (side === 'long' ? 'Sell' : 'Buy');
  const onlyCloses = order.reduceOnly || order.closeOnTrigger;
  const conditional = isSet(order.triggerPrice);
  if (!closes) {
    return !onlyCloses && (order.type === 'Limit' || conditional) ? 'entry' : 'other';
  }
  switch (order.stopOrderType) {
    case 'StopLoss':
    case 'PartialStopLoss':
    case 'TrailingStop':
      return 'stop';
    case 'TakeProfit':
    case 'PartialTakeProfit':
      return 'take-profit';
    default:
  }
  if (!onlyCloses) return 'other';
  if (conditional) {
    if (order.triggerDirection === null) return 'other';
    const againstUs = side === 'long' ? 2 : 1;
    return order.triggerDirection === againstUs ? 'stop' : 'take-profit';
  }
  return order.type === 'Limit' ? 'take-profit' : 'other';
}

/** An order that can only make a position of `side` smaller. */
export const onlyReduces = (order: Order, side: Side): boolean =>
  (order.reduceOnly || order.closeOnTrigger) && order.side === (side === 'long' ? 'Sell' : 'Buy');

/** Where an order acts: its trigger, else its limit; `null` when it names neither. */
export function levelPrice(order: Order): Decimal | null {
  if (isSet(order.triggerPrice)) return order.triggerPrice;
  return isSet(order.price) ? order.price : null;
}

/** A price that is not set is `null` in one spelling of the venue and zero in the other. */
export const isSet = (price: Decimal | null): price is Decimal =>
  price !== null && approximate(price) !== 0;

type Roles = Readonly<Record<OrderRole, readonly Order[]>>;

const sorted = {
  long: new WeakMap<readonly Order[], Roles>(),
  short: new WeakMap<readonly Order[], Roles>(),
};

/** A position's open orders by what they are to it: sorted once for each list, which must not change. */
export function byRole(orders: readonly Order[], side: Side): Roles {
  const known = sorted[side].get(orders);
  if (known) return known;
  const roles: Record<OrderRole, Order[]> = { entry: [], 'take-profit': [], stop: [], other: [] };
  for (const order of orders) roles[roleOf(order, side)].push(order);
  sorted[side].set(orders, roles);
  return roles;
}
