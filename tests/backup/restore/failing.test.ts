import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  finishInterrupted,
  restoreFiles,
} from '../../../src-main/backup/restore/restore-journal.ts';
import type { Bench } from '../support.ts';
import {
  monitorOf,
  openBench,
  openTestStore,
  ownFolder,
  sizeNow,
  smallDisk,
  touch,
} from '../support.ts';

const crowd = (size: string) =>
  Array.from({ length: 400 }, (_, n) => monitorOf(`C${n}USDT`, { size }));

/** A backup of size 1 behind a live state of size 2, both too large for what is left of the disk. */
async function twoLargeStates(dataDir: string): Promise<Bench & { id: string }> {
  const bench = await openBench({ dataDir, folder: join(ownFolder(), 'backups') });
  bench.store.save('monitor-created', {
    monitors: [...crowd('1'), monitorOf('BTCUSDT', { size: '1' })],
  });
  const { id } = await bench.vault.create({ class: 'manual', reason: 'one' });
  touch(bench.store, '2');
  return { ...bench, id };
}

/** Leaves so many bytes free. */
function fill(disk: string, left: number): void {
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize - left));
}

/** The state before a restore is live, takes saves, and survives a start. */
async function isAsBefore({ store, vault, dataDir, told }: Bench): Promise<void> {
  // Without loading anew: the desk goes on with what it has.
  expect(store.save('phase-change', { monitors: [monitorOf('BTCUSDT', { size: '3' })] })).toBe(
    'durable',
  );
  expect(await store.check('full')).toEqual([]);
  expect(vault.undoAvailable()).toBeNull();
  expect(told.at(-1)).toBe('abandoned');
  expect(sizeNow(store)).toBe('3');
  expect(store.load().monitors).toHaveLength(401);
  const seen = new Database(join(dataDir, 'holdfast.db'), { readonly: true });
  expect(
    seen.prepare(`SELECT data ->> 'size' FROM monitors WHERE key LIKE '%BTC%'`).pluck().get(),
  ).toBe('3');
  seen.close();
}

describe('D1 a restore that fails leaves the old state, and it is saved to', () => {
  it('D1 when the disk is full while the data is replaced', async ({ skip }) => {
    const disk = smallDisk(12) ?? skip('this user may not mount a small disk');
    const bench = await twoLargeStates(disk);
    const stopLoop = async (): Promise<void> => fill(disk, 100_000);
    const restoring = bench.vault.restore(bench.id, { ...bench.hooks, stopLoop });
    await expect(restoring).rejects.toThrow();
    rmSync(join(disk, 'ballast'));
    await isAsBefore(bench);
    await bench.vault.restore(bench.id, bench.hooks);
    expect(sizeNow(bench.store)).toBe('1');
  });

  it('D1 when another program holds the database', async () => {
    const bench = await twoLargeStates(ownFolder());
    const other = new Database(bench.store.path);
    onTestFinished(() => void other.close());
    const stopLoop = async (): Promise<void> => void other.exec('BEGIN IMMEDIATE');
    const restoring = bench.vault.restore(bench.id, { ...bench.hooks, stopLoop });
    await expect(restoring).rejects.toThrow();
    other.exec('ROLLBACK');
    await isAsBefore(bench);
  });

  it('D1 when what the loop was stopped with fails', async () => {
    const bench = await twoLargeStates(ownFolder());
    const stopLoop = async (): Promise<void> => Promise.reject(new Error('The loop hangs.'));
    await expect(bench.vault.restore(bench.id, { ...bench.hooks, stopLoop })).rejects.toThrow(
      /loop hangs/,
    );
    await isAsBefore(bench);
  });

  it('D8 says that nothing was changed only where that is so', async ({ skip }) => {
    const disk = smallDisk(12) ?? skip('this user may not mount a small disk');
    const bench = await twoLargeStates(disk);
    // The record of the restore cannot be written: a folder is in its way.
    mkdirSync(join(disk, 'restored.json.partial'));
    const report = await bench.vault.restore(bench.id, bench.hooks);
    expect(report.outcome).toBe('done');
    expect(bench.told).toEqual(['stopped', 'resumed']);
    expect(sizeNow(bench.store)).toBe('1');
    expect(bench.vault.paused()).not.toBeNull();
    touch(bench.store, '4');
    // The next start finds it in place and only writes that down.
    expect(existsSync(restoreFiles(disk).intent)).toBe(true);
    rmSync(join(disk, 'restored.json.partial'), { recursive: true });
    bench.store.close();
    expect(await finishInterrupted(disk)).toMatchObject({ outcome: 'completed' });
    const store = await openTestStore(disk, bench.clock);
    expect(sizeNow(store)).toBe('4');
    store.close();
  });
});

describe('F5 what fails after the swap brings the state before back', () => {
  it('F5 a desk that cannot go on with the new state', async () => {
    const bench = await twoLargeStates(ownFolder());
    const back: string[] = [];
    const hooks = {
      ...bench.hooks,
      resumed: async (): Promise<void> => Promise.reject(new Error('No such monitor.')),
      wentBack: async (why: string): Promise<void> => {
        back.push(why);
        expect(sizeNow(bench.store)).toBe('2');
      },
    };
    await expect(bench.vault.restore(bench.id, hooks)).rejects.toThrow(
      /No such monitor.*is back.*disarmed/,
    );
    expect(back).toHaveLength(1);
    expect(bench.vault.paused()?.why).toMatch(/Your previous state is back/);
    expect(
      bench.store.save('phase-change', { monitors: [monitorOf('BTCUSDT', { size: '5' })] }),
    ).toBe('durable');
    expect(sizeNow(bench.store)).toBe('5');
    expect(await bench.store.check('full')).toEqual([]);
  });
});
