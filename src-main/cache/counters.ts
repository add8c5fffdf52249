import type { AccountId } from '../domain/account.ts';
import type { CacheKind } from './kinds.ts';

/** How questions about one kind of one account were answered, since the start. */
export interface Counts {
  /** Answered from what is held. */
  hits: number;
  /** Had to be read. */
  misses: number;
  /** Shared a read that was already under way. */
  coalesced: number;
  /** Misses for which something was held, but too old or invalidated. */
  refusedStale: number;
  invalidations: number;
  /** Rows dropped because the bound was reached or their time was over. */
  evictions: number;
  /** REST requests made by this kind's endpoint. */
  restCalls: number;
  /** REST requests the hits and shared reads would have cost. */
  callsSaved: number;
  /** Rows a full sweep found different from what was held. */
  sweepDifferences: number;
}

export const noCounts = (): Counts => ({
  hits: 0,
  misses: 0,
  coalesced: 0,
  refusedStale: 0,
  invalidations: 0,
  evictions: 0,
  restCalls: 0,
  callsSaved: 0,
  sweepDifferences: 0,
});

/** The account column of the kinds that all accounts share. */
export const SHARED = 'market';

export interface KindRow extends Counts {
  /** An account's id, or `market` for what all accounts share. */
  account: AccountId;
  kind: CacheKind;
  ttlMs: number;
  /** Since what is held was last proved by a push or a read; `null` when nothing is held. */
  ageMs: number | null;
}

/** The same shape as the contract's cache slice. */
export interface CacheState {
  /** Hits of all questions, 0 to 1; `null` before the first question. */
  hitRate: number | null;
  callsPerMinute: number;
  callsSaved: number;
  callsPerMinuteWithoutCache: number;
  enabled: boolean;
  kinds: KindRow[];
  /** One point per minute, oldest first. */
  history: HistoryPoint[];
}

export interface HistoryPoint {
  /** ms since 1970 UTC. */
  at: number;
  hitRate: number | null;
  calls: number;
  callsWithoutCache: number;
}

export interface Totals {
  questions: number;
  hits: number;
  calls: number;
  saved: number;
}

export function totalsOf(rows: readonly Counts[]): Totals {
  const totals = { questions: 0, hits: 0, calls: 0, saved: 0 };
  for (const row of rows) {
    totals.questions += row.hits + row.misses + row.coalesced;
    totals.hits += row.hits;
    totals.calls += row.restCalls;
    totals.saved += row.callsSaved;
  }
  return totals;
}

const MINUTE_MS = 60_000;
const POINTS_KEPT = 180;

/** Turns running totals into figures per minute. */
export class Minutes {
  readonly #samples: { at: number; totals: Totals }[] = [];
  readonly #points: HistoryPoint[] = [];

  /** To be called at least twice a minute. */
  sample(at: number, totals: Totals): void {
    this.#samples.push({ at, totals });
    const first = this.#samples[0];
    const second = this.#samples[1];
    if (first && second && second.at <= at - MINUTE_MS) this.#samples.shift();
    const last = this.#points.at(-1);
    const since = this.#samples[0];
    if (!since || since.at > at - MINUTE_MS || (last && last.at > at - MINUTE_MS)) return;
    const questions = totals.questions - since.totals.questions;
    const rate = this.rate(at, totals);
    this.#points.push({
      at,
      hitRate: questions > 0 ? (totals.hits - since.totals.hits) / questions : null,
      calls: rate.calls,
      callsWithoutCache: rate.callsWithoutCache,
    });
    if (this.#points.length > POINTS_KEPT) this.#points.shift();
  }

  /** Calls per minute over the last minute, or since the start when that is shorter. */
  rate(at: number, totals: Totals): { calls: number; callsWithoutCache: number } {
    const since = this.#samples[0];
    if (!since) return { calls: 0, callsWithoutCache: 0 };
    const perMinute = MINUTE_MS / Math.max(at - since.at, 1_000);
    const calls = totals.calls - since.totals.calls;
    return {
      calls: calls * perMinute,
      callsWithoutCache: (calls + totals.saved - since.totals.saved) * perMinute,
    };
  }

  points(): HistoryPoint[] {
    return [...this.#points];
  }
}
