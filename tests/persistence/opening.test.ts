import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { Failure } from '../../src-main/domain/failure.ts';
import { unplanned } from '../../src-main/domain/monitor.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { sampleMonitor } from './samples.ts';
import { openBench, openLoaded, ownFolder } from './support.ts';

async function refusal(dataDir: string): Promise<Failure> {
  try {
    await openBench(dataDir);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it was opened');
}

const damages: Record<string, (path: string) => void> = {
  'of no bytes': (path) => writeFileSync(path, ''),
  'of noise': (path) => writeFileSync(path, 'x'.repeat(8192)),
  'cut short': (path) => writeFileSync(path, readFileSync(path).subarray(0, 20_000)),
  'with a page of zeros': (path) => writeFileSync(path, readFileSync(path).fill(0, 4096, 8192)),
  'of another program': (path) => {
    writeFileSync(path, '');
    const db = new Database(path);
    db.exec('CREATE TABLE bookmarks (url TEXT); PRAGMA user_version = 1');
    db.close();
  },
};

for (const [what, damage] of Object.entries(damages)) {
  test(`P42 a database ${what} is kept and never replaced by an empty one`, async () => {
    const { store, dataDir } = await openLoaded();
    store.save('monitor-created', { monitors: [sampleMonitor()] });
    store.close();
    const path = databasePath(dataDir);
    damage(path);
    const bytes = readFileSync(path);

    const first = await refusal(dataDir);
    expect(first.code).toBe('DATABASE_DAMAGED');
    const kept = readdirSync(dataDir).find((name) => name.includes('.damaged-')) ?? '';
    expect(first.message).toContain(kept);
    expect(first.message).toContain('--recover');
    expect(readFileSync(join(dataDir, kept))).toEqual(bytes);

    expect((await refusal(dataDir)).message).toContain(kept);
    expect(existsSync(path)).toBe(false);
    const fresh = await openBench(dataDir, { startEmpty: (damaged) => damaged !== null });
    expect(fresh.store.load().monitors).toEqual([]);
  });
}

test('P42 a main file that lost the log with its tables is not taken for an empty database', async () => {
  const elsewhere = join(ownFolder(), 'live.db');
  const dataDir = ownFolder();
  const live = new Database(elsewhere);
  live.pragma('journal_mode = WAL');
  live.exec('CREATE TABLE monitors (key TEXT)');
  copyFileSync(elsewhere, databasePath(dataDir));
  live.close();
  expect((await refusal(dataDir)).message).toContain('lost its tables');
});

test('a database from a newer version is refused and not a byte of it changes', async () => {
  const { store, dataDir } = await openLoaded();
  store.close();
  const path = databasePath(dataDir);
  const newer = new Database(path);
  newer.pragma('journal_mode = delete');
  newer.pragma('user_version = 99');
  newer.close();
  const before = readFileSync(path);
  const failure = await refusal(dataDir);
  expect(failure.code).toBe('DATABASE_NEWER');
  expect(failure.message).toMatch(/schema 99.*Nothing was changed/);
  expect(readFileSync(path)).toEqual(before);
});

test('a database that another program holds is refused in words and left alone', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  store.close();
  const other = new Database(databasePath(dataDir));
  other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE');
  const failure = await refusal(dataDir);
  expect(failure.code).toBe('BUSY');
  expect(failure.message).toContain('Another program is using the database');
  other.close();
  expect((await openBench(dataDir)).store.load().monitors).toHaveLength(1);
});

test('a data folder that is a file is refused in words', async () => {
  const file = join(ownFolder(), 'taken');
  writeFileSync(file, '');
  const failure = await refusal(file);
  expect(failure.code).toBe('DATA_FOLDER');
  expect(failure.message).toContain('there is a file of that name');
});

test('a missing database is made only when nobody objects', async () => {
  const dataDir = join(ownFolder(), 'deep', 'folder');
  mkdirSync(dataDir, { recursive: true });
  await expect(openBench(dataDir, { startEmpty: () => false })).rejects.toThrow(
    /is missing, but there are backups/,
  );
  expect(readdirSync(dataDir)).toEqual([]);
  const { store } = await openBench(dataDir);
  expect(store.load().dataEpoch).not.toBe('');
});

test('monitors of the first version are read as they were, after a backup, and saved as of the second', async () => {
  const dataDir = ownFolder();
  const old = new Database(databasePath(dataDir));
  old.exec(readFileSync(join(import.meta.dirname, 'first-monitors.sql'), 'utf8'));
  old.close();
  const backedUp: number[] = [];
  const beforeMigration = (_path: string, version: number) => void backedUp.push(version);
  const { store, troubles } = await openBench(dataDir, { beforeMigration });
  expect(backedUp).toEqual([2]);
  const [main, mirror] = store.load().monitors;
  expect(main).toMatchObject({
    version: 2,
    account: 'main',
    opening: null,
    size: '0.03',
    entries: [
      { orderId: 'e1', planned: true },
      { orderId: 'e2', open: true },
    ],
    takeProfits: [
      { orderId: 't1', state: 'filled' },
      { orderId: 't2', state: 'open' },
    ],
    stop: { price: '64077.4' },
    breakevenMoved: true,
    ...unplanned(),
  });
  expect(mirror).toMatchObject({ symbol: 'ETHUSDT', side: 'short', stop: null });
  if (!main) throw new Error('it is lost');
  store.save('phase-change', { monitors: [{ ...main, opening: 1 }] });
  store.close();

  const again = await openBench(dataDir, { beforeMigration });
  expect(again.store.load().monitors).toEqual([{ ...main, opening: 1 }, mirror]);
  expect(backedUp).toEqual([2]);
  expect([...troubles, ...again.troubles]).toEqual([]);
});
