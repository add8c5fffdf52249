import { randomUUID } from 'node:crypto';
import { installOf, vaultFolder } from '../../backup/files/place.ts';
import type { VaultSettings, VaultTrouble } from '../../backup/options.ts';
import { finishInterrupted } from '../../backup/restore/restore-journal.ts';
import { createVault, type Vault } from '../../backup/vault.ts';
import type { Clock } from '../../domain/clock.ts';
import { Failure } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import { databasePath, newestDamaged } from '../../persistence/file/database.ts';
import { type DataLock, lockDataFolder } from '../../persistence/file/lock.ts';
import { oldDatabase } from '../../persistence/file/old-database.ts';
import { openStore } from '../../persistence/open.ts';
import type { LoadedState, Store, StoreTrouble } from '../../persistence/store.ts';

export interface OpenState {
  lock: DataLock;
  store: Store;
  vault: Vault;
  loaded: LoadedState;
  /** What the start had to mend, as sentences for the operator. */
  notices: string[];
}

/**
 * Takes the data folder, ends a restore that was cut off, and opens the database; with `recover` a
 * damaged or missing one is replaced by the newest verified backup, with `startEmpty` by an empty one.
 * Throws what the lock and the store
 * throw; then nothing is held and nothing was lost.
 */
export async function openState(options: {
  dataDir: string;
  recover: boolean;
  startEmpty?: boolean;
  clock: Clock;
  log: Log;
  programVersion: string;
  routineMs: () => number;
  vaultSettings: () => VaultSettings;
  onStoreTrouble: (trouble: StoreTrouble) => void;
  onVaultTrouble: (trouble: VaultTrouble) => void;
  onVaultChange: () => void;
}): Promise<OpenState> {
  const { dataDir, clock, log, programVersion } = options;
  const lock = lockDataFolder(dataDir, { pid: process.pid });
  try {
    const notices: string[] = [];
    const finished = await finishInterrupted(dataDir);
    if (finished) notices.push(finished.text);
    const path = databasePath(dataDir);
    const vault = createVault({
      dataDir,
      folder: vaultFolder(dataDir),
      database: null,
      databasePath: path,
      clock,
      log,
      settings: options.vaultSettings,
      programVersion,
      ...(await installOf(dataDir)),
      onChange: options.onVaultChange,
      onTrouble: options.onVaultTrouble,
    });
    let leftBehind = false;
    const open = (): Promise<Store> =>
      openStore({
        dataDir,
        clock,
        log,
        routineMs: options.routineMs,
        programVersion,
        newId: randomUUID,
        beforeMigration: (oldPath, schemaVersion) =>
          backUpBeforeUpgrade(vault, oldPath, schemaVersion),
        onTrouble: options.onStoreTrouble,
        startEmpty(damaged) {
          const isNew = damaged === null && vault.closed() === null && !hasDatabaseBackup(vault);
          leftBehind = !isNew && options.startEmpty === true;
          return isNew || leftBehind;
        },
      });
    await vault.open();
    let store: Store;
    try {
      store = await open();
    } catch (error) {
      const damaged = error instanceof Failure && error.code === 'DATABASE_DAMAGED';
      if (!damaged || !(options.recover || options.startEmpty)) throw error;
      if (options.recover) {
        const report = await recoverNewest(vault);
        notices.push(
          `The database was damaged; the damaged file is kept as ${newestDamaged(path)}. ${report}`,
        );
      }
      store = await open();
    }
    if (leftBehind) notices.push(await keepFromBefore(vault));
    try {
      lock.confirm();
    } catch (error) {
      store.close();
      throw error;
    }
    const loaded = store.load();
    vault.attach(store);
    return { lock, store, vault, loaded, notices };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whatever became of it: where there was a backup there was a state, and it is not forgotten unasked. */
const hasDatabaseBackup = (vault: Vault): boolean =>
  vault.list().some((backup) => backup.kind === 'database');

/** Started empty where there was a state: its newest good backup must not be rotated out meanwhile. */
async function keepFromBefore(vault: Vault): Promise<string> {
  const newest = vault.list().find(({ kind, verified }) => kind === 'database' && verified);
  const pinned = newest && (await vault.pin(newest.id).catch(() => null));
  return `Holdfast has started empty, as you asked. ${
    pinned ? `The newest good backup, ${pinned.id}, has been pinned: restore it to go back.` : ''
  }`.trimEnd();
}

/** Puts the newest backup that proves good in place of a database that could not be opened. */
async function recoverNewest(vault: Vault): Promise<string> {
  const newest = await vault.newestGood();
  if (!newest) {
    throw new Failure(
      'DATABASE_DAMAGED',
      'The database is damaged and there is no usable backup to recover from. Import one with "npm run backups -- import FILE".',
    );
  }
  const nothing = async (): Promise<void> => {};
  const hooks = { stopLoop: nothing, resumed: nothing, abandoned: nothing, wentBack: nothing };
  return (await vault.restore(newest.id, hooks)).text;
}

/** Keeps the database as it is before its schema changes; a start without that backup is refused. */
async function backUpBeforeUpgrade(vault: Vault, path: string, version: number): Promise<void> {
  vault.attach(oldDatabase(path));
  try {
    await vault.create({ class: 'before-upgrade', reason: `from schema ${version}` });
  } finally {
    vault.attach(null);
  }
}
