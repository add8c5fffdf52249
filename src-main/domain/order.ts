import type { OrderSide } from '../../src-preload/contract/words.ts';
import type { AccountId } from './account.ts';
import type { Decimal } from './numbers.ts';
import type { PositionIdx } from './position.ts';

export type { OrderSide };

export type OrderStatus =
  | 'New'
  | 'PartiallyFilled'
  | 'Untriggered'
  | 'Triggered'
  | 'Filled'
  | 'Cancelled'
  | 'Rejected'
  | 'Deactivated';

export type StopOrderType =
  | 'TakeProfit'
  | 'StopLoss'
  | 'TrailingStop'
  | 'Stop'
  | 'PartialTakeProfit'
  | 'PartialStopLoss'
  | 'MmRateClose'
  /** Spot only; seen in recordings. */
  | 'tpslOrder'
  | 'OcoOrder'
  | 'BidirectionalTpslOrder'
  /** A kind nobody here knows: it protects nothing and is never touched. */
  | 'other';

export type TriggerBy = 'LastPrice' | 'MarkPrice' | 'IndexPrice';

export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'PostOnly' | 'RPI';

/**
 * What the venue wrote in fields whose value nobody here knows, by the venue's name of the field. Such
 * a field only describes; it reads `other`. One that decides makes the row unreadable instead.
 */
export type Others = Readonly<Record<string, string>>;

/** One order of one account, open or ended. Prices in quote currency, quantities in base. */
export interface Order {
  account: AccountId;
  symbol: string;
  orderId: string;
  /** `null` when the order was made without one. */
  orderLinkId: string | null;
  /** The link id of the order whose TP/SL this is, when the venue names it. */
  parentOrderLinkId: string | null;
  positionIdx: PositionIdx;
  side: OrderSide;
  type: 'Market' | 'Limit' | 'other';
  timeInForce: TimeInForce | 'other';
  /** Limit price; for a market order the venue's protective cap, `null` when it names none. */
  price: Decimal | null;
  quantity: Decimal;
  /** Cumulative, as the venue totals it (P13). */
  filledQuantity: Decimal;
  averagePrice: Decimal | null;
  fees: Decimal | null;
  status: OrderStatus;
  reduceOnly: boolean;
  closeOnTrigger: boolean;
  stopOrderType: StopOrderType | null;
  triggerPrice: Decimal | null;
  triggerBy: TriggerBy | null;
  /** 1 triggers on a rise to the price, 2 on a fall; `null` when not conditional. */
  triggerDirection: 1 | 2 | null;
  takeProfit: Decimal | null;
  stopLoss: Decimal | null;
  tpslMode: 'Full' | 'Partial' | null;
  createType: string | null;
  cancelType: string | null;
  rejectReason: string | null;
  /** ms since 1970 UTC. */
  createdAt: number;
  updatedAt: number;
  others?: Others;
}

const ENDED: ReadonlySet<OrderStatus> = new Set(['Filled', 'Cancelled', 'Rejected', 'Deactivated']);

/** True once no further fill can come. `Triggered` is a passing state on the way to `New`. */
export const hasEnded = (order: Pick<Order, 'status'>): boolean => ENDED.has(order.status);

/** What Holdfast placed is told by its link id. */
export const OWN_LINK = 'hf-';

export const isOwnLink = (linkId: string | null): boolean => linkId?.startsWith(OWN_LINK) ?? false;
