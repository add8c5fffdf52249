import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { interrupted } from '../../src-main/persistence/write/operations.ts';
import { savedRows } from '../support/saved-rows.ts';
import { sampleMonitor, sampleTrade, someChange } from './samples.ts';
import { openBench, openLoaded, outsider, ownFolder } from './support.ts';

const left = sampleMonitor({ symbol: 'LEFTUSDT' });
const right = sampleMonitor({ symbol: 'RIGHTUSDT' });

test('an operation is one transaction with one id, in the history and in the journal', async () => {
  const { store, clock } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  const { transactions } = store.statistics();
  const outcome = store.operation(someChange, (add) => {
    add({ monitors: [sampleMonitor({ phase: 'taking-profit' })] });
    add({ trades: [sampleTrade()] });
  });
  expect(outcome).toBe('durable');
  expect(store.statistics().transactions).toBe(transactions + 1);
  const [line] = savedRows<{ id: string }>(store, 'journal');
  expect(line).toMatchObject({
    reason: 'phase-change',
    subject: ['monitors main/BTCUSDT/0', 'trades main/BTCUSDT/0/x1'],
    before: { 'monitors main/BTCUSDT/0': { phase: 'protected' } },
    after: {
      'monitors main/BTCUSDT/0': { phase: 'taking-profit' },
      'trades main/BTCUSDT/0/x1': 'created',
    },
    outcome: 'committed',
    why: null,
  });
  expect(store.operations(10)).toEqual([
    {
      id: line?.id,
      what: someChange.what,
      author: 'operator',
      accounts: ['main'],
      beganAt: clock.now(),
      endedAt: clock.now(),
      state: 'committed',
      steps: [],
      summary: someChange.summary,
      why: null,
    },
  ]);
});

test('a change that changes nothing leaves no operation', async () => {
  const { store } = await openLoaded();
  store.save('monitor-created', { monitors: [left] });
  store.operation(someChange, (add) => add({ monitors: [left] }));
  expect(store.operations(10)).toEqual([]);
});

test('what throws halfway leaves every row as it was and a journal row that says so', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [left] });
  expect(() =>
    store.operation(someChange, (add) => {
      add({ monitors: [{ ...left, size: '9' }] });
      throw new Error('the plan does not add up');
    }),
  ).toThrow('the plan does not add up');
  expect(() =>
    store.operation(someChange, (add) => {
      add({ monitors: [{ ...left, size: '9' }] });
      add({ monitors: [{ ...right, size: 'a lot' }] });
    }),
  ).toThrow('not a decimal number');
  expect(savedRows(store, 'journal').slice(0, 2)).toMatchObject([
    { outcome: 'rolled-back', why: expect.stringContaining('size is not a decimal number') },
    { reason: 'phase-change', outcome: 'rolled-back', why: 'the plan does not add up' },
  ]);
  store.close();
  const again = await openBench(dataDir);
  expect(again.store.load().monitors).toEqual([left]);
});

test('a row that SQLite refuses rolls the whole operation back, and other saves go on', async () => {
  const { store, dataDir, troubles } = await openLoaded();
  store.save('monitor-created', { monitors: [left, right] });
  const other = outsider(dataDir);
  other.exec(
    `CREATE TRIGGER no_more BEFORE UPDATE ON monitors WHEN new.key LIKE '%RIGHT%'
     BEGIN SELECT RAISE(ABORT, 'not this one'); END;`,
  );
  store.save('checked', { monitors: [{ ...left, updatedAt: 2 }] });
  expect(() =>
    store.operation(someChange, (add) => {
      add({ monitors: [{ ...left, size: '9' }] });
      add({ monitors: [{ ...right, size: '9' }] });
    }),
  ).toThrow(/^Nothing was changed\./);
  expect(store.operations(1)).toMatchObject([{ state: 'rolled-back', summary: null }]);
  expect(savedRows(store, 'journal').slice(0, 1)).toMatchObject([
    { id: store.operations(1)[0]?.id, outcome: 'rolled-back' },
  ]);
  // The refused row does not stand in the way of anything else, and what waited before still came.
  expect(troubles).toEqual([]);
  expect(store.statistics()).toMatchObject({ dirtyRows: 0, notSavedSince: null });
  expect(store.save('phase-change', { monitors: [sampleMonitor()] })).toBe('durable');
  store.close();
  other.exec('DROP TRIGGER no_more'); // a start refuses a schema that is not ours
  const { monitors } = (await openBench(dataDir)).store.load();
  expect(monitors).toEqual([{ ...left, updatedAt: 2 }, right, sampleMonitor()]);
});

test('a database held by another program rolls an operation back; its record comes when it is free', async () => {
  const { store, dataDir, clock } = await openLoaded();
  const other = outsider(dataDir);
  other.exec('BEGIN IMMEDIATE');
  expect(() => store.operation(someChange, (add) => add({ monitors: [left] }))).toThrow(
    /Another program is using the database/,
  );
  expect(store.operations(1)).toMatchObject([{ state: 'rolled-back' }]);
  other.exec('ROLLBACK');
  clock.advance(2_000);
  store.close();
  const again = await openBench(dataDir);
  expect(again.store.load().monitors).toEqual([]);
  expect(again.store.operations(1)).toMatchObject([{ state: 'rolled-back' }]);
});

test('what is to be kept is kept whole where the disk refuses it, and written together later', async () => {
  const { store, dataDir, clock } = await openLoaded();
  const other = outsider(dataDir);
  other.exec('BEGIN IMMEDIATE');
  const keep = { ...someChange, onRefusal: 'keep' } as const;
  expect(store.operation(keep, (add) => add({ monitors: [left, right] }))).toBe('kept');
  other.exec('ROLLBACK');
  clock.advance(2_000);
  expect(store.operations(1)).toMatchObject([{ state: 'committed' }]);
  store.close();
  expect((await openBench(dataDir)).store.load().monitors).toEqual([left, right]);
});

test('an operation killed between its steps is found by the next start, with what was done', async () => {
  const dataDir = ownFolder();
  const child = spawn(process.execPath, ['tests/persistence/operation-child.ts', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');

  const { store, clock } = await openBench(dataDir);
  const { operations, monitors } = store.load();
  expect(monitors).toEqual([left]);
  expect(operations).toMatchObject([{ what: 'Close all on left and right', state: 'running' }]);
  const ended = operations.map((found) => interrupted(found, clock.now(), 'Holdfast ended.'));
  store.save('operation', { operations: ended });
  expect(store.operations(10)).toMatchObject([
    {
      state: 'interrupted',
      endedAt: clock.now(),
      why: 'Holdfast ended. Done: Close left. Not done: Close right.',
    },
  ]);
  store.close();
  expect((await openBench(dataDir)).store.load().operations).toEqual([]);
});
