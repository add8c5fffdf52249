import type { StreamState } from '../../src-preload/contract/words.ts';
import type { AccountId } from '../domain/account.ts';
import type { Execution } from '../domain/execution.ts';
import type { FeeRate, Instrument, Ticker } from '../domain/instrument.ts';
import type { Decimal } from '../domain/numbers.ts';
import type { Order, OrderSide, TimeInForce, TriggerBy } from '../domain/order.ts';
import type { Position, PositionIdx } from '../domain/position.ts';
import type { Read } from '../domain/read.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { AccountBook } from './account-book.ts';

export type { StreamState };

/** What the gateway tells its one listener. Rows are whole, already de-duplicated and only ever newer. */
export type GatewayEvent =
  /** Everything, read after a (re)connect; `executions` are those not seen before, oldest first. */
  | {
      kind: 'snapshot';
      positions: Position[];
      orders: Order[];
      /** `null` where what the venue says of it may be from before what is known, or is not understood. */
      wallet: Wallet | null;
      /** Whether the wallet is known for certain; else a `wallet` event says when it is. */
      walletIsCertain: boolean;
      executions: Execution[];
      asOf: number;
    }
  /** Positions that changed; a flat one has `side: null`. */
  | { kind: 'positions'; rows: Position[]; asOf: number }
  /** Orders that changed, ended ones included. */
  | { kind: 'orders'; rows: Order[]; asOf: number }
  /** New executions, each exactly once, oldest first. */
  | { kind: 'executions'; rows: Execution[]; asOf: number }
  /** The merged wallet; `isCertain` when it was read, too, and nothing from before that can come any more. */
  | { kind: 'wallet'; wallet: Wallet; isCertain: boolean; asOf: number }
  /** Symbols were set aside or are understood again: the book says which. */
  | { kind: 'set-aside'; asOf: number }
  | { kind: 'stream'; state: StreamState; reason: string | null; asOf: number };

export interface NewOrder {
  symbol: string;
  positionIdx: PositionIdx;
  side: OrderSide;
  type: 'Market' | 'Limit';
  quantity: Decimal;
  price?: Decimal;
  timeInForce?: TimeInForce;
  reduceOnly?: boolean;
  closeOnTrigger?: boolean;
  triggerPrice?: Decimal;
  triggerBy?: TriggerBy;
  triggerDirection?: 1 | 2;
  /** Full stop of the position once this order executes. */
  stopLoss?: Decimal;
  /** <= 36 characters of A-Z a-z 0-9 _ -; derived from the intent: one intent, one id (P30). */
  orderLinkId: string;
}

export interface AmendOrder {
  symbol: string;
  orderId: string;
  quantity?: Decimal;
  price?: Decimal;
  triggerPrice?: Decimal;
  triggerBy?: TriggerBy;
  /** Full stop of the position once this order executes; `"0"` takes it away. */
  stopLoss?: Decimal;
}

export interface TradingStop {
  symbol: string;
  positionIdx: PositionIdx;
  /** `"0"` removes it. */
  stopLoss?: Decimal;
  takeProfit?: Decimal;
  /** Distance in the quote currency. */
  trailingStop?: Decimal;
  /** The trailing stop sleeps until this price; from now on where it is left out. */
  activePrice?: Decimal;
  triggerBy?: TriggerBy;
}

/**
 * What a refusal means to whoever wants the write. `passing`: the same may be taken later. `lasting`: not
 * before something else is another. `unamendable`: this order cannot be changed. `gone`: what it is about is
 * not there any more. `spent`: an order of this link id has been and ended.
 */
export type Refusal = 'passing' | 'lasting' | 'unamendable' | 'gone' | 'spent';

/**
 * How a write ended, as far as the answer tells: `accepted` is an acknowledgement, not an effect;
 * `already` means the wanted state was there before; `unknown` must be asked about, never resent.
 */
export type WriteResult =
  | { state: 'accepted' | 'already'; orderId: string | null }
  | { state: 'refused'; code: number; reason: string; because: Refusal }
  | { state: 'unknown'; reason: string };

/** Who goes first when the budget is short. */
export type Lane = 'protect' | 'cancel' | 'manual' | 'read';

/** What a key may do, each finding with its own sentence. */
export interface KeyCheck {
  /** The Bybit account the key belongs to; absent where the venue does not say. */
  userId?: string;
  readOnly: boolean;
  canTrade: boolean;
  canWithdraw: boolean;
  boundToIp: boolean;
  /** ms since 1970 UTC, `null` when it does not expire. */
  expiresAt: number | null;
  /** Plain sentences for the operator; empty when nothing stands out. */
  findings: string[];
}

export interface BreakerStatus {
  kind: string;
  state: 'closed' | 'open' | 'half-open';
  since: number;
}

export interface GatewayStatus {
  stream: StreamState;
  streamReason: string | null;
  /** Venue clock minus ours, ms; `null` until measured. */
  clockOffsetMs: number | null;
  /** Half the round trip of the best sample, ms: how far the offset may be off. */
  clockUncertaintyMs: number | null;
  /** False when signing is blocked because the clock cannot be trusted. */
  clockTrusted: boolean;
  /** Remaining share of the tightest rate budget, 0 to 1. */
  budgetFree: number;
  breakers: BreakerStatus[];
  /** ms; HTTP is stopped until then (403), `null` when it is not. */
  stoppedUntil: number | null;
  /** Requests sent since start, by endpoint path. */
  requests: Record<string, number>;
}

/**
 * One account's line to the venue. The only thing that talks to it. What it cannot understand of a symbol
 * sets that symbol aside in the book: reads give no row of it, and writes about it are refused, whoever
 * wants them.
 */
export interface Gateway {
  readonly account: AccountId;
  /** What is known of the account: the only place its rows are kept in. */
  readonly book: AccountBook;
  /** Opens the stream and keeps it open until `stop`. Events go to the listener given at creation. */
  start(): void;
  stop(): Promise<void>;
  /** Makes the stream anew and reads the account with it: it was found not to tell everything. */
  resync(reason: string): void;
  status(): GatewayStatus;

  /**
   * All open positions of the account, every page, or `unknown`. `open and held`: and the flat row of
   * each that the book holds and no list names, asked for by its name.
   */
  positions(which?: 'open' | 'open and held'): Promise<Read<Position>>;
  /** One position (both legs in hedge mode), flat ones included. */
  position(symbol: string): Promise<Read<Position>>;
  /**
   * All open orders, both order filters, every page, or `unknown`. `in use` leaves out a settle coin in
   * which the book holds neither position nor order.
   */
  openOrders(which?: 'all' | 'in use'): Promise<Read<Order>>;
  /** One order by id or link id, wherever it is: open, ended, history (P65). `empty`: never existed. */
  order(by: { symbol: string; orderId?: string; orderLinkId?: string }): Promise<Read<Order>>;
  /** Executions since `since` (ms), oldest first. */
  executions(since: number): Promise<Read<Execution>>;
  wallet(): Promise<Read<Wallet>>;
  feeRates(): Promise<Read<FeeRate>>;
  checkKey(): Promise<Read<KeyCheck>>;

  place(order: NewOrder, lane: Lane): Promise<WriteResult>;
  amend(change: AmendOrder, lane: Lane): Promise<WriteResult>;
  cancel(order: { symbol: string; orderId: string }, lane: Lane): Promise<WriteResult>;
  setTradingStop(stop: TradingStop, lane: Lane): Promise<WriteResult>;
}

/** Public data, shared by the accounts of one venue. */
export interface Market {
  start(): void;
  stop(): Promise<void>;
  instruments(): Promise<Read<Instrument>>;
  tickers(): Promise<Read<Ticker>>;
  /** The symbols whose tickers are streamed from now on; replaces the set before. */
  watch(symbols: ReadonlySet<string>): void;
}

/** Merged tickers that changed, or a change of the public stream's state. */
export type MarketEvent =
  | { kind: 'tickers'; rows: Ticker[]; asOf: number }
  /** Why the prices of a contract are not to be had; `null` when they are again. */
  | { kind: 'prices'; symbol: string; trouble: string | null; asOf: number }
  | { kind: 'stream'; state: StreamState; reason: string | null; asOf: number };

/** Where an account is and how to sign for it. The secret stays in this process and is never logged. */
export interface Line {
  account: AccountId;
  restUrl: string;
  wsPrivateUrl: string;
  wsPublicUrl: string;
  apiKey: string;
  apiSecret: string;
}
