import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Failure } from '../../src-main/domain/failure.ts';
import { lockDataFolder } from '../../src-main/persistence/file/lock.ts';
import { sampleMonitor } from './samples.ts';
import { ballastIn, fill, openBench, openLoaded, smallDisk } from './support.ts';

const crowd = (size: string) =>
  Array.from({ length: 300 }, (_, index) => sampleMonitor({ symbol: `C${index}USDT`, size }));

test('on a full disk every change is kept, told, and saved once there is room', async (context) => {
  const disk = smallDisk(context);
  const { store, clock, troubles, dataDir } = await openLoaded(disk);
  store.save('monitor-created', { monitors: crowd('1') });
  fill(disk);
  expect(store.save('fill', { monitors: crowd('2') })).toBe('kept');
  expect(store.save('stop-hit', { removedMonitors: [] })).toBe('kept');
  expect(troubles).toMatchObject([{ kind: 'saving-fails', stopped: false }]);
  expect(troubles[0]?.text).toMatch(/is full\. Free some space/);
  clock.advance(120_000);
  const { failed, notSavedSince, dirtyRows } = store.statistics();
  expect({ notSavedSince, dirtyRows }).toEqual({
    notSavedSince: clock.now() - 120_000,
    dirtyRows: 301,
  });
  expect(failed).toBeGreaterThan(5);
  expect(await store.check('full')).toEqual([]);

  rmSync(ballastIn(disk));
  clock.advance(30_000);
  expect(store.statistics()).toMatchObject({ dirtyRows: 0, notSavedSince: null });
  store.close();
  const { monitors } = (await openBench(dataDir)).store.load();
  expect(monitors.every((monitor) => monitor.size === '2')).toBe(true);
});

test('a start on a full disk says so and leaves nothing half made', async (context) => {
  const disk = smallDisk(context);
  fill(disk);
  const failureOf = async (act: () => unknown): Promise<Failure | null> => {
    try {
      await act();
    } catch (error) {
      if (error instanceof Failure) return error;
      throw error;
    }
    return null;
  };
  expect((await failureOf(() => lockDataFolder(disk, { pid: 1 })))?.code).toBe('DISK_FULL');
  expect((await failureOf(() => openBench(disk)))?.code).toBe('DISK_FULL');
  rmSync(ballastIn(disk));
  lockDataFolder(disk, { pid: 1 }).release();
  expect((await openBench(disk)).store.load().monitors).toEqual([]);
});

test('a folder that cannot be written is refused with a sentence', async (context) => {
  const disk = smallDisk(context);
  execFileSync('mount', ['-o', 'remount,ro', disk]);
  const act = (): unknown => lockDataFolder(disk, { pid: 1 });
  expect(act).toThrow(Failure);
  expect(act).toThrow(/cannot be read or written.*Check its permissions/);
});
