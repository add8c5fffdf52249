import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Source } from '../domain/read.ts';
import { type Counts, type KindRow, noCounts } from './counters.ts';
import { type CacheKind, type CacheSettings, defaultTtlSeconds, pushedKinds } from './kinds.ts';

/** How a read ended: why it failed, or the ids of the rows that were not as held. */
export type ReadOutcome = { failure: string } | { failure: null; changed: string[] };

/** After a failed read the next unasked one waits this long. ms. */
const REST_MS = 2_000;

export interface SlotOptions {
  account: AccountId;
  kind: CacheKind;
  clock: Clock;
  settings: () => CacheSettings;
  /** Number of the stream's unbroken session that keeps this kind true now; `null` when none does. */
  session: () => number | null;
  /** True while the stream is expected to tell the kind whole any moment. */
  arriving: () => boolean;
  /** Reads the kind and takes the rows in: whole, or `briefly`. Never throws. */
  read: (slot: Slot, briefly: boolean) => Promise<ReadOutcome>;
  /** REST requests made so far by this kind's endpoint. */
  calls: () => number;
}

/** One kind of one account: how fresh what is held is, its one read under way, and its counts. */
export class Slot {
  readonly counts: Counts = noCounts();
  /** When what is held was last proved by a push or a read, ms. */
  asOf: number | null = null;
  /** When it was last told whole, by a snapshot or a read, ms. */
  wholeAsOf = 0;
  source: Source | null = null;
  /** Why the latest read failed; `null` when it did not. */
  failure: string | null = null;
  readonly #options: SlotOptions;
  #provedIn: number | null = null;
  #invalid = false;
  #flight: { outcome: Promise<ReadOutcome>; briefly: boolean } | null = null;
  #callsPerRead = 1;
  #restsUntil = 0;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get ttlMs(): number {
    const { kind, settings } = this.#options;
    return (settings().ttlSeconds[kind] ?? defaultTtlSeconds[kind]) * 1_000;
  }

  /** True while a snapshot is on its way: reading it as well would only double the calls. */
  get awaited(): boolean {
    return this.#options.arriving();
  }

  /** What monitors are judged by; rates, rules and prices of all contracts can come a moment later. */
  get vital(): boolean {
    return pushedKinds.has(this.#options.kind);
  }

  /** True while the stream's unbroken session keeps what is held true, whatever its age. */
  get confirmed(): boolean {
    const session = this.#options.session();
    return !this.#invalid && session !== null && this.#provedIn === session;
  }

  /** Good for looking: confirmed by the stream or within its TTL. */
  get usable(): boolean {
    if (this.asOf === null || this.#invalid) return false;
    if (this.confirmed) return true;
    // From the future is a clock that was set back meanwhile: its age is not known.
    const age = this.#options.clock.now() - this.asOf;
    return age >= 0 && age <= this.ttlMs;
  }

  /** True when a question now would cost a read. */
  get due(): boolean {
    return !this.#options.settings().enabled || !this.usable;
  }

  /** True while a failed read is too recent to be tried again unasked. */
  get resting(): boolean {
    return this.#options.clock.ticks() < this.#restsUntil;
  }

  /**
   * What is held was told whole, or added to, by a source that is true as of `asOf`; kept true from then
   * on by the stream's `session`. A read that was begun before one takes nothing away from what that keeps.
   */
  prove(asOf: number, source: Source, session: number | null): void {
    if (session !== null || !this.confirmed) this.#provedIn = session;
    this.asOf = asOf;
    this.wholeAsOf = asOf;
    this.source = source;
    this.#invalid = false;
    this.failure = null;
  }

  /** The stream spoke of this kind: what was proved in its session is still true. */
  heard(asOf: number): void {
    if (!this.confirmed) return;
    this.asOf = Math.max(asOf, this.asOf ?? 0);
    this.source = 'stream';
  }

  invalidate(): void {
    this.#invalid = true;
    this.counts.invalidations += 1;
  }

  /** Counts a question that is answered from what is held, or cannot be; returns which. */
  peeked(): boolean {
    if (this.due) {
      this.counts.misses += 1;
      if (this.asOf !== null) this.counts.refusedStale += 1;
      return false;
    }
    this.counts.hits += 1;
    this.counts.callsSaved += this.#callsPerRead;
    return true;
  }

  /** Makes sure there is an answer. Returns `null`, or why there is none. */
  async ask(): Promise<string | null> {
    if (!this.due) {
      this.peeked();
      return null;
    }
    if (this.#flight) {
      this.counts.coalesced += 1;
      this.counts.callsSaved += this.#callsPerRead;
    } else {
      this.counts.misses += 1;
      if (this.asOf !== null) this.counts.refusedStale += 1;
    }
    return (await this.refresh()).failure;
  }

  /**
   * One bulk read; whoever comes while it is under way shares it. `briefly` is enough to prove what is
   * held and kept true, and leaves out lists of which nothing is: who asks for all does not share that.
   */
  refresh(briefly = false): Promise<ReadOutcome> {
    const flight = this.#flight;
    if (flight && flight.briefly && !briefly) return flight.outcome.then(() => this.refresh());
    this.#flight ??= {
      briefly,
      outcome: this.#read(briefly).finally(() => {
        this.#flight = null;
      }),
    };
    return this.#flight.outcome;
  }

  row(): KindRow {
    const { account, kind, clock, calls } = this.#options;
    return {
      account,
      kind,
      ttlMs: this.ttlMs,
      ageMs: this.asOf === null ? null : Math.max(0, clock.now() - this.asOf),
      ...this.counts,
      restCalls: calls(),
    };
  }

  async #read(briefly: boolean): Promise<ReadOutcome> {
    const before = this.#options.calls();
    const outcome = await this.#options.read(this, briefly);
    this.failure = outcome.failure;
    this.#restsUntil = outcome.failure === null ? 0 : this.#options.clock.ticks() + REST_MS;
    if (outcome.failure === null) {
      this.#callsPerRead = Math.max(1, this.#options.calls() - before);
    }
    return outcome;
  }
}
