import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { positionKey } from '../../src-main/domain/keys.ts';
import { setMeta } from '../../src-main/persistence/file/meta.ts';
import { sampleMonitor } from './samples.ts';
import { openBench, openLoaded, outsider, ownFolder } from './support.ts';

const monitors = (count: number, size: string) =>
  Array.from({ length: count }, (_, index) => sampleMonitor({ symbol: `C${index}USDT`, size }));

test('P40 a copy holds what waited as well, and its pages are counted', async () => {
  const { store } = await openLoaded();
  store.save('monitor-created', { monitors: monitors(500, '1') });
  store.save('checked', { monitors: [sampleMonitor()] });
  const target = join(ownFolder(), 'copy.db');
  const progress: [number, number][] = [];
  const { pages } = await store.backup(target, (done, total) => void progress.push([done, total]));
  const copy = new Database(target, { readonly: true });
  expect(copy.pragma('page_count', { simple: true })).toBe(pages);
  expect(copy.prepare('SELECT count(*) FROM monitors').pluck().get()).toBe(501);
  expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
  copy.close();
  expect(progress.at(-1)).toEqual([pages, pages]);
  expect(progress.length).toBeGreaterThan(1);
});

test('P40 a copy onto a file that another program holds is a failure, not an empty success', async () => {
  const { store } = await openLoaded();
  const target = join(ownFolder(), 'held.db');
  const holder = new Database(target);
  holder.exec('CREATE TABLE a (b); BEGIN EXCLUSIVE');
  await expect(store.backup(target)).rejects.toThrow();
  holder.close();
});

test('saves go on while a copy is made, and the copy is one moment', async () => {
  const { store } = await openLoaded();
  store.save('monitor-created', { monitors: monitors(2_000, '1') });
  const target = join(ownFolder(), 'copy.db');
  let saved = 0;
  await store.backup(target, () => {
    saved++;
    const outcome = store.save('fill', { monitors: monitors(3, String(saved)) });
    expect(outcome).toBe('durable');
  });
  expect(saved).toBeGreaterThan(3);
  const copy = new Database(target, { readonly: true });
  const sizes = copy
    .prepare<[], string>(`SELECT DISTINCT data ->> 'size' FROM monitors LIMIT 3`)
    .pluck()
    .all();
  copy.close();
  expect(sizes.length).toBeLessThanOrEqual(2);
});

test('a copy can be called off', async () => {
  const { store } = await openLoaded();
  store.save('monitor-created', { monitors: monitors(2_000, '1') });
  const off = new AbortController();
  const copying = store.backup(join(ownFolder(), 'copy.db'), () => off.abort(), off.signal);
  await expect(copying).rejects.toThrow(/abort/i);
  expect(store.save('fill', { monitors: monitors(1, '2') })).toBe('durable');
});

test('P41 replaced data is another epoch, and nothing of the old waits to come back', async () => {
  const { store, dataDir, clock } = await openLoaded();
  store.save('monitor-created', { monitors: monitors(3, '1') });
  const target = join(ownFolder(), 'copy.db');
  await store.backup(target);
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
  expect(store.counts()).toMatchObject({ monitors: 3 });
  expect(outsider(dataDir).pragma('integrity_check', { simple: true })).toBe('ok');
  expect(store.save('fill', { monitors: monitors(1, '9') })).toBe('durable');
  store.close();
  const again = (await openBench(dataDir)).store.load();
  expect(again.monitors.map((monitor) => monitor.size).sort()).toEqual(['1', '1', '9']);
  expect(again.dataEpoch).toBe(state.dataEpoch);
});
