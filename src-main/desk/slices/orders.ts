import type { OrderRow } from '../../../src-preload/contract/orders.ts';
import type { Order } from '../../domain/order.ts';

const rows = new WeakMap<Order, OrderRow>();

/** An open order as the screens show it; the same order gives the same row, so nothing is sent twice. */
export function orderRow(order: Order): OrderRow {
  let row = rows.get(order);
  if (!row) {
    row = {
      account: order.account,
      symbol: order.symbol,
      side: order.side,
      orderId: order.orderId,
      orderLinkId: order.orderLinkId,
      positionIdx: order.positionIdx,
      price: order.price,
      quantity: order.quantity,
      filledQuantity: order.filledQuantity,
      reduceOnly: order.reduceOnly,
      stopOrderType: order.others?.['stopOrderType'] ?? order.stopOrderType,
      triggerPrice: order.triggerPrice,
      status: order.status,
    };
    rows.set(order, row);
  }
  return row;
}
