import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createEmpty, databasePath } from '../../../src-main/persistence/file/database.ts';
import { sampleMonitor } from '../samples.ts';
import { openBench, openLoaded, ownFolder } from '../support.ts';

const crowd = (size: string) =>
  Array.from({ length: 300 }, (_, index) => sampleMonitor({ symbol: `C${index}USDT`, size }));

/** Leaves a database as a kill in the middle of a transaction with a rollback journal does. */
async function killedInTheMiddle(dataDir: string): Promise<void> {
  const { store } = await openLoaded(dataDir);
  store.save('monitor-created', { monitors: crowd('1') });
  store.close();
  const code = `
    const Database = require('better-sqlite3');
    const db = new Database(process.argv[1]);
    db.pragma('journal_mode = delete');
    db.pragma('cache_size = 1');
    db.exec("BEGIN; UPDATE monitors SET hash = 'x', data = data || ' '");
    process.kill(process.pid, 'SIGKILL');`;
  const died = (): unknown =>
    execFileSync(process.execPath, ['-e', code, databasePath(dataDir)], { stdio: 'ignore' });
  expect(died).toThrow();
  expect(existsSync(`${databasePath(dataDir)}-journal`)).toBe(true);
}

test('F3 a hot journal is played back before the database is judged', async () => {
  const dataDir = ownFolder();
  await killedInTheMiddle(dataDir);
  const { store } = await openBench(dataDir);
  const { monitors, quarantined } = store.load();
  expect(monitors).toHaveLength(300);
  expect(quarantined).toEqual([]);
  expect(await store.check('full')).toEqual([]);
  expect(existsSync(`${databasePath(dataDir)}-journal`)).toBe(false);
});

test('F3 a journal beside a damaged database goes with it and never into its successor', async () => {
  const dataDir = ownFolder();
  await killedInTheMiddle(dataDir);
  const path = databasePath(dataDir);
  rmSync(path);
  writeFileSync(path, 'This is no database any more.');
  await expect(openBench(dataDir)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' });
  expect(readdirSync(dataDir).filter((name) => /^holdfast\.db(-.*)?$/.test(name))).toEqual([]);
});

test('D15 an empty database never starts on the log of a lost one', () => {
  const dataDir = ownFolder();
  const path = databasePath(dataDir);
  createEmpty(path, 0, () => {});
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  db.pragma('wal_autocheckpoint = 0');
  db.exec("INSERT INTO meta (name, value) VALUES ('dataEpoch', 'lost')");
  rmSync(path); // the log stays behind: nothing folds it back into a file that is gone
  createEmpty(path, 0, () => {});
  const fresh = new Database(path);
  expect(fresh.prepare('SELECT count(*) FROM meta').pluck().get()).toBe(0);
  fresh.close();
  db.close();
  expect(readdirSync(dataDir).some((name) => /damaged-.*-wal$/.test(name))).toBe(true);
});
