import { accessSync, constants, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../../domain/failure.ts';
import { databasePath } from './database.ts';
import { keepToOwner, makeFolder } from './folder.ts';
import { diskFailure } from './trouble.ts';

/** The data folder's lock; the system releases it should the process die. */
export interface DataLock {
  readonly dataDir: string;
  /**
   * To be called once the database is open: throws SECOND_INSTANCE when the lock file was taken away
   * before, so that another may have come in meanwhile. From then on the open database keeps others out.
   */
  confirm(): void;
  release(): void;
}

/** ms to wait for the doctor, or another that reads the database for a moment. */
const READER_WAIT_MS = 3_000;

/**
 * Makes the data folder ours, or throws SECOND_INSTANCE naming who has it, or DATA_FOLDER. The lock
 * is an exclusive transaction on a small SQLite file, so the system lets go of it however the
 * process ends. The pid lies in a plain file beside it: opening and closing the locked file by
 * other means would lose the lock (POSIX). Somebody may delete the lock file of a desk that runs: where
 * the process that was here last may still be, its database is asked too. A program that only looks
 * at the database of a desk that has ended keeps nobody out.
 */
export function lockDataFolder(dataDir: string, owner: { pid: number }): DataLock {
  prepareFolder(dataDir);
  const pidFile = join(dataDir, 'holdfast.pid');
  const lockFile = join(dataDir, 'holdfast.lock');
  const taken = (): Failure =>
    new Failure(
      'SECOND_INSTANCE',
      `Holdfast is already running on this data folder (process ${pidIn(pidFile) || 'unknown'}). ` +
        'Use that one or stop it first, or give this one its own folder with --data.',
    );
  const db = openLockFile(lockFile, dataDir);
  try {
    if (!isFree(db)) throw taken();
    const { ino } = statSync(lockFile);
    if (mayStillRun(pidFile) && isOpenElsewhere(databasePath(dataDir))) throw taken();
    writeFileSync(pidFile, `${owner.pid}\n`, { mode: 0o600 });
    return {
      dataDir,
      confirm() {
        if (statSync(lockFile, { throwIfNoEntry: false })?.ino !== ino) throw taken();
      },
      release() {
        if (db.open && pidIn(pidFile) === String(owner.pid)) sayEnded(pidFile);
        db.close();
      },
    };
  } catch (error) {
    db.close();
    throw error instanceof Failure ? error : diskFailure(error, dataDir);
  }
}

/** Holds a database for as long as it stays open; false when somebody else has it open or locked. */
function isFree(db: Database.Database): boolean {
  try {
    db.pragma('locking_mode = EXCLUSIVE');
    db.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/** Where that cannot be written, the process will soon be seen to be gone. */
function sayEnded(pidFile: string): void {
  try {
    writeFileSync(pidFile, '');
  } catch {}
}

/** Whether the process that had the folder last may be there yet: it did not say that it ended. */
function mayStillRun(pidFile: string): boolean {
  const pid = pidIn(pidFile);
  if (pid === '') return false;
  try {
    process.kill(Number(pid), 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Whether another program has the database open. What is wrong with it is found when it is opened. */
function isOpenElsewhere(path: string): boolean {
  if (!existsSync(path)) return false;
  let db: Database.Database | null = null;
  try {
    db = new Database(path, { timeout: READER_WAIT_MS, fileMustExist: true });
    return !isFree(db);
  } catch (error) {
    if (error instanceof Database.SqliteError) return false;
    throw error;
  } finally {
    db?.close();
  }
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

function openLockFile(path: string, dataDir: string): Database.Database {
  try {
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
    return readFileSync(file, 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
