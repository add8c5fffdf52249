import type { AccountId } from '../domain/account.ts';
import type { FeeRate, Instrument } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Position, PositionIdx } from '../domain/position.ts';
import type { Read, Source } from '../domain/read.ts';
import type { SetAside } from '../domain/set-aside.ts';
import type { Gateway, GatewayEvent, MarketEvent, StreamState } from '../exchange/gateway.ts';
import type { CacheChange, Place } from './change.ts';
import type { CacheState } from './counters.ts';
import type { Facts, FactsRead, Sight } from './facts.ts';
import type { AccountKind, AccountRows, CacheSettings, SharedKind, SharedRows } from './kinds.ts';
import type { HeldTicker } from './shared-cache.ts';

/** What is held of a kind, with its freshness; never a call to the venue. */
export interface Held<T> {
  rows: readonly T[];
  /** When it was last proved true, ms; `null` when it never was. */
  asOf: number | null;
  ageMs: number | null;
  source: Source | null;
  /** Kept true by the ready stream. */
  confirmed: boolean;
  /** Confirmed by the stream or within its TTL. When false, `rows` are only what was known last. */
  fresh: boolean;
  /** Why the latest read failed; `null` when it did not. */
  reason: string | null;
}

/** One position and its orders as far as they are known; never a call to the venue. */
export interface Look {
  /** False when positions or orders are too old, or their symbol is set aside: nothing is concluded (P18, P19). */
  known: boolean;
  /** `null` when flat. */
  position: Position | null;
  /** The flat row that ended it, when the venue sent one. */
  flat: Position | null;
  orders: readonly Order[];
  /** Grows whenever any of this changes: the same version, the same rows. */
  version: number;
  /** When the positions were last proved true, ms. */
  asOf: number;
  /** When all positions were last told together, by a snapshot or a read, ms. */
  wholeAsOf: number;
  /** When the account's executions were last told whole, ms; 0 when they never were. */
  executionsAsOf: number;
  source: Source;
  /** Kept true by the ready stream. */
  confirmed: boolean;
}

/** How an account's link to the venue is. */
export interface LinkState {
  stream: StreamState;
  streamReason: string | null;
  /** Why reads fail now; `null` when they work as far as is known. */
  restTrouble: string | null;
}

/**
 * What is known of the accounts and how fresh it is. Answers looking; writing rests on `facts`.
 * Every question names its account (P01); an account that was not given throws NOT_FOUND.
 */
export interface Cache {
  readonly accounts: readonly AccountId[];

  /** Takes in what a gateway or the market tells. To be passed every event, in order. */
  take(account: AccountId, event: GatewayEvent): void;
  takeMarket(event: MarketEvent): void;
  /** Tells of every change, whoever told it to the cache. Returns the way to stop. */
  subscribe(listener: (change: CacheChange) => void): () => void;

  /** From what is held when that is fresh, else from one bulk read that all callers share. */
  read<K extends AccountKind>(account: AccountId, kind: K): Promise<Read<AccountRows[K]>>;
  readShared<K extends SharedKind>(kind: K): Promise<Read<SharedRows[K]>>;

  /** What is held, with its age. Not counted: for showing what is known, several times a second. */
  held<K extends AccountKind>(account: AccountId, kind: K): Held<AccountRows[K]>;
  /** One position with its orders: two answered questions when it is known. */
  look(at: { account: AccountId; symbol: string; positionIdx: PositionIdx }): Look;
  /** Whether positions and orders are fresh enough to be looked at. Not counted. */
  isKnown(account: AccountId): boolean;
  /** What is held without counting as a question: prices, rules, fees, single rows. */
  ticker(symbol: string): HeldTicker | null;
  instrument(symbol: string): Instrument | null;
  feeRate(account: AccountId, symbol: string): FeeRate | null;
  positionAt(place: Place): Position | null;
  ordersAt(place: Place): readonly Order[];
  endedOrder(account: AccountId, orderId: string): Order | null;
  /** Why nothing is concluded or sent about a symbol; `null` when it is understood. */
  setAsideOf(at: { account: AccountId; symbol: string }): SetAside | null;
  allSetAside(account: AccountId): readonly SetAside[];
  /** Why prices or trading rules of a contract are not to be had, as a sentence; `null` when they are. */
  contractTrouble(symbol: string): string | null;
  /** Where there is a position or an open order, each place once. */
  places(): Place[];
  link(account: AccountId): LinkState;

  /** Of one place, as `look` tells it. Not counted. */
  version(place: Place): number;
  /** What is held of a symbol. Not counted. */
  sight(account: AccountId, symbol: string): Sight;
  /** Facts fit to rest a write on (P47): the ready stream's, or read for that purpose. */
  facts(account: AccountId, symbol: string): Promise<FactsRead>;
  /** The ready stream's, without asking anything; `null` where it does not keep them true. */
  factsNow(account: AccountId, symbol: string): Facts | null;
  /** A ticker told or read no longer than `ms` ago, asked for where need be; `null` when it is not to be had. */
  freshTicker(symbol: string, ms: number): Promise<HeldTicker | null>;

  /**
   * Reads in bulk what is due, every account in parallel. Resolves, to their number, once what monitors
   * are judged by is read; prices, fee rates and trading rules follow.
   */
  refreshDue(): Promise<number>;
  /** Asks the venue about one symbol's legs, or one order wherever it is; what it says goes into the book. */
  askPosition(account: AccountId, symbol: string): Promise<Read<Position>>;
  askOrder(account: AccountId, by: Parameters<Gateway['order']>[0]): Promise<Read<Order>>;
  /** Reads positions whole and executions now, whatever is held: a second look at what seems gone. */
  lookAgain(account: AccountId): Promise<void>;
  /** What is held is no longer good for an answer. Returns how many entries that were. */
  invalidate(account?: AccountId, kind?: string): number;
  /** To be told after every write: without the stream, what is held may be out of date. */
  afterWrite(account: AccountId): void;
  /** Compares everything held with the venue; counts the rows that differ. */
  sweep(): Promise<{ differences: number; unknown: { account: AccountId; reason: string }[] }>;

  statistics(): CacheState;
  /** REST requests made so far, by endpoint, all accounts together. */
  requests(): number;
  /** Questions answered from what is held, so far. */
  answers(): number;
  configure(settings: CacheSettings): void;
  /** Starts the clean-up and the sweeps. */
  start(): void;
  stop(): void;
}
