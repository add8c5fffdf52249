import {
  compare,
  type Decimal,
  greater,
  isZero,
  minus,
  plus,
  smallest,
} from '../../../domain/numbers.ts';
import { type Account, isLive, leavesOf, type Order, type Position } from '../state/state.ts';
import { isOpen, openOrdersOf } from '../state/venue.ts';

/** Orders on the book that only reduce a position. */
const reducingOn = (account: Account, position: Position): Order[] =>
  openOrdersOf(account, position.symbol).filter(
    (order) =>
      isLive(order) &&
      order.reduceOnly &&
      order.positionIdx === position.idx &&
      order.side !== position.side,
  );

/** What would fill first comes first: market orders, then the best price, then the oldest. */
function byPriority(a: Order, b: Order): number {
  if (a.orderType !== b.orderType) return a.orderType === 'Market' ? -1 : 1;
  const cheaper = compare(a.price, b.price);
  return (a.side === 'Sell' ? cheaper : -cheaper) || a.createdTime - b.createdTime;
}

/**
 * What each order that only reduces may stand for: together never more than the position, and the
 * one that would fill last gives way. `joining` is counted among those on the book.
 */
function sharesOf(account: Account, position: Position, joining?: Order): Map<Order, Decimal> {
  const orders = reducingOn(account, position).filter(
    (order) => order.orderId !== joining?.orderId,
  );
  if (joining !== undefined) orders.push(joining);
  let left = position.size;
  const shares = new Map<Order, Decimal>();
  for (const order of orders.sort(byPriority)) {
    const share = smallest(leavesOf(order), left);
    shares.set(order, share);
    left = minus(left, share);
  }
  return shares;
}

/** The part of a reducing order that the position and the orders before it leave room for. */
export const roomFor = (account: Account, position: Position, order: Order): Decimal =>
  sharesOf(account, position, order).get(order) ?? '0';

/** Reducing orders that stand for more than the position allows: those to end, and those to cut. */
export function tooMuch(
  account: Account,
  position: Position,
): { end: Order[]; cut: { order: Order; qty: Decimal }[] } {
  const idle = openOrdersOf(account, position.symbol).filter(
    (order) =>
      isLive(order) &&
      order.reduceOnly &&
      order.positionIdx === position.idx &&
      (!isOpen(position) || order.side === position.side),
  );
  const shares = [...sharesOf(account, position)];
  return {
    end: [
      ...idle,
      ...shares
        .filter(([order, share]) => isZero(share) && !idle.includes(order))
        .map(([order]) => order),
    ],
    cut: shares
      .filter(([order, share]) => !isZero(share) && greater(leavesOf(order), share))
      .map(([order, share]) => ({ order, qty: plus(order.filled, share) })),
  };
}
