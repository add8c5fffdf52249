import fc from 'fast-check';
import { expect, test } from 'vitest';
import { positionKey } from '../../src-main/domain/keys.ts';
import { reasons, type SaveReason } from '../../src-main/persistence/reasons.ts';
import type { JournalRecord, TradeEventRecord } from '../../src-main/persistence/records.ts';
import type { Change } from '../../src-main/persistence/store.ts';
import { savedRows } from '../support/saved-rows.ts';
import { sampleExecution, sampleMonitor, sampleTrade } from './samples.ts';
import { countOf, openBench, openLoaded, outsider, ownFolder } from './support.ts';

const symbols = Array.from({ length: 30 }, (_, index) => `COIN${index}USDT`);
const sighting = (symbol: string, price: number, checkedAt: number) => ({
  position: positionKey({ account: 'main', symbol, positionIdx: 0 }),
  markPrice: String(price),
  distance: 0.01,
  checkedAt,
});

test('what was saved is there after a start, whole and as it was', async () => {
  const first = await openLoaded();
  const monitor = sampleMonitor();
  const sent = {
    id: 'i1',
    account: 'main',
    position: positionKey(monitor),
    pending: true,
    step: 'sent',
    at: 5,
    data: { stop: '62000', tries: [1, 2] },
  };
  const alert = {
    id: 'a1',
    severity: 'critical' as const,
    rule: 'unprotected',
    account: 'main',
    symbol: 'BTCUSDT',
    text: 'BTCUSDT has no stop.',
    at: 7,
    owed: ['telegram'],
  };
  const outcome = first.store.save('monitor-created', {
    accounts: [{ id: 'main', role: 'main', venue: 'practice', mode: 'propose' }],
    monitors: [monitor],
    intents: [sent, { ...sent, id: 'i0', pending: false, step: 'confirmed' }],
    executions: [
      sampleExecution(),
      sampleExecution({ execId: 'x2', executedAt: 1_748_736_000_500 }),
    ],
    trades: [
      sampleTrade(),
      sampleTrade({ id: 't2', closedAt: null, realisedPnl: null, closeReason: null }),
    ],
    alerts: [alert, { ...alert, id: 'a0', owed: [] }],
    settings: { routineSaveSeconds: 30, backup: { keepRoutine: 10 } },
    sightings: [sighting('BTCUSDT', 64_100, 9)],
  });
  expect(outcome).toBe('durable');
  first.store.close();

  const state = (await openBench(first.dataDir)).store.load();
  expect(state.monitors).toEqual([monitor]);
  expect(state.accounts).toEqual([
    { id: 'main', role: 'main', venue: 'practice', mode: 'propose' },
  ]);
  expect(state.intents).toEqual([sent]);
  expect(state.lastExecution).toEqual({ main: { execId: 'x2', executedAt: 1_748_736_000_500 } });
  expect(state.recentExecutions).toEqual(new Set(['main/BTCUSDT/x1', 'main/BTCUSDT/x2']));
  expect(state.openTrades.map((trade) => trade.id)).toEqual(['t2']);
  expect(state.alerts).toEqual([alert]);
  expect(state.settings).toEqual({ routineSaveSeconds: 30, backup: { keepRoutine: 10 } });
  expect(state.sightings).toEqual([sighting('BTCUSDT', 64_100, 9)]);
  expect(state.quarantined).toEqual([]);
});

test('P39 an hour of 30 monitors ticking every 2 s makes at most 120 transactions', async () => {
  const { store, clock } = await openLoaded();
  store.save('monitor-created', { monitors: symbols.map((symbol) => sampleMonitor({ symbol })) });
  const before = store.statistics().transactions;
  const writtenAt: number[] = [];
  for (let tick = 0; tick < 1_800; tick++) {
    clock.advance(2_000);
    const { lastSavedAt } = store.statistics();
    if (lastSavedAt !== writtenAt.at(-1) && lastSavedAt !== null) writtenAt.push(lastSavedAt);
    store.save('mark', {
      sightings: symbols.map((symbol) => sighting(symbol, 100 + tick, clock.now())),
    });
    store.save('cycle', {
      cycles: [
        {
          startedAt: clock.now(),
          durationMs: 2,
          restCalls: 0,
          cacheAnswers: 60,
          monitors: 30,
          urgency: { stable: 30 },
          actions: 0,
        },
      ],
    });
  }
  const { transactions, coalesced } = store.statistics();
  expect(transactions - before).toBeGreaterThan(100);
  expect(transactions - before).toBeLessThanOrEqual(120);
  expect(coalesced).toBeGreaterThan(40_000);
  const gaps = writtenAt.slice(2).map((at, index) => at - (writtenAt[index + 1] ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(30_000);
});

test('P39 an hour in which nothing changes writes nothing at all', async () => {
  const { store, clock } = await openLoaded();
  const monitors = symbols.map((symbol) => sampleMonitor({ symbol }));
  const sightings = symbols.map((symbol) => sighting(symbol, 100, 5));
  store.save('monitor-created', { monitors, sightings, settings: { cacheEnabled: true } });
  const { transactions, bytesWritten } = store.statistics();
  for (let tick = 0; tick < 1_800; tick++) {
    clock.advance(2_000);
    store.save('mark', { sightings });
    store.save('checked', { monitors });
    store.save('settings', { settings: { cacheEnabled: true } });
  }
  expect(store.statistics()).toMatchObject({ transactions, bytesWritten, dirtyRows: 0 });
});

test('P46 the share of critical saves is counted, by class and by reason', async () => {
  const { store, clock } = await openLoaded();
  store.save('phase-change', { monitors: [sampleMonitor()] });
  store.save('mark', { sightings: [sighting('BTCUSDT', 1, 1)] });
  store.save('mark', { sightings: [sighting('BTCUSDT', 2, 2)] });
  store.save('mark', { sightings: [sighting('BTCUSDT', 2, 2)] });
  expect(store.statistics()).toMatchObject({
    critical: 1,
    routine: 3,
    deferred: 2,
    coalesced: 1,
    dirtyRows: 1,
    byReason: { 'phase-change': 1, mark: 3 },
    lastSavedAt: clock.now(),
  });
});

test('a critical commit takes along what waits, so that the disk holds one moment', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  const seen = sighting('BTCUSDT', 64_200, 11);
  expect(store.save('mark', { sightings: [seen] })).toBe('kept');
  const outside = outsider(dataDir);
  const sightingsOnDisk = (): string =>
    outside.prepare<[], string>('SELECT data FROM sightings').pluck().get() ?? '[]';
  expect(sightingsOnDisk()).toBe('[]');
  store.save('breakeven-moved', { monitors: [sampleMonitor({ breakevenMoved: true })] });
  expect(JSON.parse(sightingsOnDisk())).toEqual([[seen.position, '64200', 0.01, 11]]);
});

test('a row that returns to what is stored is no longer written', async () => {
  const { store, clock } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  const { transactions } = store.statistics();
  store.save('checked', { monitors: [sampleMonitor({ size: '0.1' })] });
  store.save('checked', { monitors: [sampleMonitor()] });
  clock.advance(60_000);
  expect(store.statistics()).toMatchObject({ transactions, dirtyRows: 0 });
});

test('P43 a live object is refused, and what was saved does not change with its owner', async () => {
  const { store, dataDir } = await openLoaded();
  const live = Object.assign(sampleMonitor(), { timer: setTimeout(() => {}, 0) });
  clearTimeout(live.timer);
  expect(() => store.save('checked', { monitors: [live] })).toThrow(/timer/);
  expect(() => store.save('checked', { monitors: [sampleMonitor({ size: '1e-7' })] })).toThrow(
    /size is not a decimal number/,
  );
  const monitor = sampleMonitor();
  store.save('checked', { monitors: [monitor] });
  monitor.size = '0.1';
  store.flush();
  store.close();
  expect((await openBench(dataDir)).store.load().monitors).toEqual([sampleMonitor()]);
});

test('P02 accounts and hedge legs of one symbol have a row each', async () => {
  const { store } = await openLoaded();
  const legs = [
    sampleMonitor({ positionIdx: 1 }),
    sampleMonitor({ positionIdx: 2, side: 'short' }),
    sampleMonitor({ account: 'mirror', positionIdx: 1 }),
  ];
  store.save('monitor-created', { monitors: legs });
  store.save('monitor-removed', { removedMonitors: legs.slice(0, 1).map(positionKey) });
  expect(store.load().monitors).toEqual(legs.slice(1));
});

test('P54 an account with its keys is refused before it reaches the database', async () => {
  const { store } = await openLoaded();
  const account = { id: 'main', role: 'main', venue: 'live', mode: 'watch' } as const;
  const withKeys = { ...account, apiKey: 'k', apiSecret: 's' };
  expect(() => store.save('mode', { accounts: [withKeys] })).toThrow(/apiKey/);
  expect(store.save('mode', { accounts: [account] })).toBe('durable');
});

test('P51 a trade or an execution that arrives twice is one', async () => {
  const { store } = await openLoaded();
  const trade = sampleTrade();
  store.save('position-closed', { trades: [trade], executions: [sampleExecution()] });
  const { transactions } = store.statistics();
  expect(store.save('position-closed', { trades: [trade], executions: [sampleExecution()] })).toBe(
    'durable',
  );
  store.save('fill', { executions: [sampleExecution({ price: '999' })] });
  expect(store.statistics().transactions).toBe(transactions);
  expect(store.closedTrades({ limit: 10 })).toEqual([trade]);
  expect(savedRows(store, 'executions')).toEqual([sampleExecution()]);
});

test('a trade and its steps that were booked in an order that was not theirs are gone for good', async () => {
  const { store, dataDir } = await openLoaded();
  const trade = sampleTrade();
  const step = {
    id: `${trade.id}/opened`,
    trade: trade.id,
    account: trade.account,
    kind: 'opened',
    at: trade.openedAt,
    price: null,
    quantity: null,
    fee: null,
    text: 'Opened long, 2 at 100.',
  } as const;
  store.save('fill', { trades: [trade], tradeEvents: [step] });
  store.save('fill', { tradeEvents: [{ ...step, text: 'Opened long, 3 at 100.' }] });
  expect(savedRows<TradeEventRecord>(store, 'trade_events').map(({ text }) => text)).toEqual([
    'Opened long, 3 at 100.',
  ]);
  store.save('fill', { removedTrades: [trade.id], removedTradeEvents: [step.id] });
  expect([countOf(dataDir, 'trades'), countOf(dataDir, 'trade_events')]).toEqual([0, 0]);
  expect(store.closedTrades({ limit: 10 })).toEqual([]);
  const [line] = savedRows<JournalRecord>(store, 'journal');
  expect(line?.after[`trades ${trade.id}`]).toBe('removed');
});

test('the journal cannot be rewritten', async () => {
  const { store, dataDir } = await openLoaded();
  store.save('monitor-created', { monitors: [sampleMonitor()] });
  expect(() => outsider(dataDir).exec("UPDATE journal SET data = '{}'")).toThrow('append-only');
});

test('whatever is saved in whatever order, a start finds the last version of everything', async () => {
  const step = fc.record({
    reason: fc.constantFrom<SaveReason>('phase-change', 'checked', 'mark'),
    symbol: fc.constantFrom(...symbols.slice(0, 4)),
    size: fc.integer({ min: 0, max: 3 }).map(String),
    remove: fc.boolean(),
    wait: fc.constantFrom(0, 10_000, 40_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { store, clock, dataDir } = await openLoaded(ownFolder());
      const model = new Map<string, string>();
      for (const { reason, symbol, size, remove, wait } of steps) {
        const monitor = sampleMonitor({ symbol, size });
        const change: Change = remove
          ? { removedMonitors: [positionKey(monitor)] }
          : { monitors: [monitor] };
        if (remove) model.delete(symbol);
        else model.set(symbol, size);
        const outcome = store.save(reason, change);
        if (reasons[reason] === 'critical') expect(outcome).toBe('durable');
        clock.advance(wait);
      }
      store.close();
      const reopened = await openBench(dataDir);
      const { monitors } = reopened.store.load();
      reopened.store.close();
      expect(new Map(monitors.map((monitor) => [monitor.symbol, monitor.size]))).toEqual(model);
    }),
    { numRuns: 25, seed: 7 },
  );
});
