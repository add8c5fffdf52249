import type { AccountId } from '../../domain/account.ts';
import type { Execution, ExecutionType } from '../../domain/execution.ts';
import {
  decimal,
  flag,
  oneOf,
  payloadOf,
  price,
  requiredDecimal,
  requiredText,
  requiredWhole,
  text,
  whole,
} from './fields.ts';
import { ORDER_SIDES, ORDER_TYPES, STOP_ORDER_TYPES } from './map-order.ts';

const TYPES: ReadonlySet<ExecutionType> = new Set([
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
]);

/**
 * An execution row, from `execution/list` or the stream. A row without `execType` is a trade (the
 * fast topic sends nothing else). Funding has no order type, and a fee that is positive when paid.
 */
export function mapExecution(account: AccountId, value: unknown): Execution {
  const row = payloadOf(value, 'an execution');
  return {
    account,
    symbol: requiredText(row, 'symbol'),
    execId: requiredText(row, 'execId'),
    orderId: requiredText(row, 'orderId'),
    orderLinkId: text(row, 'orderLinkId'),
    type: oneOf(row, 'execType', TYPES) ?? 'Trade',
    side: oneOf(row, 'side', ORDER_SIDES),
    orderType: oneOf(row, 'orderType', ORDER_TYPES),
    stopOrderType: oneOf(row, 'stopOrderType', STOP_ORDER_TYPES),
    createType: text(row, 'createType'),
    price: requiredDecimal(row, 'execPrice'),
    quantity: requiredDecimal(row, 'execQty'),
    value: decimal(row, 'execValue'),
    fee: decimal(row, 'execFee'),
    feeRate: decimal(row, 'feeRate'),
    feeCurrency: text(row, 'feeCurrency'),
    isMaker: flag(row, 'isMaker'),
    orderPrice: price(row, 'orderPrice'),
    orderQuantity: decimal(row, 'orderQty'),
    leavesQuantity: decimal(row, 'leavesQty'),
    closedSize: decimal(row, 'closedSize'),
    pnl: decimal(row, 'execPnl'),
    markPrice: price(row, 'markPrice'),
    executedAt: requiredWhole(row, 'execTime'),
    seq: whole(row, 'seq'),
  };
}

export const oldestFirst = (a: Execution, b: Execution): number =>
  a.executedAt - b.executedAt || (a.seq ?? 0) - (b.seq ?? 0);
