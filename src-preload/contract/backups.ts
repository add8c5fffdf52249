import type { BackupClass } from './words.ts';

export interface BackupSourceRow {
  id: string;
  kind: 'database' | 'file';
  path: string;
  lastVersionAt: number | null;
  /** How many versions of it the vault has, and their bytes as stored, what they share counted once. */
  versions: number;
  storedSize: number;
  nextDueAt: number | null;
  lastFailure: string | null;
}

export interface BackupRow {
  id: string;
  source: string;
  file: string;
  class: BackupClass;
  reason: string;
  madeAt: number;
  size: number;
  /** Bytes as stored of all that it needs, and what of that it added; the rest it shares with others. */
  storedSize: number;
  newSize: number;
  sha256: string;
  counts: Record<string, number>;
  newestEventAt: number | null;
  programVersion: string;
  schemaVersion: number | null;
  verifiedAt: number | null;
  verified: boolean;
  verifyError: string | null;
  pinned: boolean;
  note: string | null;
  /** What the policy would do with it now, and why. */
  fate: { keep: boolean; why: string };
}

export interface BackupsState {
  sources: BackupSourceRow[];
  backups: BackupRow[];
  totalSize: number;
  sizeLimit: number;
  /** When each would go in the coming day, were one made at every chance; ms by id. */
  goesAt: Record<string, number>;
  /** The second folder and how old the newest good backup of the state there is; `null` for none. */
  second: {
    folder: string;
    newestAt: number | null;
    /** On the vault's own disk it would be lost with it; `null` while not known. */
    sameDisk: boolean | null;
    lastFailure: string | null;
  } | null;
  /** What is going on now: a backup, a check or a restore, with its step. */
  running: { what: string; step: string; done: number; total: number } | null;
  /** The restore that can still be undone. */
  undo: { restoredId: string; restoredAt: number } | null;
  /** Shown after a restore until the operator resumes. */
  paused: {
    since: number;
    why: string;
    /** Positions that closed after the restored backup was made: they stay closed. */
    closedSince: string[];
  } | null;
}

/** What a policy would do: with each backup now, and when each would go in the coming day. */
export interface BackupForecast {
  /** By id. */
  fates: Record<string, BackupRow['fate']>;
  /** ms by id, were one made at every chance. */
  goesAt: Record<string, number>;
}

/** What a preview of a backup says: what is inside and what restoring it would undo. */
export interface BackupPreview {
  id: string;
  counts: Record<string, number>;
  newestEventAt: number | null;
  /** How far back restoring the state goes, ms; `null` for a protected file. */
  goesBackMs: number | null;
  /** Monitors, by the name of their position (`BTCUSDT long, Main`): those that come back, go, and differ. */
  monitorsAdded: string[];
  monitorsRemoved: string[];
  monitorsChanged: string[];
  tradesLost: number | null;
  /** Positions open in it and closed since, by name: they stay closed. */
  closedSince: string[];
  /** Where a protected file was when it was taken. */
  sourcePath: string;
  /** First lines of a protected file. */
  head: string | null;
  problem: string | null;
}
