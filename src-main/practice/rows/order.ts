import { dividedBy, isZero, times } from '../../domain/numbers.ts';
import { money, plain } from '../engine/money/arithmetic.ts';
import { leavesOf, type Order } from '../engine/state/state.ts';
import { contractOf, type Venue } from '../engine/state/venue.ts';

type Row = Record<string, unknown>;

const averageOf = (order: Order): string =>
  isZero(order.filled) ? '' : money(dividedBy(order.filledValue, order.filled));

/** An order as REST spells it (`/v5/order/realtime`, `/v5/order/history`). */
export function restOrder(venue: Venue, order: Order): Row {
  const settle = contractOf(venue, order.symbol).settle;
  const leaves = leavesOf(order);
  const waitingMarket = order.price === '0';
  return {
    symbol: order.symbol,
    orderType: order.orderType,
    orderLinkId: order.orderLinkId,
    slLimitPrice: order.slLimitPrice === '' ? '0' : plain(order.slLimitPrice),
    orderId: order.orderId,
    cancelType: order.cancelType,
    avgPrice: averageOf(order),
    stopOrderType: order.stopOrderType,
    lastPriceOnCreated: plain(order.lastPriceOnCreated),
    orderStatus: order.status,
    createType: order.createType,
    takeProfit: plain(order.takeProfit),
    cumExecValue: money(order.filledValue),
    tpslMode: order.tpslMode,
    smpType: 'None',
    triggerDirection: order.triggerDirection,
    blockTradeId: '',
    cumFeeDetail: isZero(order.fee) ? {} : { [settle]: money(order.fee) },
    isLeverage: '',
    rejectReason: order.rejectReason,
    price: plain(order.price),
    orderIv: '',
    createdTime: String(order.createdTime),
    tpTriggerBy: order.tpTriggerBy,
    positionIdx: order.positionIdx,
    timeInForce: order.timeInForce,
    leavesValue: waitingMarket ? '0' : money(times(leaves, order.price)),
    updatedTime: String(order.updatedTime),
    side: order.side,
    smpGroup: 0,
    triggerPrice: plain(order.triggerPrice),
    tpLimitPrice: order.tpLimitPrice === '' ? '0' : plain(order.tpLimitPrice),
    cumExecFee: money(order.fee),
    slTriggerBy: order.slTriggerBy,
    leavesQty: plain(leaves),
    closeOnTrigger: order.closeOnTrigger,
    slippageToleranceType: 'UNKNOWN',
    placeType: '',
    cumExecQty: plain(order.filled),
    reduceOnly: order.reduceOnly,
    qty: plain(order.qty),
    stopLoss: plain(order.stopLoss),
    parentOrderLinkId: order.parentOrderLinkId,
    marketUnit: '',
    ocoTriggerBy: '',
    smpOrderId: '',
    slippageTolerance: '0',
    triggerBy: order.triggerBy,
    extraFees: '',
  };
}

/** History and stream rows carry two fields more. */
export const historyOrder = (venue: Venue, order: Order): Row => ({
  ...restOrder(venue, order),
  rpiTakerAccess: false,
  rpiMatchedQty: '0',
});

/** The same order as the private stream spells it: `tpslMode "UNKNOWN"` for none, and P&L with it. */
export function streamOrder(venue: Venue, order: Order): Row {
  return {
    category: 'linear',
    ...historyOrder(venue, order),
    tpslMode: order.tpslMode === '' ? 'UNKNOWN' : order.tpslMode,
    closedPnl: money(order.closedPnl),
    feeCurrency: contractOf(venue, order.symbol).settle,
  };
}
