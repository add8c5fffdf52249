import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import type { Instrument, Ticker } from '../domain/instrument.ts';
import { type Read, rowsOf } from '../domain/read.ts';
import type { Market, MarketEvent, StreamState } from '../exchange/gateway.ts';
import type { CacheChange } from './change.ts';
import { SHARED } from './counters.ts';
import type { CacheSettings, SharedKind, SharedRows } from './kinds.ts';
import { type ReadOutcome, Slot } from './slot.ts';

/** Latest prices of one contract and when they were told, ms. */
export interface HeldTicker {
  ticker: Ticker;
  asOf: number;
}

/** Contracts of these can be traded. */
const TRADED: ReadonlySet<string> = new Set(['Trading', 'PreLaunch', 'PendingOpen']);

/** What the accounts share: prices and trading rules. */
export class SharedCache {
  readonly tickers = new Map<string, HeldTicker>();
  readonly instruments = new Map<string, Instrument>();
  /** By symbol, why its prices or its trading rules are not to be had. */
  readonly #troubles = {
    prices: new Map<string, string>(),
    instruments: new Map<string, string>(),
  };
  readonly slots: Readonly<Record<SharedKind, Slot>>;
  stream: StreamState = 'off';
  readonly #market: Market;
  readonly #clock: Clock;
  readonly #notify: (change: CacheChange) => void;
  readonly #calls = { tickers: 0, instruments: 0 };
  #session = 0;
  #watched: ReadonlySet<string> = new Set();

  constructor(options: {
    market: Market;
    clock: Clock;
    settings: () => CacheSettings;
    notify: (change: CacheChange) => void;
  }) {
    const { market, clock, settings } = options;
    this.#market = market;
    this.#clock = clock;
    this.#notify = options.notify;
    const slot = <K extends SharedKind>(kind: K, ask: () => Promise<Read<SharedRows[K]>>): Slot =>
      new Slot({
        account: SHARED,
        kind,
        clock,
        settings,
        session: () => (kind === 'tickers' && this.stream === 'ready' ? this.#session : null),
        arriving: () => false,
        calls: () => this.#calls[kind],
        read: (slot) => this.#read(kind, slot, ask),
      });
    this.slots = {
      tickers: slot('tickers', () => market.tickers()),
      instruments: slot('instruments', () => market.instruments()),
    };
  }

  take(event: MarketEvent): void {
    if (event.kind === 'stream') {
      if (this.stream === 'ready' && event.state !== 'ready') this.#session += 1;
      this.stream = event.state;
      this.#notify({ kind: 'stream', account: null, state: event.state });
      return;
    }
    if (event.kind === 'prices') {
      const { symbol, trouble } = event;
      if (trouble === null) this.#troubles.prices.delete(symbol);
      else this.#troubles.prices.set(symbol, trouble);
      // A price from before is not the price of now.
      if (trouble !== null) this.tickers.delete(symbol);
      this.#notify({ kind: 'tickers', symbols: [symbol] });
      return;
    }
    const now = this.#clock.now();
    this.#takeTickers(event.rows, now);
    // The public stream tells each watched contract whole when it (re)opens.
    this.slots.tickers.prove(now, 'stream', this.stream === 'ready' ? this.#session : null);
  }

  /** Streams the prices of these contracts from now on. */
  watch(symbols: ReadonlySet<string>): void {
    if (symbols.size === this.#watched.size && symbols.isSubsetOf(this.#watched)) return;
    this.#watched = symbols;
    this.#market.watch(symbols);
  }

  /** See `Cache.freshTicker`. */
  async freshTicker(symbol: string, ms: number): Promise<HeldTicker | null> {
    const held = (): HeldTicker | null => {
      const ticker = this.tickers.get(symbol);
      return ticker && this.#clock.now() - ticker.asOf <= ms ? ticker : null;
    };
    const before = held();
    if (before) return before;
    if (!this.slots.tickers.resting) await this.slots.tickers.refresh();
    return held();
  }

  /** See `Cache.contractTrouble`. */
  troubleOf(symbol: string): string | null {
    const { prices, instruments } = this.#troubles;
    const told = prices.get(symbol) ?? instruments.get(symbol);
    if (told !== undefined) return told;
    const status = this.instruments.get(symbol)?.status;
    return status === undefined || TRADED.has(status)
      ? null
      : `Bybit does not trade ${symbol} as usual any more (${status}). Look at it on Bybit.`;
  }

  isWatched(symbol: string): boolean {
    return this.#watched.has(symbol);
  }

  rows<K extends SharedKind>(kind: K): SharedRows[K][] {
    const all: { [Kind in SharedKind]: () => SharedRows[Kind][] } = {
      tickers: () => [...this.tickers.values()].map((held) => held.ticker),
      instruments: () => [...this.instruments.values()],
    };
    return all[kind]();
  }

  #takeTickers(rows: readonly Ticker[], asOf: number): void {
    for (const ticker of rows) this.tickers.set(ticker.symbol, { ticker, asOf });
    this.#notify({ kind: 'tickers', symbols: rows.map((row) => row.symbol) });
  }

  async #read<K extends SharedKind>(
    kind: K,
    slot: Slot,
    ask: () => Promise<Read<SharedRows[K]>>,
  ): Promise<ReadOutcome> {
    this.#calls[kind] += 1;
    const startedAt = this.#clock.now();
    let read: Read<SharedRows[K]>;
    try {
      read = await ask();
    } catch (thrown) {
      return { failure: sentenceOf(thrown) };
    }
    if (read.state === 'unknown') return { failure: read.reason };
    const takers: { [Kind in SharedKind]: (rows: readonly SharedRows[Kind][]) => void } = {
      // A price the stream told after the read began is newer than the read's.
      tickers: (rows) =>
        this.#takeTickers(
          rows.filter((row) => (this.tickers.get(row.symbol)?.asOf ?? 0) <= startedAt),
          startedAt,
        ),
      instruments: (rows) => {
        const odd = read.state === 'ok' ? (read.odd ?? []) : [];
        this.#troubles.instruments = new Map(odd.map(({ symbol, sentence }) => [symbol, sentence]));
        // The rules that were known of these stand.
        const kept = this.#troubles.instruments;
        for (const symbol of this.instruments.keys())
          if (!kept.has(symbol)) this.instruments.delete(symbol);
        for (const row of rows) this.instruments.set(row.symbol, row);
        this.#notify({ kind: 'instruments' });
      },
    };
    takers[kind](rowsOf(read));
    slot.prove(startedAt, 'rest', null);
    return { failure: null, changed: [] };
  }
}
