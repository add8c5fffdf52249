import type { AccountId } from '../../domain/account.ts';
import type {
  Order,
  OrderSide,
  OrderStatus,
  StopOrderType,
  TimeInForce,
  TriggerBy,
} from '../../domain/order.ts';
import {
  decimal,
  flag,
  MalformedRow,
  oneOf,
  payloadOf,
  price,
  requiredDecimal,
  requiredText,
  requiredWhole,
  text,
  whole,
} from './fields.ts';
import { positionIdxOf } from './map-position.ts';

export const ORDER_SIDES: ReadonlySet<OrderSide> = new Set(['Buy', 'Sell']);
export const ORDER_TYPES: ReadonlySet<Order['type']> = new Set(['Market', 'Limit']);

export const STOP_ORDER_TYPES: ReadonlySet<StopOrderType> = new Set([
  'TakeProfit',
  'StopLoss',
  'TrailingStop',
  'Stop',
  'PartialTakeProfit',
  'PartialStopLoss',
  'MmRateClose',
  'tpslOrder',
  'OcoOrder',
  'BidirectionalTpslOrder',
]);

const STATUSES: Readonly<Record<string, OrderStatus>> = {
  New: 'New',
  PartiallyFilled: 'PartiallyFilled',
  Untriggered: 'Untriggered',
  Triggered: 'Triggered',
  Filled: 'Filled',
  Cancelled: 'Cancelled',
  PartiallyFilledCanceled: 'Cancelled', // spot's name for a cancelled order with fills
  Rejected: 'Rejected',
  Deactivated: 'Deactivated',
};

const TIMES_IN_FORCE: Readonly<Record<string, TimeInForce>> = {
  GTC: 'GTC',
  GoodTillCancel: 'GTC', // spellings of 2022
  IOC: 'IOC',
  ImmediateOrCancel: 'IOC',
  FOK: 'FOK',
  FillOrKill: 'FOK',
  PostOnly: 'PostOnly',
  RPI: 'RPI',
};

const TRIGGERS: ReadonlySet<string> = new Set(['LastPrice', 'MarkPrice', 'IndexPrice']);
const TPSL_MODES: ReadonlySet<string> = new Set(['Full', 'Partial']);

/** An order row, open or ended, from `order/realtime`, `order/history` or the stream. */
export function mapOrder(account: AccountId, value: unknown): Order {
  const row = payloadOf(value, 'an order');
  const status = STATUSES[requiredText(row, 'orderStatus')];
  const timeInForce = TIMES_IN_FORCE[requiredText(row, 'timeInForce')];
  const side = oneOf(row, 'side', ORDER_SIDES);
  const type = oneOf(row, 'orderType', ORDER_TYPES);
  if (status === undefined) throw new MalformedRow('an orderStatus that is not known here');
  if (timeInForce === undefined) throw new MalformedRow('a timeInForce that is not known here');
  if (side === null || type === null) throw new MalformedRow('an order without side or type');
  const direction = whole(row, 'triggerDirection');
  const triggerBy = text(row, 'triggerBy');
  const tpslMode = text(row, 'tpslMode');
  return {
    account,
    symbol: requiredText(row, 'symbol'),
    orderId: requiredText(row, 'orderId'),
    orderLinkId: text(row, 'orderLinkId'),
    parentOrderLinkId: text(row, 'parentOrderLinkId'),
    positionIdx: positionIdxOf(row),
    side,
    type,
    timeInForce,
    price: price(row, 'price'),
    quantity: requiredDecimal(row, 'qty'),
    filledQuantity: decimal(row, 'cumExecQty') ?? '0',
    averagePrice: price(row, 'avgPrice'),
    fees: decimal(row, 'cumExecFee'),
    status,
    reduceOnly: flag(row, 'reduceOnly'),
    closeOnTrigger: flag(row, 'closeOnTrigger'),
    stopOrderType: oneOf(row, 'stopOrderType', STOP_ORDER_TYPES),
    triggerPrice: price(row, 'triggerPrice'),
    triggerBy: triggerBy !== null && TRIGGERS.has(triggerBy) ? (triggerBy as TriggerBy) : null,
    triggerDirection: direction === 1 || direction === 2 ? direction : null,
    takeProfit: price(row, 'takeProfit'),
    stopLoss: price(row, 'stopLoss'),
    tpslMode:
      tpslMode !== null && TPSL_MODES.has(tpslMode) ? (tpslMode as 'Full' | 'Partial') : null,
    createType: text(row, 'createType'),
    cancelType: unlessDefault(text(row, 'cancelType'), 'UNKNOWN'),
    rejectReason: unlessDefault(text(row, 'rejectReason'), 'EC_NoError'),
    createdAt: requiredWhole(row, 'createdTime'),
    updatedAt: requiredWhole(row, 'updatedTime'),
  };
}

const unlessDefault = (value: string | null, usual: string): string | null =>
  value === usual ? null : value;
