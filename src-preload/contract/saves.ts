export interface SavesState {
  critical: number;
  routine: number;
  deferred: number;
  coalesced: number;
  failed: number;
  transactions: number;
  bytesWritten: number;
  dirtyRows: number;
  lastSavedAt: number | null;
  /** When unsaved changes started to wait because saving fails; `null` while saving works. */
  notSavedSince: number | null;
  longestPauseMs: number;
  byReason: Record<string, number>;
}
