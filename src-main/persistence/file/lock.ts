import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../../domain/failure.ts';
import { keepToOwner, makeFolder } from './folder.ts';
import { diskFailure } from './trouble.ts';

/** The data folder's lock; the system releases it should the process die. */
export interface DataLock {
  readonly dataDir: string;
  release(): void;
}

/**
 * Makes the data folder ours, or throws SECOND_INSTANCE naming who has it, or DATA_FOLDER. The lock
 * is an exclusive transaction on a small SQLite file, so the system lets go of it however the
 * process ends. The pid lies in a plain file beside it: opening and closing the locked file by
 * other means would lose the lock (POSIX).
 */
export function lockDataFolder(dataDir: string, owner: { pid: number }): DataLock {
  prepareFolder(dataDir);
  const pidFile = join(dataDir, 'holdfast.pid');
  const db = openLockFile(dataDir);
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (!isBusy(error)) throw diskFailure(error, dataDir);
    throw new Failure(
      'SECOND_INSTANCE',
      `Holdfast is already running on this data folder (process ${pidIn(pidFile)}). ` +
        'Use that one or stop it first, or give this one its own folder with --data.',
    );
  }
  try {
    writeFileSync(pidFile, `${owner.pid}\n`, { mode: 0o600 });
  } catch (error) {
    db.close();
    throw diskFailure(error, dataDir);
  }
  return { dataDir, release: () => void db.close() };
}

function prepareFolder(dataDir: string): void {
  try {
    makeFolder(dataDir);
    keepToOwner(dataDir, 0o700);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw diskFailure(error, dataDir);
  }
}

function openLockFile(dataDir: string): Database.Database {
  try {
    const path = join(dataDir, 'holdfast.lock');
    const db = new Database(path, { timeout: 0 });
    keepToOwner(path, 0o600);
    return db;
  } catch (error) {
    throw diskFailure(error, dataDir);
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');

function pidIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}
