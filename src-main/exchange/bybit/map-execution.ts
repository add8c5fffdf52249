import type { AccountId } from '../../domain/account.ts';
import type { Execution, ExecutionType } from '../../domain/execution.ts';
import { type Decimal, plus, readDecimal } from '../../domain/numbers.ts';
import type { OrderSide } from '../../domain/order.ts';
import {
  asWritten,
  deciding,
  decimal,
  describing,
  figure,
  type Payload,
  payloadOf,
  requiredDecimal,
  requiredSymbol,
  requiredText,
  requiredWhole,
  shownPrice,
  text,
  whole,
  word,
} from './fields.ts';
import { ORDER_TYPES, STOP_ORDER_TYPES } from './map-order.ts';

const TYPES = asWritten<ExecutionType>(
  'Trade',
  'Funding',
  'AdlTrade',
  'BustTrade',
  'Settle',
  'Delivery',
  'BlockTrade',
  'MovePosition',
  'CorporateAction',
  'FutureSpread',
);
/** A row that bears no side, as some of funding do. */
const SIDES: Readonly<Record<string, OrderSide | null>> = {
  ...asWritten<OrderSide>('Buy', 'Sell'),
  UNKNOWN: null,
  None: null,
};

/**
 * An execution row, from `execution/list` or the stream. A row without `execType` is a trade (the
 * fast topic sends nothing else). Funding has no order type, and a fee that is positive when paid.
 */
export function mapExecution(account: AccountId, value: unknown): Execution {
  const row = payloadOf(value, 'an execution');
  const described = describing(row);
  return {
    account,
    symbol: requiredSymbol(row),
    execId: requiredText(row, 'execId'),
    orderId: requiredText(row, 'orderId'),
    orderLinkId: text(row, 'orderLinkId'),
    type: described.field('execType', TYPES) ?? 'Trade',
    side: text(row, 'side') === null ? null : deciding(row, 'side', SIDES),
    orderType: described.field('orderType', ORDER_TYPES),
    stopOrderType: described.field('stopOrderType', STOP_ORDER_TYPES),
    createType: word(row, 'createType'),
    price: requiredDecimal(row, 'execPrice'),
    quantity: requiredDecimal(row, 'execQty'),
    value: figure(row, 'execValue'),
    fee: withExtras(decimal(row, 'execFee'), row['extraFees']),
    feeRate: figure(row, 'feeRate'),
    feeCurrency: word(row, 'feeCurrency'),
    isMaker: row['isMaker'] === true,
    orderPrice: shownPrice(row, 'orderPrice'),
    orderQuantity: decimal(row, 'orderQty'),
    leavesQuantity: decimal(row, 'leavesQty'),
    closedSize: decimal(row, 'closedSize'),
    pnl: decimal(row, 'execPnl'),
    markPrice: shownPrice(row, 'markPrice'),
    executedAt: requiredWhole(row, 'execTime'),
    seq: whole(row, 'seq'),
    ...described.others(),
  };
}

/**
 * The fee with the taxes on it. `extraFees` is `""`, a list of `{fee, feeCoin, feeType, ...}`, one of
 * them alone, or the same as JSON text; what cannot be read makes the fee unknown, never smaller.
 */
function withExtras(fee: Decimal | null, extras: unknown): Decimal | null {
  if (extras === undefined || extras === null || extras === '') return fee;
  if (typeof extras === 'string') {
    try {
      return withExtras(fee, JSON.parse(extras));
    } catch {
      return null;
    }
  }
  let total = fee;
  for (const extra of Array.isArray(extras) ? extras : [extras]) {
    const one = readDecimal((extra as Payload | null)?.['fee']);
    if (total === null || one === null) return null;
    total = plus(total, one);
  }
  return total;
}

export const oldestFirst = (a: Execution, b: Execution): number =>
  a.executedAt - b.executedAt || (a.seq ?? 0) - (b.seq ?? 0);
