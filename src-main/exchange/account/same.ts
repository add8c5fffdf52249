import { type Decimal, equal, isZero } from '../../domain/numbers.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';

const sameDecimal = (a: Decimal | null, b: Decimal | null): boolean =>
  a === b || (a !== null && b !== null && equal(a, b));
/** A stop that is not set is `null` in one spelling and `"0"` in the other. */
const samePrice = (a: Decimal | null, b: Decimal | null): boolean =>
  sameDecimal(a !== null && isZero(a) ? null : a, b !== null && isZero(b) ? null : b);

/** Equal in everything a decision could rest on: what moves with the mark price is left out. */
export const samePosition = (a: Position, b: Position): boolean =>
  a === b ||
  (a.side === b.side &&
    a.status === b.status &&
    sameDecimal(a.size, b.size) &&
    sameDecimal(a.entryPrice, b.entryPrice) &&
    samePrice(a.stopLoss, b.stopLoss) &&
    samePrice(a.takeProfit, b.takeProfit) &&
    samePrice(a.trailingStop, b.trailingStop) &&
    sameDecimal(a.leverage, b.leverage));

/** Equal in everything a decision could rest on. */
export const sameOrder = (a: Order, b: Order): boolean =>
  a === b ||
  (a.status === b.status &&
    hasEnded(a) === hasEnded(b) &&
    a.reduceOnly === b.reduceOnly &&
    a.positionIdx === b.positionIdx &&
    sameDecimal(a.quantity, b.quantity) &&
    sameDecimal(a.filledQuantity, b.filledQuantity) &&
    samePrice(a.price, b.price) &&
    samePrice(a.triggerPrice, b.triggerPrice));
