import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { positionKey } from '../../src-main/domain/keys.ts';
import { setMeta } from '../../src-main/persistence/file/meta.ts';
import { sampleMonitor } from './samples.ts';
import { copyOf, countOf, openBench, openLoaded, outsider } from './support.ts';

const monitors = (count: number, size: string) =>
  Array.from({ length: count }, (_, index) => sampleMonitor({ symbol: `C${index}USDT`, size }));

test('P40 data is not replaced while another program holds the database: a failure, not an empty success', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: monitors(3, '1') });
  const copy = copyOf(dataDir);
  store.save('fill', { monitors: monitors(3, '2') });
  const holder = outsider(dataDir);
  holder.exec('BEGIN IMMEDIATE');
  store.refuseWrites('A backup is being restored.');
  await expect(store.replaceFrom(copy)).rejects.toThrow();
  holder.exec('ROLLBACK');
  expect(store.load().monitors.map(({ size }) => size)).toEqual(['2', '2', '2']);
});

test('P41 replaced data is another epoch, and nothing of the old waits to come back', async () => {
  const { store, dataDir, clock } = await openLoaded();
  store.save('monitor-created', { monitors: monitors(3, '1') });
  const target = copyOf(dataDir);
  const copy = new Database(target);
  setMeta(copy, 'dataEpoch', 'of the copy');
  copy.close();

  store.save('monitor-removed', {
    removedMonitors: [positionKey({ account: 'main', symbol: 'C0USDT', positionIdx: 0 })],
    monitors: [sampleMonitor()],
  });
  store.save('checked', { monitors: [sampleMonitor({ size: '0.1' })] });
  await expect(store.replaceFrom(target)).rejects.toThrow(/Writes must be refused/);
  store.refuseWrites('A backup is being restored.');
  await store.replaceFrom(target);
  expect(() => store.save('fill', {})).toThrow('A backup is being restored.');
  const state = store.load();
  store.allowWrites();
  expect(state.monitors).toEqual(monitors(3, '1'));
  expect(state.dataEpoch).toBe('of the copy');
  expect(store.epoch()).toBe('of the copy');

  clock.advance(120_000);
  expect(countOf(dataDir, 'monitors')).toBe(3);
  expect(outsider(dataDir).pragma('integrity_check', { simple: true })).toBe('ok');
  expect(store.save('fill', { monitors: monitors(1, '9') })).toBe('durable');
  store.close();
  const again = (await openBench(dataDir)).store.load();
  expect(again.monitors.map((monitor) => monitor.size).sort()).toEqual(['1', '1', '9']);
  expect(again.dataEpoch).toBe(state.dataEpoch);
});
