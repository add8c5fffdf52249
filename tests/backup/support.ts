import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { expect, onTestFinished } from 'vitest';
import type { Manifest } from '../../src-main/backup/files/manifest.ts';
import { partsAt } from '../../src-main/backup/files/stored.ts';
import { objectsIn, openObjects } from '../../src-main/backup/objects/object-folder.ts';
import { problemOf, proveParts } from '../../src-main/backup/objects/unpack.ts';
import type { VaultOptions, VaultSettings, VaultTrouble } from '../../src-main/backup/options.ts';
import type {
  RestoreHooks,
  RestoreReport,
} from '../../src-main/backup/restore/restore-database.ts';
import type { Vault } from '../../src-main/backup/vault.ts';
import { createVault } from '../../src-main/backup/vault.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { type Monitor, unplanned } from '../../src-main/domain/monitor.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import type { Store } from '../../src-main/persistence/store.ts';
import { manualClock } from '../support/manual-clock.ts';

/** A folder of its own for one test, gone afterwards. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-backup-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Bench {
  dataDir: string;
  folder: string;
  clock: ReturnType<typeof manualClock>;
  store: Store;
  vault: Vault;
  troubles: VaultTrouble[];
  settings: ReturnType<VaultOptions['settings']>;
  /** What the hooks of a restore were told, in order. */
  told: string[];
  hooks: RestoreHooks;
  reports: RestoreReport[];
}

export const openTestStore = async (
  dataDir: string,
  clock: ReturnType<typeof manualClock>,
): Promise<Store> => {
  let ids = 0;
  const store = await openStore({
    dataDir,
    clock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: '0.1.0',
    newId: () => `id-${clock.now()}-${ids++}`,
    beforeMigration: () => {},
    onTrouble: () => {},
  });
  store.load();
  return store;
};

/** A loaded store and an opened vault over it, on real files, with a clock that stands still. */
export async function openBench(changes: Partial<VaultOptions> = {}): Promise<Bench> {
  const dataDir = changes.dataDir ?? ownFolder();
  const clock = manualClock();
  const folder = changes.folder ?? join(dataDir, 'backups');
  const troubles: VaultTrouble[] = [];
  const settings: VaultSettings = { minimumMinutes: 15, keepRoutine: 10, sizeLimitMB: 500 };
  const store = await openTestStore(dataDir, clock);
  const vault = createVault({
    dataDir,
    folder,
    database: store,
    databasePath: databasePath(dataDir),
    clock,
    log: silentLog,
    settings: () => settings,
    programVersion: '0.1.0',
    installId: 'install-a',
    spareBytes: 1_000_000,
    onChange: () => {},
    onTrouble: (trouble) => void troubles.push(trouble),
    ...changes,
  });
  await vault.open();
  onTestFinished(async () => {
    await vault.stop();
    store.close();
  });
  const told: string[] = [];
  const reports: RestoreReport[] = [];
  const hooks: RestoreHooks = {
    stopLoop: async () => void told.push('stopped'),
    resumed: async (report) => {
      store.load();
      reports.push(report);
      told.push('resumed');
    },
    abandoned: async () => void told.push('abandoned'),
    wentBack: async () => void told.push('went back'),
  };
  return { dataDir, folder, clock, store, vault, troubles, settings, told, hooks, reports };
}

/** Changes one monitor, so that there is something new to back up. */
export function touch(store: Store, size: string, changes: Partial<Monitor> = {}): void {
  store.save('phase-change', { monitors: [monitorOf('BTCUSDT', { size, ...changes })] });
}

export const monitorOf = (symbol: string, changes: Partial<Monitor> = {}): Monitor => ({
  version: 2,
  opening: null,
  otherStops: [],
  ...unplanned(),
  account: 'main',
  symbol,
  positionIdx: 0,
  side: 'long',
  phase: 'protected',
  targetSize: '100',
  size: '0.2',
  entryPrice: '64000.5',
  entries: [],
  takeProfits: [],
  stop: null,
  breakevenMoved: false,
  lastExecution: null,
  openedAt: 1_748_736_000_000,
  phaseChangedAt: 1_748_736_000_000,
  updatedAt: 1_748_736_000_000,
  ...changes,
});

export const sizeNow = (store: Store): string | undefined =>
  store.load().monitors.find(({ symbol }) => symbol === 'BTCUSDT')?.size;

/** Flips one bit of a file. */
export function flipBit(path: string, at: number): void {
  const bytes = readFileSync(path);
  if (at >= bytes.length) throw new RangeError(`${path} has only ${bytes.length} bytes.`);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** What a backup in a vault, or an exported one, holds. */
export function contentOf(stored: string): Buffer {
  const parts = partsAt(stored);
  if (!parts) return zstdDecompressSync(readFileSync(stored));
  const { installId } = JSON.parse(readFileSync(stored.replace(/backup$/, 'json'), 'utf8')) as {
    installId: string;
  };
  const pieces: Buffer[] = [];
  const objects = openObjects(objectsIn(dirname(stored), installId));
  const proof = proveParts(objects, parts, { into: (bytes) => void pieces.push(bytes) });
  expect(problemOf(proof)).toBeNull();
  return Buffer.concat(pieces);
}

/** A content in the first format, one frame, with what its manifest says of it. */
export function inOneFrame(content: Buffer): { stored: Buffer; facts: Partial<Manifest> } {
  const stored = zstdCompressSync(content, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
  const facts = {
    formatVersion: 1 as const,
    size: content.length,
    storedSize: stored.length,
    newSize: null,
    listSize: null,
    sha256: hash('sha256', stored, 'hex'),
    contentSha256: hash('sha256', content, 'hex'),
  };
  return { stored, facts };
}

/** The objects of a vault, by name. */
export function objectsOf(folder: string, installId = 'install-a'): string[] {
  const objects = objectsIn(folder, installId);
  return existsSync(objects) ? readdirSync(objects).toSorted() : [];
}

/** A small disk of its own, `null` where this user may not mount one. */
export function smallDisk(megabytes: number): string | null {
  const folder = ownFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  return folder;
}

/** A disk on which writing can be made to hang, as on a network folder that is gone; `null` where it cannot be had. */
export function freezableDisk(): { folder: string; freeze: () => void; thaw: () => void } | null {
  const folder = ownFolder();
  const image = join(ownFolder(), 'disk');
  const run = (command: string, ...words: string[]): void =>
    void execFileSync(command, words, { stdio: 'ignore' });
  try {
    run('truncate', '-s', '32M', image);
    run('mkfs.ext4', '-q', '-F', image);
    run('mount', '-o', 'loop', image, folder);
  } catch {
    return null;
  }
  let frozen = false;
  const thaw = (): void => {
    if (frozen) run('fsfreeze', '--unfreeze', folder);
    frozen = false;
  };
  onTestFinished(() => {
    thaw();
    run('umount', '-l', folder);
  });
  return {
    folder,
    freeze() {
      run('fsfreeze', '--freeze', folder);
      frozen = true;
    },
    thaw,
  };
}
