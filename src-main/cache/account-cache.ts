import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Execution } from '../domain/execution.ts';
import type { FeeRate } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import { type Read, rowsOf, unknown } from '../domain/read.ts';
import type { AccountBook, Moment } from '../exchange/account-book.ts';
import type { Gateway, GatewayEvent, StreamState } from '../exchange/gateway.ts';
import type { CacheChange } from './change.ts';
import { type Facts, type FactsRead, stamped } from './facts.ts';
import {
  type AccountKind,
  type AccountRows,
  type CacheSettings,
  endpointOf,
  pushedKinds,
} from './kinds.ts';
import { ReadsHealth } from './reads-health.ts';
import { sightOf } from './sight.ts';
import { type ReadOutcome, Slot } from './slot.ts';

/** Executions are read from this long before the newest one known, ms (P60). */
const EXECUTION_OVERLAP_MS = 60_000;
/** A stream that is not ready after this long is not waited for. ms. */
const ARRIVES_WITHIN_MS = 5_000;

export interface AccountCacheOptions {
  account: AccountId;
  gateway: Gateway;
  clock: Clock;
  settings: () => CacheSettings;
  notify: (change: CacheChange) => void;
}

/** How fresh each kind of what one account's book holds is, and the reads that keep it so. */
export class AccountCache {
  readonly account: AccountId;
  readonly book: AccountBook;
  readonly health: ReadsHealth;
  readonly feeRates = new Map<string, FeeRate>();
  readonly slots: Readonly<Record<AccountKind, Slot>>;
  stream: StreamState = 'off';
  streamReason: string | null = null;
  readonly #options: AccountCacheOptions;
  readonly #startedAt: number;
  /** Grows each time the stream stops being complete: what was proved before is no longer kept true. */
  #session = 0;
  #notReadySince: number;

  constructor(options: AccountCacheOptions) {
    this.#options = options;
    this.account = options.account;
    this.book = options.gateway.book;
    this.health = new ReadsHealth(options.gateway, options.clock);
    this.#startedAt = options.clock.now();
    this.#notReadySince = this.#startedAt;
    this.slots = {
      positions: this.#slot('positions', () => options.gateway.positions('open and held')),
      orders: this.#slot('orders', (briefly) =>
        options.gateway.openOrders(briefly ? 'in use' : 'all'),
      ),
      wallet: this.#slot('wallet', () => options.gateway.wallet()),
      executions: this.#slot('executions', () =>
        options.gateway.executions(
          (this.book.lastExecutedAt() ?? this.#startedAt) - EXECUTION_OVERLAP_MS,
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
        this.#options.notify({ kind: 'stream', account: this.account, state: event.state });
        return;
      case 'snapshot': {
        // The snapshot belongs to the session that becomes ready with it.
        for (const kind of ['positions', 'orders', 'executions'] as const)
          this.slots[kind].prove(now, 'rest', this.#session);
        if (event.wallet !== null)
          this.slots.wallet.prove(now, 'rest', event.walletIsCertain ? this.#session : null);
        // What happened before what came of it: a position that is there may be another one by now.
        this.#tellExecutions(event.executions);
        this.#tellPlaces();
        this.#options.notify({ kind: 'wallet', account: this.account });
        return;
      }
      case 'set-aside':
        this.#options.notify({ kind: 'set-aside', account: this.account });
        this.#tellPlaces();
        return;
      case 'positions':
      case 'orders':
        this.#tellPlaces();
        break;
      case 'executions':
        this.#tellExecutions(event.rows);
        break;
      case 'wallet':
        if (event.isCertain) this.slots.wallet.prove(now, 'rest', this.#session);
        this.#options.notify({ kind: 'wallet', account: this.account });
        break;
    }
    this.slots[event.kind].heard(now);
  }

  /** What is held of a kind, whatever its age. */
  rows<K extends AccountKind>(kind: K): AccountRows[K][] {
    const { book } = this;
    const all: { [Kind in AccountKind]: () => AccountRows[Kind][] } = {
      positions: () => book.shelf.positions(),
      orders: () => book.shelf.orders(),
      wallet: () => (this.slots.wallet.asOf === null ? [] : [book.wallet.wallet()]),
      executions: () => book.executions(),
      feeRates: () => [...this.feeRates.values()],
    };
    return all[kind]();
  }

  /** The stream has not told everything: until it stands anew, nothing is taken for kept true by it. */
  resync(): void {
    this.#options.gateway.resync('The regular check found what the stream had not told.');
  }

  /** See `Cache.askPosition`. */
  async askPosition(symbol: string): Promise<Read<Position>> {
    const { gateway } = this.#options;
    const asked = this.book.now();
    const legs = await this.health.counted('positions', () => gateway.position(symbol));
    if (legs.state === 'unknown') return legs;
    this.book.answerLegs(symbol, rowsOf(legs), asked);
    this.#tellPlaces();
    return this.#unlessSetAside(symbol) ?? legs;
  }

  /** See `Cache.askOrder`. */
  async askOrder(by: Parameters<Gateway['order']>[0]): Promise<Read<Order>> {
    const asked = this.book.now();
    const answer = await this.#options.gateway.order(by);
    if (answer.state === 'unknown') return answer;
    for (const row of rowsOf(answer)) this.book.answerNamed(row.orderId, [row], asked);
    this.#tellPlaces();
    return this.#unlessSetAside(by.symbol) ?? answer;
  }

  /** Of a symbol that is set aside no answer is known: what one row says, another may take back. */
  #unlessSetAside(symbol: string): ReturnType<typeof unknown> | null {
    const aside = this.book.setAsideOf(symbol);
    return aside && unknown(aside.sentence);
  }

  /** See `Cache.factsNow`. */
  factsNow(symbol: string): Facts | null {
    const { positions, orders } = this.slots;
    if (!positions.confirmed || !orders.confirmed) return null;
    if (this.health.troubleForWrites || this.#unlessSetAside(symbol)) return null;
    const { account } = this;
    const asOf = this.#options.clock.now();
    return stamped({
      account,
      symbol,
      stampedBy: 'stream',
      asOf,
      ...sightOf(this.book, account, symbol),
    });
  }

  /** See `Cache.facts`. */
  async facts(symbol: string): Promise<FactsRead> {
    const { stopped } = this.health;
    if (stopped) return unknown(`Nothing can be sent: ${stopped}.`);
    // What has failed is asked again here: nobody else may ask for a minute, and a breaker lets one through.
    const now = this.factsNow(symbol);
    if (now) return { state: 'ok', facts: now };
    const asOf = this.#options.clock.now();
    const asked = this.book.now();
    const [legs, open] = await Promise.all([
      this.askPosition(symbol),
      this.health.counted('orders', () => this.#options.gateway.openOrders()),
    ]);
    if (legs.state === 'unknown') return legs;
    if (open.state === 'unknown') return open;
    this.book.answerOrders(rowsOf(open), asked);
    this.#tellPlaces();
    const aside = this.#unlessSetAside(symbol);
    if (aside) return aside;
    const orders = rowsOf(open).filter((row) => row.symbol === symbol);
    const about = { account: this.account, symbol, asOf };
    const facts = stamped({ ...about, stampedBy: 'read', positions: rowsOf(legs), orders });
    return { state: 'ok', facts };
  }

  #slot<K extends AccountKind>(
    kind: K,
    ask: (briefly: boolean) => Promise<Read<AccountRows[K]>>,
  ): Slot {
    const { clock, settings, gateway } = this.#options;
    return new Slot({
      account: this.account,
      kind,
      clock,
      settings,
      session: () => (pushedKinds.has(kind) ? this.session : null),
      arriving: () => pushedKinds.has(kind) && this.#arriving,
      calls: () => gateway.status().requests[endpointOf[kind]] ?? 0,
      read: async (slot, briefly): Promise<ReadOutcome> => {
        const startedAt = clock.now();
        const session = this.session;
        const asked = this.book.now();
        const read = await this.health.counted(kind, () => ask(briefly));
        if (read.state === 'unknown') return { failure: read.reason };
        const prove = (): void =>
          slot.prove(startedAt, 'rest', session === this.session ? session : null);
        return { failure: null, changed: this.#takeWhole(kind, rowsOf(read), asked, prove) };
      },
    });
  }

  /**
   * Gives a whole read to the book; returns the ids of rows that were not as held. It is proved before
   * it is told: who is told must not take it for the read before.
   */
  #takeWhole<K extends AccountKind>(
    kind: K,
    rows: readonly AccountRows[K][],
    asked: Moment,
    prove: () => void,
  ): string[] {
    const { book } = this;
    const takers: { [Kind in AccountKind]: (rows: readonly AccountRows[Kind][]) => string[] } = {
      positions: (rows) => book.answerPositions(rows, asked),
      orders: (rows) => book.answerOrders(rows, asked),
      wallet: ([wallet]) => {
        if (!wallet) return [];
        const answer = book.wallet.answer(wallet, asked);
        if (answer === 'agrees' || answer === 'taken') prove();
        this.#options.notify({ kind: 'wallet', account: this.account });
        return answer === 'waits' ? ['wallet'] : [];
      },
      executions: (rows) => {
        const fresh = book.takeExecutions(rows);
        this.#tellExecutions(fresh);
        return fresh.map((row) => row.execId);
      },
      feeRates: (rows) => {
        this.feeRates.clear();
        for (const row of rows) this.feeRates.set(row.symbol, row);
        this.#options.notify({ kind: 'feeRates', account: this.account });
        return [];
      },
    };
    if (kind !== 'wallet') prove();
    const changed = takers[kind](rows);
    this.#tellPlaces();
    return changed;
  }

  #tellExecutions(rows: readonly Execution[]): void {
    if (rows.length === 0) return;
    this.#options.notify({ kind: 'executions', account: this.account, rows: [...rows] });
  }

  /** Tells which places of the book are not what they were when this was told last. */
  #tellPlaces(): void {
    const { positions, orders } = this.book.shelf.changed();
    for (const [kind, at] of [
      ['positions', positions],
      ['orders', orders],
    ] as const) {
      if (at.length > 0) this.#options.notify({ kind, account: this.account, at });
    }
  }
}
