import type { Mode, Role, StreamState, Venue } from './words.ts';

export interface AccountRow {
  id: string;
  role: Role;
  venue: Venue;
  mode: Mode;
  equity: string | null;
  available: string | null;
  unrealisedPnl: string | null;
  streamState: StreamState;
  streamReason: string | null;
  /** When the account's positions were last known to be true. */
  asOf: number | null;
  readOnly: boolean | null;
  /** What is wrong with it, in plain words; `null` when all is well. */
  problem: string | null;
}
