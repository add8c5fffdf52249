import type { BackupForecast, BackupPreview } from '../../src-preload/contract/backups.ts';
import type { Backup } from '../backup/files/manifest.ts';
import { installOf, vaultFolder } from '../backup/files/place.ts';
import type { Source } from '../backup/files/source.ts';
import { databaseAtRest } from '../backup/restore/database-at-rest.ts';
import type { RestoreHooks } from '../backup/restore/restore-database.ts';
import { finishInterrupted } from '../backup/restore/restore-journal.ts';
import type { Vault } from '../backup/vault.ts';
import { createVault } from '../backup/vault.ts';
import { systemClock } from '../domain/clock.ts';
import { Failure } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import { databasePath } from '../persistence/file/database.ts';
import { lockDataFolder } from '../persistence/file/lock.ts';
import type { CallDesk } from './running-desk.ts';
import { savedSettings } from './saved-settings.ts';

interface Listed {
  sources: Source[];
  backups: Backup[];
}

/** The vault as the command line uses it, through a running desk or on the data folder itself. */
export interface VaultOperator {
  list(): Promise<Listed>;
  forecast(): Promise<BackupForecast>;
  create(request: { source?: string; note?: string }): Promise<Backup>;
  show(id: string): Promise<BackupPreview>;
  verify(id: string): Promise<Backup>;
  restore(
    id: string,
    folder?: string,
  ): Promise<{ id: string; counts: Record<string, number>; text: string }>;
  undo(): Promise<{ text: string }>;
  dismissUndo(): Promise<{ dismissed: boolean }>;
  pin(id: string): Promise<Backup>;
  unpin(id: string): Promise<Backup>;
  delete(id: string): Promise<{ id: string }>;
  export(id: string, folder: string): Promise<{ path: string }>;
  import(file: string): Promise<Backup>;
  close(): Promise<void>;
}

/** Asks the desk that has the data folder open. */
export function throughDesk(call: CallDesk): VaultOperator {
  const ask =
    <Answer>(command: string) =>
    (input: object) =>
      call(command, input) as Promise<Answer>;
  const withId =
    <Answer>(command: string) =>
    (id: string) =>
      call(command, { id }) as Promise<Answer>;
  return {
    list: () => ask<Listed>('state.get')({ slice: 'backups' }),
    forecast: () => ask<BackupForecast>('backups.forecast')({}),
    create: ask('backups.create'),
    show: withId('backups.show'),
    verify: withId('backups.verify'),
    restore: (id, folder) =>
      ask<{ id: string; counts: Record<string, number>; text: string }>('backups.restore')({
        id,
        confirm: id,
        ...(folder !== undefined && { folder }),
      }),
    dismissUndo: () => ask<{ dismissed: boolean }>('backups.dismissUndo')({}),
    undo: () => ask<{ text: string }>('backups.undo')({ confirm: 'UNDO' }),
    pin: withId('backups.pin'),
    unpin: withId('backups.unpin'),
    delete: (id) => ask<{ id: string }>('backups.delete')({ id, confirm: id }),
    export: (id, folder) => ask<{ path: string }>('backups.export')({ id, folder }),
    import: (file) => ask<Backup>('backups.import')({ file }),
    close: async () => {},
  };
}

/** What applies on the command line, where nothing asks the saved settings: nothing is rotated by age. */
const KEEP_ALL = { minimumMinutes: 15, keepRoutine: 1000, sizeLimitMB: 1_000_000 };

/** Works on the data folder itself, under its lock; ends a restore that was cut off first. */
export async function onFolder(
  dataDir: string,
  { programVersion, log }: { programVersion: string; log: Log },
): Promise<VaultOperator> {
  const lock = lockDataFolder(dataDir, { pid: process.pid });
  let database: ReturnType<typeof databaseAtRest> = null;
  try {
    const finished = await finishInterrupted(dataDir);
    if (finished) log.info(finished.text);
    const path = databasePath(dataDir);
    database = databaseAtRest(path);
    lock.confirm();
    const vault = createVault({
      dataDir,
      folder: vaultFolder(dataDir),
      database,
      databasePath: path,
      clock: systemClock,
      log,
      settings: () => KEEP_ALL,
      programVersion,
      ...(await installOf(dataDir)),
      onChange: () => {},
      onTrouble: ({ text }) => log.warn(text),
    });
    await vault.open();
    const close = async (): Promise<void> => {
      await vault.stop();
      database?.close();
      lock.release();
    };
    return {
      ...overVault(vault, close),
      forecast: async () => vault.foresee(savedSettings(path).backup),
    };
  } catch (error) {
    database?.close();
    lock.release();
    throw error;
  }
}

/** Nothing runs, so there is nothing to stop: the next start is paused by the restore's own record. */
const quietHooks: RestoreHooks = {
  async stopLoop() {},
  async resumed(report) {
    if (report.outcome === 'at-next-start') throw new Failure('DATABASE_DAMAGED', report.text);
  },
  async abandoned() {},
  async wentBack() {},
};

const overVault = (vault: Vault, close: () => Promise<void>): Omit<VaultOperator, 'forecast'> => ({
  list: async () => ({ sources: vault.sources(), backups: vault.list() }),
  create: ({ source, note }) =>
    vault.create({
      ...(source === undefined ? {} : { source }),
      class: 'manual',
      reason: 'asked for on the command line',
      note: note ?? null,
    }),
  show: vault.preview,
  verify: vault.verify,
  restore: (id, folder) => vault.restore(id, quietHooks, folder),
  async dismissUndo() {
    const dismissed = vault.undoAvailable() !== null;
    await vault.dismissUndo();
    return { dismissed };
  },
  undo: () => vault.undo(quietHooks),
  pin: vault.pin,
  unpin: vault.unpin,
  async delete(id) {
    await vault.delete(id, id);
    return { id };
  },
  export: async (id, folder) => ({ path: await vault.export(id, folder) }),
  import: vault.import,
  close,
});

/** A log for the command line: sentences only. */
export const plainLog = (write: (line: string) => void): Log => {
  const line = (text: string, facts: Record<string, unknown> = {}): void => {
    if (facts['kind'] === 'backup-failed') return; // what was asked for fails with the same sentence
    const why = facts['text'] ?? facts['why'];
    write(typeof why === 'string' ? `${text}: ${why}\n` : `${text}\n`);
  };
  return { info: line, warn: line, error: line };
};
