import type { Stop } from '../../domain/monitor.ts';
import {
  type Decimal,
  equal,
  greater,
  isZero,
  less,
  minus,
  smallest,
  sum,
} from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { isSet } from './roles.ts';

/** How well a position is covered by stops. */
export interface Protection {
  /** The stop that covers most; `null` when there is none. */
  stop: Stop | null;
  /** Base quantity that some stop would close, never more than the position. */
  covered: Decimal;
  /** True when every unit is covered; a flat position needs no cover. */
  complete: boolean;
  /** Stops in force: more than one is for the operator to see (P55). */
  stops: number;
}

/**
 * What protects a position: the trading stop on the position itself covers it whole whatever its
 * size; a conditional order covers what it still has open, or everything when it is a close-all
 * (quantity 0 with close-on-trigger).
 */
export function protectionOf(position: Position | null, stopOrders: readonly Order[]): Protection {
  const size = position?.size ?? '0';
  const found: { stop: Stop; covers: Decimal }[] = [];
  let orders = stopOrders;
  if (position && isSet(position.stopLoss)) {
    const price = position.stopLoss;
    const own = stopOrders.find(
      (order) =>
        order.stopOrderType === 'StopLoss' &&
        isSet(order.triggerPrice) &&
        equal(order.triggerPrice, price),
    );
    orders = stopOrders.filter((order) => order !== own);
    const stop: Stop = {
      price,
      quantity: 'full',
      source: 'position',
      orderId: own?.orderId ?? null,
    };
    found.push({ stop, covers: size });
  }
  for (const order of orders) {
    if (!isSet(order.triggerPrice)) continue;
    const left = minus(order.quantity, order.filledQuantity);
    const whole = order.closeOnTrigger && isZero(order.quantity);
    const stop: Stop = {
      price: order.triggerPrice,
      quantity: whole ? 'full' : left,
      source: 'order',
      orderId: order.orderId,
    };
    found.push({ stop, covers: whole ? size : left });
  }
  let best = found[0];
  for (const one of found) {
    if (best && one !== best && greater(one.covers, best.covers)) best = one;
  }
  // One stop that covers it whole is the usual case and needs no arithmetic.
  const whole = best?.covers === size;
  const covered = whole ? size : smallest(size, sum(found.map((one) => one.covers)));
  return {
    stop: best?.stop ?? null,
    covered,
    complete: whole || !less(covered, size),
    stops: found.length,
  };
}

export const sameStop = (a: Stop | null, b: Stop | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.source === b.source &&
    a.orderId === b.orderId &&
    equal(a.price, b.price) &&
    (a.quantity === b.quantity ||
      (a.quantity !== 'full' && b.quantity !== 'full' && equal(a.quantity, b.quantity))));

/** True when the price or what it covers differs: the same cover by another order is no news. */
export const isNewCover = (a: Stop | null, b: Stop | null): boolean =>
  a === null || b === null ? a !== b : !sameStop({ ...a, source: b.source, orderId: b.orderId }, b);
