/**
 * What the vault asks of the live database. The store of `persistence` is one; nothing else of it is
 * known here. Copies are read from the file, in a worker.
 */
export interface DatabaseSource {
  /** The database file. */
  readonly path: string;
  /** Writes what waits in memory. Throws when it cannot. */
  flush(): void;
  refuseWrites(why: string): void;
  allowWrites(): void;
  /** Replaces everything, in place and in one transaction, on the disk when it resolves. */
  replaceFrom(dbPath: string): Promise<void>;
  /** Which state the file holds: another after every restore. */
  epoch(): string | null;
}

/** Something the vault keeps versions of. */
export interface Source {
  id: string;
  kind: 'database' | 'file';
  path: string;
  /** ms since 1970 UTC of the newest good version in the vault. */
  lastVersionAt: number | null;
  /** How many versions of it the vault has, and their bytes as stored, what they share counted once. */
  versions: number;
  storedSize: number;
  /** When a change would next be taken; `null` for a file, which is taken once it has settled. */
  nextDueAt: number | null;
  /** Why the last attempt failed, as a sentence; `null` once one succeeds. */
  lastFailure: string | null;
}

/** The database's source id, and so the first word of its backups' names. */
export const DATABASE = 'database';
