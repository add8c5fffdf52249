import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import { type Read, unknown } from '../domain/read.ts';
import { type KindRow, noCounts, SHARED } from './counters.ts';
import { type CacheSettings, type DerivedKind, defaultTtlSeconds } from './kinds.ts';

const ANSWERS_KEPT = 500;
const kinds = ['statistics', 'marketData', 'insights'] as const;

interface Answer {
  read: Exclude<Read<unknown>, { state: 'unknown' }>;
  /** When it was worked out, ms. */
  at: number;
}

/**
 * The dashboard's data: answers that cost a read or some work, each kept for its kind's TTL, at most
 * 500 of a kind. An `unknown` is never kept.
 */
export class Derived {
  readonly #clock: Clock;
  readonly #settings: () => CacheSettings;
  readonly #flights = new Map<string, Promise<Read<unknown>>>();
  readonly #kept: Record<DerivedKind, { counts: KindRow; answers: LRUCache<string, Answer> }>;

  constructor(clock: Clock, settings: () => CacheSettings) {
    this.#clock = clock;
    this.#settings = settings;
    const keep = (kind: DerivedKind): { counts: KindRow; answers: LRUCache<string, Answer> } => {
      const counts: KindRow = { account: SHARED, kind, ttlMs: 0, ageMs: null, ...noCounts() };
      const answers = new LRUCache<string, Answer>({
        max: ANSWERS_KEPT,
        dispose: (_value, _key, why) => {
          if (why === 'evict') counts.evictions += 1;
        },
      });
      return { counts, answers };
    };
    this.#kept = {
      statistics: keep('statistics'),
      marketData: keep('marketData'),
      insights: keep('insights'),
    };
  }

  /** The kept answer about `subject`, or `work`'s, shared by all who ask meanwhile. */
  async remember<T>(
    kind: DerivedKind,
    subject: string,
    work: () => Promise<Read<T>>,
  ): Promise<Read<T>> {
    const { counts, answers } = this.#kept[kind];
    const held = answers.get(subject);
    if (held && this.#settings().enabled && this.#clock.now() - held.at <= this.#ttlMs(kind)) {
      counts.hits += 1;
      counts.callsSaved += 1;
      return held.read as Read<T>;
    }
    const flightKey = JSON.stringify([kind, subject]);
    const flying = this.#flights.get(flightKey);
    if (flying) {
      counts.coalesced += 1;
      counts.callsSaved += 1;
      return flying as Promise<Read<T>>;
    }
    counts.misses += 1;
    if (held) counts.refusedStale += 1;
    counts.restCalls += 1;
    const flight = work()
      .catch((thrown: unknown) => unknown(sentenceOf(thrown)))
      .then((read) => {
        if (read.state !== 'unknown') answers.set(subject, { read, at: this.#clock.now() });
        return read;
      })
      .finally(() => this.#flights.delete(flightKey));
    this.#flights.set(flightKey, flight);
    return flight;
  }

  invalidate(kind?: string): number {
    let dropped = 0;
    for (const name of kinds) {
      if (kind !== undefined && kind !== name) continue;
      const { counts, answers } = this.#kept[name];
      counts.invalidations += answers.size;
      dropped += answers.size;
      answers.clear();
    }
    return dropped;
  }

  /** Lets go of answers whose time is over. */
  cleanUp(): void {
    for (const kind of kinds) {
      const { counts, answers } = this.#kept[kind];
      for (const [subject, answer] of answers.entries()) {
        if (this.#clock.now() - answer.at <= this.#ttlMs(kind)) continue;
        answers.delete(subject);
        counts.evictions += 1;
      }
    }
  }

  rows(): KindRow[] {
    return kinds.map((kind) => {
      const { counts, answers } = this.#kept[kind];
      let newest: number | null = null;
      for (const answer of answers.values()) newest = Math.max(newest ?? 0, answer.at);
      return {
        ...counts,
        ttlMs: this.#ttlMs(kind),
        ageMs: newest === null ? null : this.#clock.now() - newest,
      };
    });
  }

  #ttlMs(kind: DerivedKind): number {
    return (this.#settings().ttlSeconds[kind] ?? defaultTtlSeconds[kind]) * 1_000;
  }
}
