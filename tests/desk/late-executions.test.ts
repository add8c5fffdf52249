import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { createCache } from '../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../src-main/cache/kinds.ts';
import type { AccountConfig } from '../../src-main/desk/accounts/accounts-file.ts';
import { createSaving } from '../../src-main/desk/state/saving.ts';
import type { Execution } from '../../src-main/domain/execution.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { Order } from '../../src-main/domain/order.ts';
import { unknown } from '../../src-main/domain/read.ts';
import { createLoop } from '../../src-main/monitor/loop/create-loop.ts';
import { defaultPlaybook } from '../../src-main/monitor/rules/playbook-goals.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import type { TradeEventRecord } from '../../src-main/persistence/records.ts';
import type { Store } from '../../src-main/persistence/store.ts';
import { startPractice } from '../../src-main/practice/server.ts';
import { aFill, aPosition } from '../cache/rows.ts';
import { aMarket, aVenue } from '../cache/venue.ts';
import { anEntry, aStop } from '../monitor/rows.ts';
import { newDataFolder, startDesk } from '../support/desk.ts';
import { manualClock } from '../support/manual-clock.ts';
import { ROUGH } from '../support/rough.ts';
import { savedRows } from '../support/saved-rows.ts';
import { untold } from '../support/untold.ts';
import { virtualTime } from '../support/virtual-time.ts';

const eventsOf = (store: Store, trade: string | undefined): TradeEventRecord[] =>
  savedRows<TradeEventRecord>(store, 'trade_events')
    .filter((event) => event.trade === trade)
    .toReversed();

async function storeIn(dataDir: string, clock = manualClock()): Promise<Store> {
  const store = await openStore({
    dataDir,
    clock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: '0.0.0',
    newId: randomUUID,
    beforeMigration: () => {},
    onTrouble: () => {},
  });
  onTestFinished(() => store.close());
  return store;
}

/** Cache, loop and saving over a real database, on a venue that says what the test says. */
async function setUp(orders: Order[] = [aStop('sl', '95', '1')]) {
  const clock = manualClock();
  const store = await storeIn(newDataFolder(), clock);
  const loaded = store.load();
  const main = aVenue('main', clock.now);
  const cache = createCache({
    accounts: [{ account: 'main', gateway: main }],
    market: aMarket(),
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  const saving = createSaving({
    store,
    loaded,
    clock,
    onTrades() {},
    onTimeline() {},
    onOperations() {},
    onAway() {},
  });
  const loop = createLoop({
    begin: untold,
    cache,
    gateways: new Map([['main', main]]),
    clock,
    log: silentLog,
    monitors: [],
    intents: [],
    save: saving.save,
    modeOf: () => 'watch',
    playbookOf: () => defaultPlaybook,
    onCycle() {},
    onChange() {},
    onAlert() {},
  });
  onTestFinished(() => loop.stop());
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = orders;
  loop.start();
  cache.take('main', main.snapshot(clock.now()));
  const stream = (state: 'ready' | 'down'): void =>
    cache.take('main', { kind: 'stream', state, reason: null, asOf: clock.now() });
  stream('ready');
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second++) {
      clock.advance(1_000);
      for (let turn = 0; turn < 6; turn++) await new Promise<void>((done) => setImmediate(done));
    }
  };
  await seconds(1);
  const stopped = (): Execution =>
    aFill(aStop('sl', '95', '1'), '1', '1', {
      price: '94',
      fee: '0.05',
      executedAt: clock.now(),
    });
  return { clock, store, main, cache, stream, seconds, stopped };
}

const closedTrades = (store: Store) => store.closedTrades({ limit: 9 });

test('P20 the executions of a position that is gone are asked for before its end is told', async () => {
  const { store, main, stream, seconds, stopped } = await setUp();
  stream('down');
  const last = stopped();
  Object.assign(main.holds, { positions: [], orders: [], executions: [last] });
  await seconds(40);
  const [trade, ...others] = closedTrades(store);
  expect(others).toEqual([]);
  expect(trade).toMatchObject({ closeReason: 'stop', realisedPnl: '-6.05' });
  expect(trade?.closedAt).toBe(last.executedAt);
  expect(eventsOf(store, trade?.id).filter(({ kind }) => kind === 'closed')).toHaveLength(1);
});

test('P20 P51 a close booked while its executions could not be read is completed by them, once', async () => {
  const { store, main, cache, clock, stream, seconds, stopped } = await setUp();
  stream('down');
  Object.assign(main.holds, { positions: [], orders: [] });
  const answering = main.executions;
  main.executions = () => Promise.resolve(unknown('The venue answers 500.'));
  const last = stopped();
  await seconds(60);
  expect(closedTrades(store)).toMatchObject([{ closeReason: 'not known', realisedPnl: null }]);
  const id = closedTrades(store)[0]?.id;

  main.executions = answering;
  for (const again of [1, 2]) {
    cache.take('main', main.snapshot(clock.now(), [last]));
    stream('ready');
    await seconds(again);
    expect(closedTrades(store)).toMatchObject([
      { id, closeReason: 'stop', left: '1', fees: '0.05', realisedPnl: '-6.05' },
    ]);
  }
  expect(closedTrades(store)[0]?.closedAt).toBe(last.executedAt);
  const ends = eventsOf(store, id).filter(({ kind }) => kind === 'closed');
  expect(ends.map(({ text }) => text)).toEqual([
    'More executions came in after the close. Closed (stop). Result: -6.05.',
    'Closed (not known). Result: not known, because not every exit was seen.',
  ]);
});

test('H5 a position closed and opened again during an outage is told, and is two trades', async () => {
  const { store, main, cache, clock, stream, seconds, stopped } = await setUp();
  stream('down');
  await seconds(3);
  const last = stopped();
  await seconds(1);
  const opening = aFill(anEntry('e2', '93', '3'), '3', '3', {
    execId: 'again',
    price: '93',
    closedSize: '0',
    executedAt: clock.now(),
  });
  const { now } = clock;
  main.holds.positions = [
    aPosition({ size: '3', entryPrice: '93', stopLoss: '90', seq: 8, updatedAt: now() }),
  ];
  main.holds.orders = [];
  cache.take('main', main.snapshot(now(), [last, opening]));
  stream('ready');
  await seconds(3);
  expect(closedTrades(store)).toMatchObject([{ closeReason: 'stop', entered: '1', left: '1' }]);
  expect(store.load().openTrades).toMatchObject([{ entered: '3', size: '3', adopted: false }]);
  const told = store.load().timeline.map(({ text }) => text);
  expect(told).toContain('Position of 1 closed: stop.');
});

test('a late execution is on the disk at once, also while the closed monitor waits for an entry to go', async () => {
  const entry = anEntry('e1', '98', '1');
  const { store, main, cache, clock, stream, seconds, stopped } = await setUp([entry]);
  stream('down');
  main.holds.positions = [];
  main.executions = () => Promise.resolve(unknown('The venue answers 500.'));
  const last = stopped();
  await seconds(60);
  expect(closedTrades(store)).toMatchObject([{ closeReason: 'not known' }]);
  cache.take('main', main.snapshot(clock.now(), [last]));
  stream('ready');
  await seconds(1);
  expect(closedTrades(store)).toMatchObject([{ closeReason: 'stop', realisedPnl: '-6.05' }]);
});

test('executions that cannot be read are not pressed, and the other positions stay known', async () => {
  const { main, cache, stream, seconds } = await setUp();
  const other = aPosition({ symbol: 'ETHUSDT', stopLoss: '95' });
  main.holds.positions.push(other);
  stream('down');
  await seconds(20);
  Object.assign(main.holds, { positions: [other], orders: [] });
  let asked = 0;
  main.executions = () => {
    asked++;
    return Promise.resolve(unknown('The venue answers 500.'));
  };
  await seconds(30);
  expect(asked).toBeGreaterThan(0);
  expect(asked).toBeLessThanOrEqual(10);
  expect(cache.look(other)).toMatchObject({ known: true, position: other });
});

test('P16 what happened while the desk was off is read at the start, also before the first execution', async () => {
  const time = virtualTime(Date.now());
  const minutesAgo = (count: number): number => time.clock.now() - count * 60_000;
  // Its stamps stand still two minutes ago: what happens now happened then.
  const practice = await startPractice({
    ...ROUGH,
    clock: 'stepped',
    startAt: minutesAgo(2),
    timers: time.clock,
  });
  onTestFinished(() => time.during(practice.stop()));
  const accounts = practice.accounts.map(
    ({ role, apiKey, apiSecret }): AccountConfig => ({
      id: role,
      role,
      venue: 'custom',
      mode: 'watch',
      restUrl: practice.rest,
      wsPrivateUrl: practice.wsPrivate,
      wsPublicUrl: practice.wsPublic,
      apiKey,
      apiSecret,
    }),
  );
  const dataDir = newDataFolder();
  const start = async () => {
    const desk = await time.during(startDesk({ dataDir, accounts, clock: time.clock }));
    onTestFinished(() => time.during(desk.stop()));
    return desk;
  };
  const first = await start();
  const monitors = async () => (await first.slice('monitors')).rows.length;
  while ((await monitors()) < 60) await time.pass(100);
  const xrp = (await first.slice('positions')).rows.find(
    (row) => row.account === 'main' && row.symbol === 'XRPUSDT',
  );
  await time.during(first.stop());
  const store = await storeIn(dataDir);
  const loaded = store.load();
  expect(loaded.lastExecution).toEqual({});
  expect(loaded.settings['syncedAt']).toEqual({
    main: expect.any(Number),
    mirror: expect.any(Number),
  });
  const followedUntil = minutesAgo(3);
  store.save('settings', {
    settings: { syncedAt: { main: followedUntil, mirror: followedUntil } },
  });
  store.close();

  await time.during(
    fetch(`${practice.rest}/practice/close`, {
      method: 'POST',
      body: JSON.stringify({ account: 'main', symbol: 'XRPUSDT', side: xrp?.side }),
    }),
  );
  const second = await start();
  const ended = async () => (await second.slice('history')).rows;
  while ((await ended()).length === 0) await time.pass(100);
  const [trade, ...others] = await ended();
  expect(others).toEqual([]);
  expect(trade).toMatchObject({ symbol: 'XRPUSDT', reason: 'closed by hand' });
  expect(trade?.realisedPnl).not.toBeNull();

  const away = async () => (await second.slice('away')).rows;
  expect(await away()).toMatchObject([
    {
      account: 'main',
      symbol: 'XRPUSDT',
      at: trade?.closedAt,
      text: expect.stringMatching(/^Closed .closed by hand./),
    },
  ]);
  await expect(second.do('away.dismiss', {})).resolves.toEqual({ dismissed: 1 });
  expect(await away()).toEqual([]);
}, 60_000);
