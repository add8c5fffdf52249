/** Counts since the start. */
export interface SavesState {
  critical: number;
  routine: number;
  /** Routine saves that had to wait. */
  deferred: number;
  /** Waiting rows that a newer version replaced before they were written. */
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
