import { expect, test } from 'vitest';
import { Failure } from '../../src-main/domain/failure.ts';
import { hashOf } from '../../src-main/persistence/rows/hash.ts';
import type { StoredRow } from '../../src-main/persistence/rows/reader.ts';
import { sampleMonitor, someChange } from './samples.ts';
import { countOf, openBench, openLoaded, outsider } from './support.ts';

test('P63 a database held by another program delays a save and loses nothing', async () => {
  const { store, clock, troubles, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  const other = outsider(dataDir);
  other.exec('BEGIN IMMEDIATE');
  const failedAt = clock.now();
  expect(
    store.save('phase-change', { monitors: [sampleMonitor({ phase: 'taking-profit' })] }),
  ).toBe('kept');
  expect(troubles).toMatchObject([{ kind: 'saving-fails', since: failedAt, attempts: 1 }]);
  expect(troubles[0]?.text).toMatch(/kept in memory.*Another program is using the database/);
  expect(store.statistics()).toMatchObject({ failed: 1, notSavedSince: failedAt, dirtyRows: 2 });
  expect(() => store.flush()).toThrow(Failure);

  other.exec('ROLLBACK');
  clock.advance(2_000);
  expect(store.statistics()).toMatchObject({ notSavedSince: null, dirtyRows: 0 });
  expect(troubles.at(-1)).toMatchObject({ kind: 'saving-again', since: failedAt });
  store.close();
  expect((await openBench(dataDir)).store.load().monitors[0]?.phase).toBe('taking-profit');
});

test('after five failures in a row saves only wait and the disk is probed now and then', async () => {
  const { store, clock, troubles, dataDir } = await openLoaded();
  const other = outsider(dataDir);
  other.exec('BEGIN IMMEDIATE');
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  clock.advance(1_000 + 2_000 + 4_000 + 8_000);
  expect(store.statistics().failed).toBe(5);
  expect(troubles.map((trouble) => trouble.kind === 'saving-fails' && trouble.stopped)).toEqual([
    false,
    true,
  ]);

  for (const size of ['1', '2', '3']) {
    expect(store.save('fill', { monitors: [sampleMonitor({ size })] })).toBe('kept');
  }
  expect(store.statistics().failed).toBe(5);
  clock.advance(16_000);
  expect(store.statistics().failed).toBe(6);

  other.exec('ROLLBACK');
  clock.advance(30_000);
  expect(store.statistics()).toMatchObject({ dirtyRows: 0, notSavedSince: null });
  expect(store.save('fill', { monitors: [sampleMonitor({ size: '4' })] })).toBe('durable');
  expect([countOf(dataDir, 'monitors'), countOf(dataDir, 'journal')]).toEqual([1, 5]);
});

test('P42 nothing is saved before the saved state has been read', async () => {
  const { store } = await openBench();
  const code = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      if (error instanceof Failure) return error.code;
    }
    return 'nothing';
  };
  expect(code(() => store.save('settings', { settings: { cacheEnabled: false } }))).toBe(
    'NOT_READY',
  );
  store.refuseWrites('A backup is being restored.');
  expect(code(() => store.save('settings', { settings: {} }))).toBe('BUSY');
  store.allowWrites();
  expect(code(() => store.operation(someChange, () => {}))).toBe('NOT_READY');
  store.load();
  expect(store.save('settings', { settings: { cacheEnabled: false } })).toBe('durable');
});

test('P42 a load that fails leaves the database as it was', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  store.close();
  const other = outsider(dataDir);
  const again = await openBench(dataDir);
  other.exec('ALTER TABLE intents RENAME TO elsewhere');
  expect(() => again.store.load()).toThrow();
  expect(() => again.store.save('settings', { settings: { cacheEnabled: false } })).toThrow(
    /before the saved state has been read/,
  );
  again.clock.advance(3_600_000);
  again.store.close();
  expect(other.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(0);
  expect(other.prepare('SELECT count(*) FROM monitors').pluck().get()).toBe(1);
});

test('a monitor whose row was altered or is not valid is set aside, told and kept', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', {
    monitors: ['AUSDT', 'BUSDT', 'CUSDT'].map((symbol) => sampleMonitor({ symbol })),
  });
  store.close();
  const other = outsider(dataDir);
  other.exec(
    `UPDATE monitors SET data = replace(data, '"62000"', '"52000"') WHERE key = 'main/AUSDT/0';
     UPDATE monitors SET data = '{"version"' WHERE key = 'main/BUSDT/0';`,
  );
  const again = await openBench(dataDir);
  const state = again.store.load();
  expect(state.monitors.map((monitor) => monitor.symbol)).toEqual(['CUSDT']);
  expect(state.quarantined.map((row) => [row.table, row.key])).toEqual([
    ['monitors', 'main/AUSDT/0'],
    ['monitors', 'main/BUSDT/0'],
  ]);
  expect(again.troubles).toHaveLength(2);
  expect(other.prepare('SELECT data FROM quarantine').pluck().all()).toEqual([
    expect.stringContaining('"52000"'),
    '{"version"',
  ]);
  const rebuilt = sampleMonitor({ symbol: 'AUSDT', phase: 'adopted' });
  expect(again.store.save('monitor-created', { monitors: [rebuilt] })).toBe('durable');
  again.store.close();
  const third = (await openBench(dataDir)).store.load();
  expect(third.monitors).toHaveLength(2);
  expect(third.quarantined).toEqual([]);
});

test('P03 a monitor under a key that is not its own is set aside: two for one position never come back', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor({ size: '1' })] });
  store.close();
  const other = outsider(dataDir);
  const row = other.prepare<[], StoredRow>('SELECT * FROM monitors').get() as StoredRow;
  const old = { ...row, key: 'main_BTCUSDT_long' };
  other
    .prepare('UPDATE monitors SET key = ?, hash = ? WHERE key = ?')
    .run(old.key, hashOf(old), row.key);
  const again = await openBench(dataDir);
  const state = again.store.load();
  expect(state.monitors).toEqual([]);
  expect(state.quarantined).toMatchObject([{ table: 'monitors', key: old.key }]);
  expect(again.troubles).toMatchObject([{ text: expect.stringContaining('main/BTCUSDT/0') }]);
  again.store.save('monitor-created', { monitors: [sampleMonitor({ size: '2' })] });
  again.store.close();
  const third = (await openBench(dataDir)).store.load();
  expect(third.monitors).toMatchObject([{ size: '2' }]);
});

test('a bit that flips on the disk is found, told and written anew from memory', async () => {
  const { store, troubles, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  expect(await store.check('full')).toEqual([]);
  outsider(dataDir).exec(`UPDATE monitors SET data = replace(data, '"62000"', '"52000"')`);
  expect(await store.check('full')).toEqual([
    'The row main/BTCUSDT/0 of monitors differs from what was saved.',
  ]);
  expect(troubles).toMatchObject([{ kind: 'integrity' }]);
  expect(await store.check('full')).toEqual([]);
  store.close();
  expect((await openBench(dataDir)).store.load().monitors).toEqual([sampleMonitor()]);
});
