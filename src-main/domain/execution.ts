import type { AccountId } from './account.ts';
import type { Decimal } from './numbers.ts';
import type { Order, OrderSide, Others, StopOrderType } from './order.ts';

export type ExecutionType =
  | 'Trade'
  | 'Funding'
  | 'AdlTrade'
  | 'BustTrade'
  | 'Settle'
  | 'Delivery'
  | 'BlockTrade'
  | 'MovePosition'
  | 'CorporateAction'
  | 'FutureSpread'
  /** Not known here, so never taken for a trade. */
  | 'other';

/** One fill or funding payment. Unique by account + symbol + execId. */
export interface Execution {
  account: AccountId;
  symbol: string;
  execId: string;
  orderId: string;
  orderLinkId: string | null;
  type: ExecutionType;
  side: OrderSide | null;
  orderType: Order['type'] | null;
  stopOrderType: StopOrderType | null;
  createType: string | null;
  price: Decimal;
  quantity: Decimal;
  value: Decimal | null;
  /** Quote currency, extra fees (taxes) included; positive is paid. `null` when it cannot be told. */
  fee: Decimal | null;
  feeRate: Decimal | null;
  feeCurrency: string | null;
  isMaker: boolean;
  orderPrice: Decimal | null;
  orderQuantity: Decimal | null;
  /** What the order still had open after this fill. */
  leavesQuantity: Decimal | null;
  /** The part that reduced the position; `"0"` for an opening fill. */
  closedSize: Decimal | null;
  /** Price P&L of the closed part, where the stream gives it. */
  pnl: Decimal | null;
  markPrice: Decimal | null;
  /** ms since 1970 UTC. */
  executedAt: number;
  seq: number | null;
  others?: Others;
}
