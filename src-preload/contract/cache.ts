import type { Urgency } from './words.ts';

export interface CacheKindRow {
  account: string;
  kind: string;
  ttlMs: number;
  ageMs: number | null;
  hits: number;
  misses: number;
  coalesced: number;
  refusedStale: number;
  invalidations: number;
  evictions: number;
  restCalls: number;
  callsSaved: number;
  sweepDifferences: number;
}

export interface CacheState {
  /** 0 to 1; `null` before the first question. */
  hitRate: number | null;
  callsPerMinute: number;
  callsSaved: number;
  /** What every monitor asking for itself would have cost, per minute. */
  callsPerMinuteWithoutCache: number;
  enabled: boolean;
  kinds: CacheKindRow[];
  /** One point per minute, oldest first, for the charts. */
  history: { at: number; hitRate: number | null; calls: number; callsWithoutCache: number }[];
}

export interface CycleRow {
  startedAt: number;
  durationMs: number;
  restCalls: number;
  cacheAnswers: number;
  monitors: number;
  urgency: Record<Urgency, number>;
  actions: number;
}
