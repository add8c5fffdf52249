import { createHash } from 'node:crypto';
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
import { expect, it, onTestFinished } from 'vitest';
import { databaseAtRest } from '../../../src-main/backup/restore/database-at-rest.ts';
import {
  finishInterrupted,
  restoreFiles,
} from '../../../src-main/backup/restore/restore-journal.ts';
import { replaceContent } from '../../../src-main/persistence/file/copy.ts';
import { databasePath } from '../../../src-main/persistence/file/database.ts';
import type { Bench } from '../support.ts';
import { flipBit, monitorOf, openBench, openTestStore, sizeNow, touch } from '../support.ts';

/** Restores over a database that dies in the middle of being replaced, as at a power cut. */
async function cutOff(bench: Bench, when: 'before' | 'after'): Promise<void> {
  const { vault, store, hooks } = bench;
  const dead = Promise.withResolvers<never>();
  onTestFinished(() => dead.reject(new Error('the test is over')));
  const reached = Promise.withResolvers<void>();
  vault.attach({
    ...store,
    async replaceFrom(path) {
      if (when === 'after') await store.replaceFrom(path);
      reached.resolve();
      return dead.promise;
    },
  });
  const [first] = vault.list().toReversed();
  vault.restore(first?.id ?? '', hooks).catch(() => {});
  await reached.promise;
}

async function twoStates(): Promise<Bench> {
  const bench = await openBench();
  touch(bench.store, '1');
  await bench.vault.create({ class: 'manual', reason: 'one' });
  touch(bench.store, '2');
  return bench;
}

/** The data folder as a crash leaves it, without the process that still holds the original. */
function leftBehind(bench: Bench): string {
  const folder = join(bench.dataDir, 'after-the-crash');
  const names = readdirSync(bench.dataDir).filter((name) => !/backups|after|pid|lock/.test(name));
  mkdirSync(folder);
  for (const name of names) copyFileSync(join(bench.dataDir, name), join(folder, name));
  return folder;
}

it.each([
  ['before', 'not-started', '2'],
  ['after', 'completed', '1'],
] as const)('D8 cut off %s the data was replaced, a restore is %s', async (when, outcome, size) => {
  const bench = await twoStates();
  await cutOff(bench, when);
  const folder = leftBehind(bench);
  const finished = await finishInterrupted(folder);
  expect(finished?.outcome).toBe(outcome);
  if (outcome === 'completed') {
    expect(finished?.aftermath?.paused?.why).toMatch(/resume/);
    expect(finished?.aftermath?.restored).toMatchObject([{ undo: true }]);
  }
  const store = await openTestStore(folder, bench.clock);
  expect(sizeNow(store)).toBe(size);
  store.close();
  expect(await finishInterrupted(folder)).toBeNull();
  expect(readdirSync(folder).filter((name) => /stage|intent/.test(name))).toEqual([]);
});

it('D9 a copied data folder finishes its restore on the copy, never on the original', async () => {
  const bench = await twoStates();
  await cutOff(bench, 'before');
  const folder = leftBehind(bench);
  const { intent, stage } = restoreFiles(folder);
  const decided = JSON.parse(readFileSync(intent, 'utf8')) as object;
  const stageSha256 = createHash('sha256').update(readFileSync(stage)).digest('hex');
  writeFileSync(intent, JSON.stringify({ ...decided, swap: { stageSha256 } }));
  const original = readFileSync(databasePath(bench.dataDir));
  expect(readFileSync(intent, 'utf8')).not.toContain(bench.dataDir);
  expect(await finishInterrupted(folder)).toMatchObject({ outcome: 'completed' });
  const copy = await openTestStore(folder, bench.clock);
  expect(sizeNow(copy)).toBe('1');
  copy.close();
  expect(sizeNow(bench.store)).toBe('2');
  expect(readFileSync(databasePath(bench.dataDir)).equals(original)).toBe(true);
});

it('a restore cut off before it was decided leaves the old state', async () => {
  const bench = await twoStates();
  const { stage } = restoreFiles(bench.dataDir);
  writeFileSync(stage, 'half a datab');
  const folder = leftBehind(bench);
  expect(await finishInterrupted(folder)).toMatchObject({ outcome: 'not-started' });
  const store = await openTestStore(folder, bench.clock);
  expect(sizeNow(store)).toBe('2');
  store.close();
  expect(existsSync(restoreFiles(folder).stage)).toBe(false);
});

it('a decided swap whose stage rotted meanwhile leaves the old state', async () => {
  const bench = await twoStates();
  await cutOff(bench, 'before');
  const folder = leftBehind(bench);
  const { intent, stage } = restoreFiles(folder);
  const decided = { ...JSON.parse(readFileSync(intent, 'utf8')), swap: { stageSha256: '0' } };
  writeFileSync(intent, JSON.stringify(decided));
  flipBit(stage, 5_000);
  expect(await finishInterrupted(folder)).toMatchObject({ outcome: 'not-started' });
  const store = await openTestStore(folder, bench.clock);
  expect(sizeNow(store)).toBe('2');
  store.close();
});

it('a damaged database that cannot be opened is replaced and kept aside', async () => {
  const bench = await twoStates();
  const [first] = bench.vault.list();
  bench.store.close();
  const path = databasePath(bench.dataDir);
  writeFileSync(path, 'This is no database any more.');
  writeFileSync(`${path}-wal`, 'nor is this its log');
  expect(databaseAtRest(path)).toBeNull();
  bench.vault.attach(null);
  const report = await bench.vault.restore(first?.id ?? '', {
    ...bench.hooks,
    resumed: async () => {},
  });
  expect(report).toMatchObject({ outcome: 'done', beforeId: null, difference: null });
  const store = await openTestStore(bench.dataDir, bench.clock);
  expect(sizeNow(store)).toBe('1');
  store.close();
  const kept = readdirSync(bench.dataDir).filter((name) => name.includes('.damaged-'));
  expect(kept.length).toBeGreaterThan(0);
  expect(bench.vault.undoAvailable()).toBeNull();
  expect(bench.vault.paused()).not.toBeNull();
});

it('a database that is damaged while it is open is replaced all the same', async () => {
  const bench = await openBench();
  const many = Array.from({ length: 400 }, (_, n) => monitorOf(`S${n}USDT`, { size: '1' }));
  bench.store.save('monitor-created', { monitors: [...many, monitorOf('BTCUSDT', { size: '1' })] });
  const made = await bench.vault.create({ class: 'manual', reason: 'good' });
  bench.store.close();
  const path = databasePath(bench.dataDir);
  const bytes = readFileSync(path);
  for (let page = 20; page < 60; page++) bytes.fill(0xee, page * 4096, page * 4096 + 2_000);
  writeFileSync(path, bytes);
  const damaged = new Database(path);
  onTestFinished(() => void damaged.close());
  bench.vault.attach({
    path,
    flush() {},
    refuseWrites() {},
    allowWrites() {},
    replaceFrom: (from) => replaceContent(damaged, from),
    epoch: () => null,
  });
  await expect(bench.vault.create({ class: 'manual', reason: 'bad' })).rejects.toThrow(/damaged/);
  const hooks = { ...bench.hooks, resumed: async () => {} };
  const report = await bench.vault.restore(made.id, hooks);
  expect(report.outcome).toBe('done');
  expect(damaged.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(damaged.prepare('SELECT count(*) AS n FROM monitors').get()).toEqual({ n: 401 });
  // What was there is kept as it was, but not offered as a state to go back to.
  expect(bench.vault.list().find((row) => row.id === report.beforeId)?.verified).toBe(false);
  expect(bench.vault.undoAvailable()).toBeNull();
});

it('a replacement that fails leaves the old state, and the loop goes on', async () => {
  const { vault, store, hooks, told } = await twoStates();
  const [first] = vault.list();
  vault.attach({
    ...store,
    replaceFrom: async () => {
      throw new Error('The disk is full.');
    },
  });
  await expect(vault.restore(first?.id ?? '', hooks)).rejects.toThrow(/disk is full/);
  expect(told).toEqual(['stopped', 'abandoned']);
  expect(sizeNow(store)).toBe('2');
  touch(store, '3');
  expect(vault.undoAvailable()).toBeNull();
});

it('P41 D16 positions that closed since the backup are named, so that they stay closed', async () => {
  const { vault, store, hooks, reports } = await openBench();
  const trade = {
    version: 1 as const,
    id: 't1',
    account: 'main',
    symbol: 'BTCUSDT',
    positionIdx: 0 as const,
    side: 'long' as const,
    size: '1',
    entered: '1',
    left: '0',
    entryPrice: '100',
    exitPrice: null,
    grossPnl: '0',
    fees: '0',
    funding: '0',
    realisedPnl: null,
    adopted: false,
    openedAt: 1_748_736_000_000,
    closedAt: null,
    closeReason: null,
  };
  store.save('monitor-created', {
    monitors: [monitorOf('BTCUSDT'), monitorOf('ETHUSDT')],
    trades: [trade],
  });
  const made = await vault.create({ class: 'manual', reason: 'open' });
  const closed = { ...trade, size: '0', left: '1', exitPrice: '110', grossPnl: '10' };
  const end = { realisedPnl: '10', closedAt: 1_748_736_060_000, closeReason: 'take-profit' };
  const [position] = store.load().monitors.map((one) => `${one.account}/${one.symbol}/0`);
  store.save('position-closed', {
    trades: [
      { ...closed, ...end },
      { ...closed, ...end, id: 't2' },
    ],
    removedMonitors: [position as never],
    monitors: [monitorOf('SOLUSDT')],
  });
  expect(await vault.preview(made.id)).toMatchObject({
    monitorsAdded: ['BTCUSDT long, Main'],
    monitorsRemoved: ['SOLUSDT long, Main'],
    monitorsChanged: [],
    tradesLost: 1,
    closedSince: ['BTCUSDT long, Main'],
  });
  await vault.restore(made.id, hooks);
  expect(reports[0]?.difference?.closedSince).toEqual(['BTCUSDT long, Main']);
  expect(vault.paused()?.closedSince).toEqual(['BTCUSDT long, Main']);
});
