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
  asWritten,
  deciding,
  decimal,
  describing,
  flag,
  payloadOf,
  price,
  requiredDecimal,
  requiredText,
  requiredWhole,
  text,
  whole,
} from './fields.ts';
import { positionIdxOf } from './map-position.ts';

const SIDES = asWritten<OrderSide>('Buy', 'Sell');
export const ORDER_TYPES = asWritten<'Market' | 'Limit'>('Market', 'Limit');

export const STOP_ORDER_TYPES = asWritten<StopOrderType>(
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
);

const STATUSES: Readonly<Record<string, OrderStatus>> = {
  ...asWritten<OrderStatus>(
    'New',
    'PartiallyFilled',
    'Untriggered',
    'Triggered',
    'Filled',
    'Cancelled',
    'Rejected',
    'Deactivated',
  ),
  PartiallyFilledCanceled: 'Cancelled', // spot's name for a cancelled order with fills
};

const TIMES_IN_FORCE: Readonly<Record<string, TimeInForce>> = {
  ...asWritten<TimeInForce>('GTC', 'IOC', 'FOK', 'PostOnly', 'RPI'),
  GoodTillCancel: 'GTC', // spellings of 2022
  ImmediateOrCancel: 'IOC',
  FillOrKill: 'FOK',
};

const TRIGGERS: ReadonlySet<string> = new Set(['LastPrice', 'MarkPrice', 'IndexPrice']);
const TPSL_MODES: ReadonlySet<string> = new Set(['Full', 'Partial']);

/**
 * An order row, open or ended, from `order/realtime`, `order/history` or the stream. Side, status and
 * position index decide; order type, time in force and the kind of stop only describe.
 */
export function mapOrder(account: AccountId, value: unknown): Order {
  const row = payloadOf(value, 'an order');
  const described = describing(row);
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
    side: deciding(row, 'side', SIDES),
    type: described.field('orderType', ORDER_TYPES) ?? 'other',
    timeInForce: described.field('timeInForce', TIMES_IN_FORCE) ?? 'other',
    price: price(row, 'price'),
    quantity: requiredDecimal(row, 'qty'),
    filledQuantity: decimal(row, 'cumExecQty') ?? '0',
    averagePrice: price(row, 'avgPrice'),
    fees: decimal(row, 'cumExecFee'),
    status: deciding(row, 'orderStatus', STATUSES),
    reduceOnly: flag(row, 'reduceOnly'),
    closeOnTrigger: flag(row, 'closeOnTrigger'),
    stopOrderType: described.field('stopOrderType', STOP_ORDER_TYPES),
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
    ...described.others(),
  };
}

const unlessDefault = (value: string | null, usual: string): string | null =>
  value === usual ? null : value;
