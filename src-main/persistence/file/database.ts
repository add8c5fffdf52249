import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import { keepToOwner, syncFile } from './folder.ts';
import {
  APPLICATION_ID,
  migrate,
  SCHEMA_VERSION,
  schemaVersionOf,
  strangeInSchema,
} from './schema.ts';
import { codeOf, diskFailure } from './trouble.ts';

export const databasePath = (dataDir: string): string => join(dataDir, 'holdfast.db');

/** What SQLite keeps beside a database: part of that one file's content, and never of another's. */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const;

/** ms to wait for another program's lock: short, because the event loop waits with it. */
const LOCK_WAIT_MS = 100;

/**
 * Opens a database for the one writer, and from here on no other program can have it to itself. FULL is
 * set anew each time, because a re-opened WAL database falls back to NORMAL.
 */
export function connect(path: string): Database.Database {
  keepToOwner(path, 0o600);
  const db = new Database(path, { timeout: LOCK_WAIT_MS, fileMustExist: true });
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  db.pragma('wal_autocheckpoint = 8000'); // pages; the writer folds it back earlier, between saves
  db.pragma('journal_size_limit = 67108864');
  schemaVersionOf(db); // the system's lock on the file comes with the first reading, and stays
  return db;
}

/**
 * Plays back a journal that a kill left behind, which only a writable opening can do: before that no
 * reader can tell what the file holds. To be called by whoever has the folder to itself.
 */
export function playBack(path: string): void {
  if (!existsSync(path) || !existsSync(`${path}-journal`)) return;
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { timeout: LOCK_WAIT_MS });
    schemaVersionOf(db);
  } catch (error) {
    if (!isDamage(error)) throw diskFailure(error, path);
  } finally {
    db?.close();
  }
}

const isDamage = (error: unknown): boolean =>
  codeOf(error).startsWith('SQLITE_CORRUPT') || codeOf(error) === 'SQLITE_NOTADB';

/**
 * What an existing file is: its schema version, or why it cannot be trusted. Reads only. The schema
 * is compared, as a main file that lost its write-ahead log passes every check without its tables.
 */
export function examine(path: string): { version: number } | { damage: string } {
  if (statSync(path).size === 0) return { damage: 'it is empty' };
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { readonly: true, timeout: LOCK_WAIT_MS });
    const version = schemaVersionOf(db);
    if (version > SCHEMA_VERSION) return { version };
    if (db.pragma('application_id', { simple: true }) !== APPLICATION_ID || version < 1) {
      return { damage: 'it is not a Holdfast database, or it has lost its tables' };
    }
    const strange = strangeInSchema(db);
    if (strange !== null) return { damage: `its tables are not those of Holdfast: ${strange}` };
    const findings = db.prepare<[], string>('PRAGMA quick_check(5)').pluck().all();
    if (findings[0] !== 'ok') return { damage: findings.join('; ') };
    return { version };
  } catch (error) {
    if (isDamage(error)) return { damage: sentenceOf(error) };
    throw diskFailure(error, path);
  } finally {
    db?.close();
  }
}

/**
 * Makes an empty, migrated database beside `path` and publishes it by renaming: never half of one, and
 * never on the log of one that was lost, which SQLite would replay; that is kept aside.
 */
export function createEmpty(
  path: string,
  now: number,
  fill: (db: Database.Database) => void,
): void {
  const draft = `${path}.new`;
  for (const suffix of ['', ...COMPANIONS]) rmSync(draft + suffix, { force: true });
  const db = new Database(draft);
  try {
    keepToOwner(draft, 0o600); // SQLite gives its logs the same
    migrate(db);
    fill(db);
  } finally {
    db.close();
  }
  syncFile(draft);
  moveAside(path, damagedName(path, now));
  renameSync(draft, path);
  syncFile(dirname(path));
}

/** Puts a damaged database out of the way, with its log, under a name that says when. */
export function keepDamaged(path: string, now: number): string {
  const kept = damagedName(path, now);
  moveAside(path, kept);
  syncFile(dirname(path));
  return kept;
}

const damagedName = (path: string, now: number): string => {
  const stamp = new Date(now)
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .replace('T', '_');
  return `${path}.damaged-${stamp}`;
};

/** Moves a database with what lies beside it; its companions first, so that they never meet another. */
export function moveAside(path: string, to: string): void {
  for (const suffix of [...COMPANIONS, '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, to + suffix);
  }
}

/** The newest damaged database that was put out of the way, or `null`. */
export function newestDamaged(path: string): string | null {
  const start = `${basename(path)}.damaged-`;
  const names = readdirSync(dirname(path)).filter(
    (name) => name.startsWith(start) && !/-(wal|shm|journal)$/.test(name),
  );
  const newest = names.sort().at(-1);
  return newest === undefined ? null : join(dirname(path), newest);
}

export function damagedFailure(kept: string, damage: string): Failure {
  return new Failure(
    'DATABASE_DAMAGED',
    `The database is damaged (${damage}). The damaged file is kept as ${kept}. ` +
      'Start with --recover to continue from the newest verified backup, ' +
      'or choose one with "npm run backups -- list" and "npm run backups -- restore ID". ' +
      'To start without anything that was saved, use --start-empty; it asks twice.',
  );
}
