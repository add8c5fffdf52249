import { type Decimal, minus } from '../../../domain/numbers.ts';

export type Side = 'Buy' | 'Sell';
export type PositionIdx = 0 | 1 | 2;
export type TriggerBy = 'LastPrice' | 'MarkPrice' | 'IndexPrice';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK' | 'PostOnly';
export type OrderStatus =
  | 'New'
  | 'PartiallyFilled'
  | 'Untriggered'
  | 'Triggered'
  | 'Filled'
  | 'Cancelled'
  | 'Deactivated'
  | 'Rejected';
export type StopOrderType =
  | ''
  | 'Stop'
  | 'TakeProfit'
  | 'StopLoss'
  | 'PartialTakeProfit'
  | 'PartialStopLoss'
  | 'TrailingStop';

/** An order as the venue keeps it. Everything here is plain data: it goes into the state file. */
export interface Order {
  orderId: string;
  orderLinkId: string;
  parentOrderLinkId: string;
  symbol: string;
  side: Side;
  positionIdx: PositionIdx;
  orderType: 'Limit' | 'Market';
  /** Limit, or the protective cap of a market order; "0" while a conditional market order waits. */
  price: Decimal;
  qty: Decimal;
  timeInForce: TimeInForce;
  status: OrderStatus;
  stopOrderType: StopOrderType;
  createType: string;
  cancelType: string;
  rejectReason: string;
  filled: Decimal;
  filledValue: Decimal;
  fee: Decimal;
  /** Net of both fees, of the parts that closed something. */
  closedPnl: Decimal;
  triggerPrice: Decimal | '';
  triggerBy: TriggerBy | '';
  triggerDirection: 0 | 1 | 2;
  takeProfit: Decimal | '';
  stopLoss: Decimal | '';
  tpTriggerBy: TriggerBy | '';
  slTriggerBy: TriggerBy | '';
  tpslMode: '' | 'Full' | 'Partial';
  tpLimitPrice: Decimal | '';
  slLimitPrice: Decimal | '';
  reduceOnly: boolean;
  closeOnTrigger: boolean;
  lastPriceOnCreated: Decimal | '';
  /** Distance of a trailing stop; "" for every other order. */
  trail: Decimal | '';
  /** A trailing stop sleeps until this price is reached; "" for none. */
  activePrice: Decimal | '';
  /** The other leg of a TP/SL pair; "" when alone. */
  pairId: string;
  createdTime: number;
  updatedTime: number;
}

export interface Position {
  symbol: string;
  idx: PositionIdx;
  side: Side | '';
  size: Decimal;
  /** Sum of what the open part cost, settle coin. */
  entryValue: Decimal;
  /** Fees paid for opening what is still open. */
  openFee: Decimal;
  leverage: Decimal;
  takeProfit: Decimal | '';
  stopLoss: Decimal | '';
  trailingStop: Decimal;
  addedMargin: Decimal;
  autoAddMargin: 0 | 1;
  curRealised: Decimal;
  cumRealised: Decimal;
  status: 'Normal' | 'Liq' | 'Adl';
  createdTime: number;
  updatedTime: number;
  /** When the present position was opened. */
  openTime: number;
  seq: number;
}

export interface Execution {
  symbol: string;
  orderId: string;
  orderLinkId: string;
  side: Side;
  orderPrice: Decimal;
  orderQty: Decimal;
  leavesQty: Decimal;
  createType: string;
  orderType: 'Limit' | 'Market' | 'UNKNOWN';
  stopOrderType: string;
  execFee: Decimal;
  execId: string;
  execPrice: Decimal;
  execQty: Decimal;
  execType: 'Trade' | 'Funding' | 'BustTrade' | 'AdlTrade' | 'Settle';
  execValue: Decimal;
  execTime: number;
  feeCurrency: string;
  isMaker: boolean;
  feeRate: Decimal;
  markPrice: Decimal;
  closedSize: Decimal;
  execPnl: Decimal;
  seq: number;
}

/** One row per closing order, updated while it fills. */
export interface ClosedPnl {
  symbol: string;
  orderId: string;
  side: Side;
  qty: Decimal;
  orderPrice: Decimal;
  orderType: 'Limit' | 'Market';
  execType: Exclude<Execution['execType'], 'Funding'>;
  closedSize: Decimal;
  entryValue: Decimal;
  exitValue: Decimal;
  closedPnl: Decimal;
  openFee: Decimal;
  closeFee: Decimal;
  fillCount: number;
  leverage: Decimal;
  createdTime: number;
  updatedTime: number;
}

export interface LogRow {
  id: string;
  symbol: string;
  category: '' | 'linear';
  side: Side | 'None';
  transactionTime: number;
  type: 'TRADE' | 'SETTLEMENT' | 'TRANSFER_IN';
  qty: Decimal;
  size: Decimal;
  currency: string;
  tradePrice: Decimal;
  funding: Decimal | '';
  fee: Decimal;
  cashFlow: Decimal;
  change: Decimal;
  cashBalance: Decimal;
  feeRate: Decimal;
  tradeId: string;
  orderId: string;
  orderLinkId: string;
}

export interface CoinBalance {
  walletBalance: Decimal;
  cumRealised: Decimal;
}

export type MarginMode = 'REGULAR_MARGIN' | 'ISOLATED_MARGIN';

/** What an account is to the desk: the first, or one that follows it. */
export type Role = 'main' | 'mirror';

export interface Account {
  /** Its own among all accounts; what the exchange's own calls know it by. */
  name: string;
  role: Role;
  uid: number;
  apiKey: string;
  apiSecret: string;
  marginMode: MarginMode;
  modeUpdatedTime: number;
  coins: Record<string, CoinBalance>;
  /** A limit price beyond the price limit is moved to it; else it is refused. */
  movesPrices: boolean;
  /** Seconds after which a lost connection cancels the orders (DCP); `null` when it is off. */
  dcpSeconds: number | null;
  takerFee: Decimal;
  makerFee: Decimal;
  /** Mode of a settle coin (default one-way), and symbols that differ from it. */
  hedgeCoins: Set<string>;
  hedgeSymbols: Map<string, boolean>;
  positions: Map<string, Position>;
  open: Map<string, Order>;
  openBySymbol: Map<string, Set<Order>>;
  /** Newest last. */
  ended: Order[];
  endedById: Map<string, Order>;
  /** How many of `ended` `/v5/order/realtime` no longer knows (lost on a restart of the venue). */
  forgotten: number;
  /** Every link id ever used: unique for ever (110072). */
  linkIds: Map<string, string>;
  executions: Execution[];
  closedPnl: ClosedPnl[];
  log: LogRow[];
}

export const positionKey = (symbol: string, idx: PositionIdx): string => `${symbol}|${idx}`;

export const opposite = (side: Side): Side => (side === 'Buy' ? 'Sell' : 'Buy');

export function newAccount(
  identity: { name: string; role: Role },
  uid: number,
  keys: { apiKey: string; apiSecret: string },
  at: number,
): Account {
  return {
    ...identity,
    uid,
    ...keys,
    marginMode: 'REGULAR_MARGIN',
    modeUpdatedTime: at,
    coins: { USDT: { walletBalance: '0', cumRealised: '0' } },
    movesPrices: true,
    dcpSeconds: null,
    takerFee: '0.00055',
    makerFee: '0.0002',
    hedgeCoins: new Set(),
    hedgeSymbols: new Map(),
    positions: new Map(),
    open: new Map(),
    openBySymbol: new Map(),
    ended: [],
    endedById: new Map(),
    forgotten: 0,
    linkIds: new Map(),
    executions: [],
    closedPnl: [],
    log: [],
  };
}

export const isWaiting = (order: Order): boolean => order.status === 'Untriggered';

export const isLive = (order: Order): boolean =>
  order.status === 'New' || order.status === 'PartiallyFilled';

const endings = new Set<OrderStatus>(['Filled', 'Cancelled', 'Deactivated', 'Rejected']);

/** What of an order may still fill. */
export const leavesOf = (order: Order): Decimal =>
  endings.has(order.status) ? '0' : minus(order.qty, order.filled);
