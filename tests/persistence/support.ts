import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { onTestFinished, type TestContext } from 'vitest';
import { silentLog } from '../../src-main/domain/log.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import type { Store, StoreOptions, StoreTrouble } from '../../src-main/persistence/store.ts';
import { manualClock } from '../support/manual-clock.ts';

/** A folder of its own for one test, gone afterwards. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-persistence-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Bench {
  store: Store;
  clock: ReturnType<typeof manualClock>;
  troubles: StoreTrouble[];
  dataDir: string;
}

/** A store on real files with a clock that stands still; closed after the test. */
export async function openBench(
  dataDir = ownFolder(),
  changes: Partial<StoreOptions> = {},
): Promise<Bench> {
  const clock = manualClock();
  const troubles: StoreTrouble[] = [];
  let ids = 0;
  const store = await openStore({
    dataDir,
    clock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: '0.1.0',
    newId: () => `id-${process.pid}-${performance.now()}-${ids++}`,
    beforeMigration: () => {},
    onTrouble: (trouble) => void troubles.push(trouble),
    ...changes,
  });
  onTestFinished(() => store.close());
  return { store, clock, troubles, dataDir };
}

/** The same, already loaded. */
export async function openLoaded(
  dataDir?: string,
  changes?: Partial<StoreOptions>,
): Promise<Bench> {
  const bench = await openBench(dataDir, changes);
  bench.store.load();
  return bench;
}

/** What another program sees of the database right now; closed after the test. */
export function outsider(dataDir: string): Database.Database {
  const db = new Database(databasePath(dataDir), { timeout: 0 });
  onTestFinished(() => void db.close());
  return db;
}

/** A copy of the database as it is on the disk now. */
export function copyOf(dataDir: string): string {
  const target = join(ownFolder(), 'copy.db');
  outsider(dataDir).prepare('VACUUM INTO ?').run(target);
  return target;
}

/** How many rows a table has on the disk. */
export const countOf = (dataDir: string, table: string): number =>
  outsider(dataDir).prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

/** A disk of so many MB; where this user may not mount one the test is skipped in words. */
export function smallDisk(context: TestContext, megabytes = 6): string {
  const folder = ownFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    process.stdout.write('Full disk not tried: this user may not mount a small one.\n');
    context.skip();
  }
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return folder;
}

export const ballastIn = (disk: string): string => join(disk, 'ballast');

/** Leaves less than one page free. */
export function fill(disk: string): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(ballastIn(disk), Buffer.alloc(bavail * bsize));
}
