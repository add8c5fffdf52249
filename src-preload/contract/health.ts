import type { StreamState } from './words.ts';

export interface HealthState {
  version: string;
  startedAt: number;
  dataFolder: string;
  /** REST address of the practice exchange in use. */
  practiceUrl: string | null;
  stream: {
    account: string;
    state: StreamState;
    reason: string | null;
    since: number;
  }[];
  clock: {
    account: string;
    offsetMs: number | null;
    uncertaintyMs: number | null;
    trusted: boolean;
  }[];
  breakers: { account: string; kind: string; state: string; since: number }[];
  /** Remaining share of the tightest rate budget, 0 to 1. */
  budgetFree: number;
  disk: { freeBytes: number | null; databaseBytes: number | null };
  eventLoop: { p99Ms: number; maxMs: number };
  memoryMB: number;
}
