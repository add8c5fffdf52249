import type { AccountId } from '../../domain/account.ts';
import { type Decimal, less } from '../../domain/numbers.ts';
import {
  hasEnded,
  type Order,
  type OrderSide,
  type OrderStatus,
  type StopOrderType,
  type TimeInForce,
  type TriggerBy,
} from '../../domain/order.ts';
import {
  asWritten,
  deciding,
  decimal,
  describing,
  figure,
  flag,
  malformedField,
  type Payload,
  payloadOf,
  price,
  requiredDecimal,
  requiredFlag,
  requiredSymbol,
  requiredText,
  requiredWhole,
  shownPrice,
  text,
  whole,
  word,
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

/** Of these nothing has been filled; the others name how much. */
const UNFILLED: ReadonlySet<OrderStatus> = new Set([
  'New',
  'Untriggered',
  'Rejected',
  'Deactivated',
]);

const TIMES_IN_FORCE: Readonly<Record<string, TimeInForce>> = {
  ...asWritten<TimeInForce>('GTC', 'IOC', 'FOK', 'PostOnly', 'RPI'),
  GoodTillCancel: 'GTC', // spellings of 2022
  ImmediateOrCancel: 'IOC',
  FillOrKill: 'FOK',
};

const TRIGGERS = asWritten<TriggerBy>('LastPrice', 'MarkPrice', 'IndexPrice');
const TPSL_MODES = asWritten<'Full' | 'Partial'>('Full', 'Partial');

/**
 * An order row, open or ended, from `order/realtime`, `order/history` or the stream. Side, status, position
 * index, quantities, what it only closes and the prices at which it acts decide; order type, time in force,
 * the kind of stop and the amounts only describe.
 */
export function mapOrder(account: AccountId, value: unknown): Order {
  const row = payloadOf(value, 'an order');
  const described = describing(row);
  const direction = whole(row, 'triggerDirection');
  const triggerBy = described.field('triggerBy', TRIGGERS);
  const tpslMode = described.field('tpslMode', TPSL_MODES);
  const filled = decimal(row, 'cumExecQty') === null ? null : notNegative(row, 'cumExecQty');
  const order: Order = {
    account,
    symbol: requiredSymbol(row),
    orderId: requiredText(row, 'orderId'),
    orderLinkId: text(row, 'orderLinkId'),
    parentOrderLinkId: word(row, 'parentOrderLinkId'),
    positionIdx: positionIdxOf(row),
    side: deciding(row, 'side', SIDES),
    type: described.field('orderType', ORDER_TYPES) ?? 'other',
    timeInForce: described.field('timeInForce', TIMES_IN_FORCE) ?? 'other',
    price: price(row, 'price'),
    quantity: notNegative(row, 'qty'),
    filledQuantity: filled ?? '0',
    averagePrice: shownPrice(row, 'avgPrice'),
    fees: figure(row, 'cumExecFee'),
    status: deciding(row, 'orderStatus', STATUSES),
    reduceOnly: requiredFlag(row, 'reduceOnly'),
    closeOnTrigger: flag(row, 'closeOnTrigger'),
    stopOrderType: described.field('stopOrderType', STOP_ORDER_TYPES),
    triggerPrice: price(row, 'triggerPrice'),
    triggerBy: triggerBy === 'other' ? null : triggerBy,
    triggerDirection: direction === 1 || direction === 2 ? direction : null,
    takeProfit: price(row, 'takeProfit'),
    stopLoss: price(row, 'stopLoss'),
    tpslMode: tpslMode === 'other' ? null : tpslMode,
    createType: word(row, 'createType'),
    cancelType: unlessDefault(word(row, 'cancelType'), 'UNKNOWN'),
    rejectReason: unlessDefault(word(row, 'rejectReason'), 'EC_NoError'),
    createdAt: requiredWhole(row, 'createdTime'),
    updatedAt: requiredWhole(row, 'updatedTime'),
    ...described.others(),
  };
  if (filled === null && !UNFILLED.has(order.status)) throw malformedField(row, 'cumExecQty');
  if (hasEnded(order)) return order;
  // What is open acts at a price, but for a trailing stop that is not active yet.
  if (order.type === 'Limit' && order.price === null) throw malformedField(row, 'price');
  const waits = order.status === 'Untriggered' && order.stopOrderType !== 'TrailingStop';
  if (waits && order.triggerPrice === null) throw malformedField(row, 'triggerPrice');
  return order;
}

function notNegative(row: Payload, name: string): Decimal {
  const value = requiredDecimal(row, name);
  if (less(value, '0')) throw malformedField(row, name);
  return value;
}

const unlessDefault = (value: string | null, usual: string): string | null =>
  value === usual ? null : value;
