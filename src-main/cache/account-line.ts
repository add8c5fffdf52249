import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Execution } from '../domain/execution.ts';
import { sentenceOf } from '../domain/failure.ts';
import { positionKey } from '../domain/keys.ts';
import { type Read, rowsOf } from '../domain/read.ts';
import { callName } from '../exchange/bybit/call-names.ts';
import type { Gateway, GatewayEvent, StreamState } from '../exchange/gateway.ts';
import { Book, sameBalances } from './book.ts';
import type { CacheChange, Place } from './change.ts';
import { type FactsRead, stamped } from './facts.ts';
import {
  type AccountKind,
  type AccountRows,
  type CacheSettings,
  endpointOf,
  pushedKinds,
} from './kinds.ts';
import { type ReadOutcome, Slot } from './slot.ts';

/** Executions are read from this long before the newest one known, ms (P60). */
const EXECUTION_OVERLAP_MS = 60_000;
/** A stream that is not ready after this long is not waited for. ms. */
const ARRIVES_WITHIN_MS = 5_000;
/** Reads that must fail in a row before REST counts as down. */
const FAILURES_FOR_DOWN = 2;
const NEEDED_TO_WRITE: ReadonlySet<string> = new Set([endpointOf.positions, endpointOf.orders]);

export interface LineOptions {
  account: AccountId;
  gateway: Gateway;
  /** ms of the newest execution of earlier runs; `null` when there was none. */
  lastExecutionAt: number | null;
  clock: Clock;
  settings: () => CacheSettings;
  notify: (change: CacheChange) => void;
}

const placeOf = ({ account, symbol, positionIdx }: Place): Place => ({
  account,
  symbol,
  positionIdx,
});

/** What is known of one account and how fresh each kind of it is. */
export class AccountLine {
  readonly account: AccountId;
  readonly book: Book;
  readonly slots: Readonly<Record<AccountKind, Slot>>;
  stream: StreamState = 'off';
  streamReason: string | null = null;
  /** When the stream last spoke of the wallet, ms. */
  walletPushedAt = 0;
  readonly #options: LineOptions;
  readonly #startedAt: number;
  /** Grows each time the stream stops being complete: what was proved before is no longer kept true. */
  #session = 0;
  /** Reads of each kind that failed in a row. */
  readonly #failedReads = new Map<AccountKind, number>();
  #notReadySince: number;
  #untold: CacheChange[] | null = null;

  constructor(options: LineOptions) {
    this.#options = options;
    this.account = options.account;
    this.book = new Book(options.lastExecutionAt);
    this.#startedAt = options.clock.now();
    this.#notReadySince = this.#startedAt;
    this.slots = {
      positions: this.#slot('positions', () => options.gateway.positions()),
      orders: this.#slot('orders', () => options.gateway.openOrders()),
      wallet: this.#slot('wallet', () => options.gateway.wallet()),
      executions: this.#slot('executions', () =>
        options.gateway.executions(
          (this.book.newestExecutionAt ?? this.#startedAt) - EXECUTION_OVERLAP_MS,
        ),
      ),
      feeRates: this.#slot('feeRates', () => options.gateway.feeRates()),
    };
  }

  /** The stream's unbroken session, `null` while its events are not known to be complete. */
  get session(): number | null {
    return this.stream === 'ready' ? this.#session : null;
  }

  /** A young connection: its snapshot will tell everything. Soon afterwards reading takes over. */
  get #arriving(): boolean {
    const { stream } = this;
    if (stream !== 'connecting' && stream !== 'authenticating' && stream !== 'syncing')
      return false;
    return this.#options.clock.now() - this.#notReadySince < ARRIVES_WITHIN_MS;
  }

  /** Why nothing can be asked of the venue now; `null` when reads work as far as is known. */
  get restTrouble(): string | null {
    return this.#troubleWith(() => true);
  }

  /** The same for what writes rest on: a list they do not need may fail without holding them up. */
  get #factsTrouble(): string | null {
    return this.#troubleWith((endpoint) => NEEDED_TO_WRITE.has(endpoint));
  }

  #troubleWith(concerns: (endpoint: string) => boolean): string | null {
    const status = this.#options.gateway.status();
    if (status.stoppedUntil !== null && status.stoppedUntil > this.#options.clock.now())
      return 'the exchange has asked for a pause';
    const open = status.breakers.find(({ state, kind }) => state === 'open' && concerns(kind));
    if (open)
      return `the exchange’s ${callName(open.kind)} keeps failing and will be tried again shortly`;
    let failed = 0;
    for (const [kind, times] of this.#failedReads) {
      if (concerns(endpointOf[kind])) failed += times;
    }
    return failed >= FAILURES_FOR_DOWN ? 'the last reads failed' : null;
  }

  take(event: GatewayEvent): void {
    // Ages are by our own clock: the venue's may differ.
    const now = this.#options.clock.now();
    switch (event.kind) {
      case 'stream':
        if (this.stream === 'ready' && event.state !== 'ready') {
          this.#session += 1;
          this.#notReadySince = now;
        }
        this.stream = event.state;
        this.streamReason = event.reason;
        this.#notify({ kind: 'stream', account: this.account, state: event.state });
        return;
      case 'snapshot': {
        // The snapshot belongs to the session that becomes ready with it.
        this.#untold = [];
        const proved = (kind: AccountKind): void =>
          this.slots[kind].prove(now, 'rest', this.#session);
        this.#takeWhole('positions', event.positions, now);
        this.#takeWhole('orders', event.orders, now);
        this.#takeWhole('wallet', [event.wallet], now);
        for (const kind of ['positions', 'orders', 'wallet', 'executions'] as const) proved(kind);
        this.#takeExecutions(event.executions);
        this.#tell();
        return;
      }
      case 'positions':
      case 'orders':
        this.#takeRows(event, now);
        break;
      case 'executions':
        this.#takeExecutions(event.rows);
        break;
      case 'wallet':
        this.book.wallet = event.wallet;
        this.walletPushedAt = now;
        this.#notify({ kind: 'wallet', account: this.account });
        break;
    }
    this.slots[event.kind].heard(now);
  }

  /** What is held of a kind, whatever its age. */
  rows<K extends AccountKind>(kind: K): AccountRows[K][] {
    const { book } = this;
    const all: { [Kind in AccountKind]: () => AccountRows[Kind][] } = {
      positions: () => book.positions.rows(),
      orders: () => book.orders.rows(),
      wallet: () => (book.wallet ? [book.wallet] : []),
      executions: () => book.executions(),
      feeRates: () => [...book.feeRates.values()],
    };
    return all[kind]();
  }

  /** See `Cache.facts`. */
  async facts(symbol: string): Promise<FactsRead> {
    const trouble = this.#factsTrouble;
    if (trouble) return { state: 'unknown', reason: `Nothing can be sent: ${trouble}.` };
    const { positions, orders } = this.slots;
    const of = <Row extends { symbol: string }>(rows: readonly Row[]): Row[] =>
      rows.filter((row) => row.symbol === symbol);
    const about = { account: this.account, symbol };
    if (positions.confirmed && orders.confirmed) {
      return {
        state: 'ok',
        facts: stamped({
          ...about,
          stampedBy: 'stream',
          asOf: this.#options.clock.now(),
          positions: this.book.positions.group(symbol),
          orders: of(this.book.orders.rows()),
        }),
      };
    }
    const asOf = this.#options.clock.now();
    const [legs, open] = await Promise.all([
      this.#guarded('positions', () => this.#options.gateway.position(symbol)),
      this.#guarded('orders', () => this.#options.gateway.openOrders()),
    ]);
    if (legs.state === 'unknown') return legs;
    if (open.state === 'unknown') return open;
    this.#changed(
      'positions',
      rowsOf(legs).filter((leg) => this.book.positions.put(leg, asOf)),
    );
    return {
      state: 'ok',
      facts: stamped({
        ...about,
        stampedBy: 'read',
        asOf,
        positions: rowsOf(legs).filter((leg) => leg.side !== null),
        orders: of(rowsOf(open)),
      }),
    };
  }

  #slot<K extends AccountKind>(kind: K, ask: () => Promise<Read<AccountRows[K]>>): Slot {
    const { clock, settings, gateway } = this.#options;
    return new Slot({
      account: this.account,
      kind,
      clock,
      settings,
      session: () => (pushedKinds.has(kind) ? this.session : null),
      arriving: () => pushedKinds.has(kind) && this.#arriving,
      calls: () => gateway.status().requests[endpointOf[kind]] ?? 0,
      read: async (slot): Promise<ReadOutcome> => {
        const startedAt = clock.now();
        const session = this.session;
        const read = await this.#guarded(kind, ask);
        if (read.state === 'unknown') return { failure: read.reason };
        const changed = this.#takeWhole(kind, rowsOf(read), startedAt);
        slot.prove(startedAt, 'rest', session === this.session ? session : null);
        return { failure: null, changed };
      },
    });
  }

  async #guarded<T>(kind: AccountKind, ask: () => Promise<Read<T>>): Promise<Read<T>> {
    let read: Read<T>;
    try {
      read = await ask();
    } catch (thrown) {
      read = { state: 'unknown', reason: sentenceOf(thrown) };
    }
    const failed = read.state === 'unknown' ? (this.#failedReads.get(kind) ?? 0) + 1 : 0;
    this.#failedReads.set(kind, failed);
    return read;
  }

  /** Takes a whole read in; returns the ids of the rows that were not as held. */
  #takeWhole<K extends AccountKind>(
    kind: K,
    rows: readonly AccountRows[K][],
    startedAt: number,
  ): string[] {
    const { book } = this;
    const takers: { [Kind in AccountKind]: (rows: readonly AccountRows[Kind][]) => string[] } = {
      positions: (rows) => {
        const changed = book.positions.replace(rows, startedAt);
        this.#changed('positions', changed);
        return changed.map(positionKey);
      },
      orders: (rows) => {
        const changed = book.orders.replace(rows, startedAt);
        this.#changed('orders', changed);
        return changed.map((order) => order.orderId);
      },
      wallet: ([wallet]) => {
        if (!wallet) return [];
        const same = sameBalances(book.wallet, wallet);
        book.wallet = wallet;
        this.#notify({ kind: 'wallet', account: this.account });
        return same ? [] : ['wallet'];
      },
      executions: (rows) => this.#takeExecutions(rows),
      feeRates: (rows) => {
        book.feeRates.clear();
        for (const row of rows) book.feeRates.set(row.symbol, row);
        this.#notify({ kind: 'feeRates', account: this.account });
        return [];
      },
    };
    return takers[kind](rows);
  }

  #takeRows(event: Extract<GatewayEvent, { kind: 'positions' | 'orders' }>, now: number): void {
    const changed: Place[] =
      event.kind === 'positions'
        ? event.rows.filter((row) => this.book.positions.put(row, now))
        : event.rows.filter((row) => this.book.orders.put(row, now));
    this.#changed(event.kind, changed);
  }

  #takeExecutions(rows: readonly Execution[]): string[] {
    const fresh = this.book.addExecutions(rows);
    if (fresh.length > 0) this.#notify({ kind: 'executions', account: this.account, rows: fresh });
    return fresh.map((row) => row.execId);
  }

  #notify(change: CacheChange): void {
    if (this.#untold) this.#untold.push(change);
    else this.#options.notify(change);
  }

  /** Tells what a snapshot changed, once all of it is taken in: nobody sees half of it. */
  #tell(): void {
    const changes = this.#untold ?? [];
    this.#untold = null;
    for (const change of changes) this.#options.notify(change);
  }

  #changed(kind: 'positions' | 'orders', rows: readonly Place[]): void {
    if (rows.length === 0) return;
    const at = new Map(rows.map((row) => [positionKey(row), placeOf(row)]));
    this.#notify({ kind, account: this.account, at: [...at.values()] });
  }
}
