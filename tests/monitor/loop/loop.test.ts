import { expect, test } from 'vitest';
import type { Alert } from '../../../src-main/alerts/alerts.ts';
import { createCache } from '../../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../../src-main/cache/kinds.ts';
import type { Mode } from '../../../src-main/domain/account.ts';
import { positionKey } from '../../../src-main/domain/keys.ts';
import { silentLog } from '../../../src-main/domain/log.ts';
import type { Monitor } from '../../../src-main/domain/monitor.ts';
import type { Refusal, WriteResult } from '../../../src-main/exchange/gateway.ts';
import { createLoop } from '../../../src-main/monitor/loop/create-loop.ts';
import { defaultPlaybook } from '../../../src-main/monitor/rules/playbook-goals.ts';
import type { IntentRecord } from '../../../src-main/persistence/records.ts';
import type { Change, SaveReason } from '../../../src-main/persistence/store.ts';
import { aFill, aPosition, flat } from '../../cache/rows.ts';
import { aMarket, aVenue, type Venue } from '../../cache/venue.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { untold } from '../../support/untold.ts';
import { anEntry, aStop, aTakeProfit, found, ladder } from '../rows.ts';

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 6; turn++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
};

const aTicker = {
  symbol: 'BTCUSDT',
  lastPrice: '100',
  markPrice: '100',
  indexPrice: null,
  bidPrice: null,
  askPrice: null,
  fundingRate: null,
  nextFundingAt: null,
  change24h: null,
};

function desk(monitors: Monitor[] = [], intents: IntentRecord[] = []) {
  const clock = manualClock();
  const venues = [aVenue('main', clock.now), aVenue('mirror', clock.now)] as const;
  const [main, mirror] = venues;
  const cache = createCache({
    accounts: venues.map((gateway) => ({ account: gateway.account, gateway })),
    market: aMarket(),
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  const modes: Record<string, Mode> = {};
  const saves: { reason: SaveReason; change: Change }[] = [];
  const alerts: Alert[] = [];
  let keepsIntents = true;
  const loop = createLoop({
    begin: untold,
    cache,
    gateways: new Map(venues.map((gateway) => [gateway.account, gateway])),
    clock,
    log: silentLog,
    monitors,
    intents,
    save: (reason, change) => {
      saves.push({ reason, change: structuredClone(change) });
      return change.intents && !keepsIntents ? 'kept' : 'durable';
    },
    modeOf: (account) => modes[account] ?? 'watch',
    playbookOf: () => defaultPlaybook,
    onCycle() {},
    onChange() {},
    onAlert: (alert) => alerts.push(alert),
  });
  const stream = (venue: Venue, state: 'ready' | 'down'): void =>
    cache.take(venue.account, { kind: 'stream', state, reason: null, asOf: clock.now() });
  const ready = (venue: Venue): void => {
    cache.take(venue.account, venue.snapshot(clock.now()));
    stream(venue, 'ready');
  };
  /** The price that is told each second. */
  let quoted: string | null = null;
  const price = (lastPrice: string): void => {
    quoted = lastPrice;
    const rows = [{ ...aTicker, lastPrice, markPrice: lastPrice }];
    cache.takeMarket({ kind: 'tickers', rows, asOf: clock.now() });
  };
  const seconds = async (count: number): Promise<void> => {
    for (let second = 0; second < count; second++) {
      clock.advance(1_000);
      if (quoted !== null) price(quoted);
      await settle();
    }
  };
  const push = (venue: Venue, kind: 'positions' | 'orders' | 'executions', rows: unknown[]): void =>
    cache.take(venue.account, venue.push({ kind, rows, asOf: clock.now() } as never));
  const reasons = (): SaveReason[] =>
    saves.filter((save) => !save.change.sightings).map((save) => save.reason);
  const timeline = (): string[] =>
    saves.flatMap((save) => (save.change.timeline ?? []).map((line) => line.text));
  return {
    refuseIntents() {
      keepsIntents = false;
    },
    modes,
    clock,
    main,
    mirror,
    cache,
    loop,
    saves,
    alerts,
    ready,
    stream,
    seconds,
    push,
    price,
    reasons,
    timeline,
  };
}

test('P02 P04 P07 P36 every position of every account has its own monitor, each from its own list', async () => {
  const { main, mirror, loop, ready, saves, seconds } = desk();
  main.holds.positions = [
    aPosition({ stopLoss: '95' }),
    aPosition({ symbol: 'ETHUSDT', positionIdx: 1 }),
  ];
  mirror.holds.positions = [
    aPosition({ account: 'mirror', size: '0.4', stopLoss: '95' }),
    aPosition({ account: 'mirror', symbol: 'SOLUSDT' }),
  ];
  loop.start();
  ready(main);
  ready(mirror);
  await seconds(1);
  expect(loop.monitors().map((monitor) => positionKey(monitor))).toEqual([
    'main/BTCUSDT/0',
    'main/ETHUSDT/1',
    'mirror/BTCUSDT/0',
    'mirror/SOLUSDT/0',
  ]);
  expect(loop.monitors().map((monitor) => monitor.size)).toEqual(['1', '1', '0.4', '1']);
  const created = saves.filter((save) => save.reason === 'monitor-created');
  expect(created.flatMap((save) => save.change.monitors ?? [])).toHaveLength(4);
  await loop.stop();
});

test('a take-profit fill is detected the moment it is pushed, saved as critical and told once', async () => {
  const { main, loop, ready, seconds, push, reasons, timeline, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  const tp = aTakeProfit('tp1', '102', '0.85');
  push(main, 'executions', [aFill(tp, '0.85', '0.85', { executedAt: clock.now() })]);
  expect(reasons()).toContain('take-profit-hit');
  push(main, 'orders', [{ ...tp, status: 'Filled', filledQuantity: '0.85', updatedAt: 5 }]);
  push(main, 'positions', [aPosition({ size: '0.15', stopLoss: '95', seq: 5, updatedAt: 5 })]);
  await seconds(3);
  expect(timeline().filter((text) => text.startsWith('Take-profit 1 hit'))).toHaveLength(1);
  expect(loop.monitors()[0]).toMatchObject({ phase: 'taking-profit', size: '0.15' });
  await loop.stop();
});

test('P19 a failed read never drops a monitor; two good reads without the position do', async () => {
  const { main, loop, ready, stream, seconds, reasons } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(1);
  stream(main, 'down');
  main.down = 'timeout';
  await seconds(120);
  expect(loop.monitors()).toHaveLength(1);
  expect(loop.watches()[0]?.known).toBe(false);
  main.down = null;
  main.holds.positions = [];
  await seconds(40);
  expect(loop.monitors()).toHaveLength(0);
  expect(reasons().at(-1)).toBe('position-closed');
  await loop.stop();
});

test('E4 one empty answer closes nothing: the position that is back goes on under its own monitor', async () => {
  const { main, cache, loop, ready, seconds, reasons, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(30);
  const [before] = loop.monitors();
  main.holds.positions = [];
  const sweeping = cache.sweep();
  await settle();
  // The list is whole again when it is asked a second time.
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  await seconds(5);
  await sweeping;
  expect(loop.monitors()[0]).toMatchObject({ phase: before?.phase, openedAt: before?.openedAt });
  expect(reasons()).not.toContain('position-closed');
  expect(cache.positionAt({ account: 'main', symbol: 'BTCUSDT', positionIdx: 0 })?.size).toBe('1');

  // What stays away is gone after a second read, begun a second later, with no order left to reduce it.
  main.holds.positions = [];
  main.holds.orders = [];
  await seconds(60);
  const last = cache.sweep();
  await settle();
  expect(loop.monitors()).toHaveLength(1);
  const missedAt = clock.now();
  while (loop.monitors().length > 0 && clock.now() - missedAt < 20_000) await seconds(1);
  expect(clock.now() - missedAt).toBeGreaterThanOrEqual(1_000);
  expect(loop.monitors()).toHaveLength(0);
  await last;
  await loop.stop();
});

test('a position closed by its executions is removed at once, with the reason', async () => {
  const { main, loop, ready, seconds, push, timeline, clock, saves } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(1);
  const stop = aTakeProfit('sl', '95', '1', { stopOrderType: 'StopLoss' });
  push(main, 'executions', [aFill(stop, '1', '1', { executedAt: clock.now() })]);
  push(main, 'positions', [flat()]);
  await settle();
  expect(loop.monitors()).toHaveLength(0);
  expect(timeline().at(-1)).toBe('Position of 1 closed: stop.');
  expect(saves.at(-1)).toMatchObject({
    reason: 'stop-hit',
    change: { removedMonitors: ['main/BTCUSDT/0'] },
  });
  await loop.stop();
});

test('a closed position keeps its monitor until its own orders are gone', async () => {
  const { main, loop, ready, seconds, push, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  const [tp1] = ladder();
  if (!tp1) throw new Error('no ladder');
  main.holds.orders = [tp1];
  loop.start();
  ready(main);
  await seconds(1);
  push(main, 'executions', [
    aFill(aTakeProfit('typed', '100', '1'), '1', '1', { executedAt: clock.now() }),
  ]);
  push(main, 'positions', [flat()]);
  await settle();
  expect(loop.monitors()[0]?.phase).toBe('closed');
  push(main, 'orders', [{ ...tp1, status: 'Cancelled', updatedAt: 5 }]);
  await settle();
  expect(loop.monitors()).toHaveLength(0);
  await loop.stop();
});

test('a position that turns to the other side is another position', async () => {
  const { main, loop, ready, seconds, push, timeline } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(1);
  push(main, 'positions', [
    aPosition({ side: 'short', size: '2', stopLoss: '105', seq: 4, updatedAt: 4 }),
  ]);
  expect(loop.monitors()).toHaveLength(1);
  expect(loop.monitors()[0]).toMatchObject({ side: 'short', size: '2', phase: 'protected' });
  expect(timeline().some((text) => text.startsWith('Position of 1 closed'))).toBe(true);
  await loop.stop();
});

test('entry orders become a monitor that builds, and goes when they are withdrawn', async () => {
  const { main, loop, ready, seconds, push, reasons } = desk();
  loop.start();
  ready(main);
  const entry = anEntry('e1', '98', '1');
  push(main, 'orders', [entry]);
  await seconds(1);
  expect(loop.monitors()[0]).toMatchObject({ phase: 'building', targetSize: '1' });
  push(main, 'orders', [{ ...entry, status: 'Cancelled', updatedAt: 5 }]);
  await settle();
  expect(loop.monitors()).toHaveLength(0);
  expect(reasons()).toEqual(['monitor-created', 'phase-change']);
  await loop.stop();
});

test('M2 a position is watched, and its missing stop told, whatever rests beside it on the other side', async () => {
  const { main, loop, ready, seconds, push, alerts } = desk();
  loop.start();
  ready(main);
  const resting = anEntry('e1', '98', '1');
  push(main, 'orders', [resting]);
  await seconds(1);
  expect(loop.monitors()[0]).toMatchObject({ side: 'long', size: '0', phase: 'building' });

  main.holds.orders = [resting];
  main.holds.positions = [aPosition({ side: 'short', size: '2', seq: 4, updatedAt: 4 })];
  push(main, 'positions', main.holds.positions);
  await seconds(5);
  expect(loop.monitors()).toMatchObject([{ side: 'short', size: '2', phase: 'protected' }]);
  expect(alerts.map((alert) => alert.rule)).toContain('unprotected');

  main.holds.positions = [];
  push(main, 'positions', [flat()]);
  await seconds(20);
  expect(loop.monitors()).toMatchObject([{ side: 'long', size: '0', phase: 'building' }]);
  await loop.stop();
});

test('H1 fills that closed the other leg open nothing: what waited for them ends with its orders', async () => {
  const { main, loop, ready, seconds, push, timeline } = desk();
  const ended = { status: 'PartiallyFilled' as const, filledQuantity: '4' };
  const resting = anEntry('e1', '102', '10', { side: 'Sell', ...ended });
  main.holds.orders = [resting];
  loop.start();
  ready(main);
  await seconds(1);
  expect(loop.monitors()).toMatchObject([{ side: 'short', size: '0', phase: 'building' }]);

  main.holds.orders = [];
  push(main, 'orders', [{ ...resting, status: 'Cancelled', updatedAt: 5 }]);
  await seconds(20);
  expect(loop.monitors()).toHaveLength(0);
  expect(timeline().at(-1)).toBe('The entry orders ended, and no position is open.');

  main.holds.positions = [aPosition({ seq: 6, updatedAt: 6 })];
  push(main, 'positions', main.holds.positions);
  await seconds(1);
  expect(loop.monitors()).toMatchObject([{ side: 'long', size: '1' }]);
  await loop.stop();
});

test('H1 an entry that filled while the position is not told yet keeps its monitor', async () => {
  const { main, loop, ready, seconds, push } = desk();
  loop.start();
  ready(main);
  const entry = anEntry('e1', '98', '1');
  push(main, 'orders', [entry]);
  await seconds(1);
  main.holds.positions = [aPosition({ stopLoss: '95', seq: 4, updatedAt: 4 })];
  push(main, 'orders', [{ ...entry, status: 'Filled', filledQuantity: '1', updatedAt: 5 }]);
  await settle();
  expect(loop.monitors()).toMatchObject([
    { side: 'long', entries: [{ orderId: 'e1', open: false }] },
  ]);
  push(main, 'positions', main.holds.positions);
  await seconds(5);
  expect(loop.monitors()).toMatchObject([{ size: '1', entries: [{ orderId: 'e1' }] }]);
  await loop.stop();
});

test('P58 an order that vanished without a word is asked about by id', async () => {
  const { main, loop, ready, stream, seconds } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  stream(main, 'down');
  const [tp1, ...rest] = ladder();
  if (!tp1) throw new Error('no ladder');
  main.holds.orders = rest;
  const history = { ...tp1, status: 'Filled' as const, filledQuantity: '0.85', updatedAt: 9 };
  const asked: string[] = [];
  main.order = ({ orderId }) => {
    asked.push(String(orderId));
    return Promise.resolve({ state: 'ok', rows: [history], asOf: 1, source: 'rest' });
  };
  main.holds.positions = [aPosition({ size: '0.15', stopLoss: '95', seq: 4 })];
  await seconds(20);
  expect(asked).toEqual(['tp1']);
  expect(loop.monitors()[0]?.phase).toBe('taking-profit');
  await loop.stop();
});

test('P21 a position without a stop is told as the loudest alert there is', async () => {
  const { main, loop, ready, seconds, alerts } = desk();
  main.holds.positions = [aPosition()];
  loop.start();
  ready(main);
  await seconds(3);
  const loudest = alerts.find(({ severity }) => severity === 'critical');
  expect(loudest).toMatchObject({ rule: 'unprotected', symbol: 'BTCUSDT' });
  expect(loop.watches()[0]?.urgency).toBe('critical');
  await loop.stop();
});

test('P21 every stretch without a stop is told, however short a time ago the one before was', async () => {
  const { main, loop, ready, seconds, push, alerts } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(2);
  const stopIs = async (stopLoss: string | null, seq: number): Promise<void> => {
    main.holds.positions = [aPosition({ stopLoss, seq, updatedAt: seq })];
    push(main, 'positions', main.holds.positions);
    await seconds(8);
  };
  await stopIs(null, 4);
  await stopIs('95', 5);
  await stopIs(null, 6);
  const told = alerts.filter((alert) => alert.rule === 'unprotected');
  expect(told.filter((alert) => alert.anew)).toHaveLength(2);
  expect(told[0]?.anew).toBe(true);
  await loop.stop();
});

test('P21 that the stop for a part is gone too is told, though the part was told a moment ago', async () => {
  const { main, loop, ready, seconds, push, alerts } = desk();
  const stop = aStop('sl', '95', '0.4');
  main.holds.positions = [aPosition()];
  main.holds.orders = [stop];
  loop.start();
  ready(main);
  await seconds(3);
  main.holds.orders = [];
  push(main, 'orders', [{ ...stop, status: 'Cancelled', updatedAt: 9 }]);
  await seconds(3);
  const told = alerts.filter((alert) => alert.rule === 'unprotected' && alert.anew);
  expect(told.map(({ text }) => text)).toEqual([
    expect.stringContaining('only 0.4 of the long position of 1'),
    expect.stringContaining('has no stop'),
  ]);
  await loop.stop();
});

test('P44 steady with the stream: no calls; with the stream down: one bulk read per TTL, not per monitor', async () => {
  const { main, mirror, loop, cache, ready, stream, seconds } = desk();
  main.holds.positions = Array.from({ length: 30 }, (_, n) =>
    aPosition({ symbol: `S${n}USDT`, stopLoss: '95' }),
  );
  loop.start();
  ready(main);
  ready(mirror);
  await seconds(2);
  const before = { ...main.asked };
  await seconds(100);
  expect(main.asked['/v5/position/list']).toBe(before['/v5/position/list']);
  expect(main.asked['/v5/order/realtime']).toBe(before['/v5/order/realtime']);
  stream(main, 'down');
  await seconds(60);
  expect(main.asked['/v5/position/list']).toBeLessThanOrEqual(5);
  expect(main.asked['/v5/position/list']).toBeGreaterThanOrEqual(3);
  expect(cache.statistics().hitRate).toBeGreaterThan(0.8);
  await loop.stop();
});

test('no monitor goes unseen for more than 60 s, and cycles never overlap', async () => {
  const { main, loop, ready, seconds, clock, stream } = desk();
  main.holds.positions = [aPosition({ stopLoss: '50' })];
  main.holds.orders = [aTakeProfit('tp', '200', '1')];
  loop.start();
  ready(main);
  await seconds(3_000);
  expect(loop.watches()[0]?.urgency).toBe('dormant');
  let longest = 0;
  for (let second = 0; second < 130; second++) {
    await seconds(1);
    longest = Math.max(longest, clock.now() - (loop.watches()[0]?.checkedAt ?? 0));
  }
  expect(longest).toBeLessThanOrEqual(61_000);
  stream(main, 'down');
  main.held = true;
  await seconds(5);
  const newest = loop.cycles()[0]?.startedAt ?? 0;
  await seconds(20);
  expect(loop.cycles()[0]?.startedAt).toBe(newest);
  main.release();
  await seconds(2);
  expect(loop.cycles()[0]?.startedAt).toBeGreaterThan(newest);
  expect(loop.cycles().length).toBeLessThanOrEqual(1_000);
  await loop.stop();
});

test('M15 of an armed desk whose prices tremble, only what changed is judged', async () => {
  const { modes, main, loop, cache, ready, seconds, push, clock, saves } = desk();
  modes['main'] = 'armed';
  // Both within 1 % of their stop, and so looked at each second.
  const near = { stopLoss: '99.5' };
  main.holds.positions = [aPosition(near), aPosition({ ...near, positionIdx: 1 })];
  loop.start();
  ready(main);
  await cache.readShared('instruments');
  await seconds(70);
  expect(loop.watches().map(({ urgency }) => urgency)).toEqual(['critical', 'critical']);
  const judged = (): string[] =>
    saves.flatMap((save) => (save.change.sightings ?? []).map(({ position }) => position));
  const tremble = async (times: number): Promise<void> => {
    for (let n = 0; n < times; n++) {
      const markPrice = `100.${n % 5}`;
      cache.takeMarket({ kind: 'tickers', rows: [{ ...aTicker, markPrice }], asOf: clock.now() });
      await seconds(1);
    }
  };
  const before = judged().length;
  await tremble(600);
  // Each once a minute all the same, and looked at in each second.
  expect(judged().length - before).toBeLessThanOrEqual(2 * 11);
  expect(judged().length - before).toBeGreaterThanOrEqual(2 * 9);
  const looked = loop.watches().map(({ checkedAt }) => clock.now() - checkedAt);
  expect(Math.max(...looked)).toBeLessThanOrEqual(1_000);

  const meanwhile = judged().length;
  push(main, 'positions', [aPosition({ ...near, size: '2', seq: 2, updatedAt: clock.now() })]);
  expect(loop.watches()[0]?.monitor.size).toBe('2');
  await seconds(3);
  expect(judged().slice(meanwhile)).toEqual(['main/BTCUSDT/0']);
  await loop.stop();
});

test('P50 a long stretch below breakeven is told once and alerted once, however the price moves', async () => {
  const { modes, main, loop, cache, ready, seconds, push, price, timeline, alerts, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  await cache.read('main', 'feeRates');
  await cache.readShared('instruments');
  const tp = aTakeProfit('tp1', '102', '0.85');
  push(main, 'executions', [aFill(tp, '0.85', '0.85', { executedAt: clock.now() })]);
  push(main, 'orders', [{ ...tp, status: 'Filled', filledQuantity: '0.85', updatedAt: 5 }]);
  push(main, 'positions', [aPosition({ size: '0.15', stopLoss: '95', seq: 10, updatedAt: 5 })]);
  price('99');
  await seconds(1);
  modes['main'] = 'armed';
  loop.modeChanged('main');
  for (let n = 1; n < 60; n++) {
    price(`98.${n}`);
    await seconds(2);
  }
  const told = timeline().filter((text) => text.startsWith('The stop stays where it is'));
  expect(told).toEqual([
    expect.stringMatching(/^The stop stays where it is: the price 9\S+ is below the breakeven/),
  ]);
  expect(alerts.filter((alert) => alert.rule === 'stop-blocked')).toMatchObject([
    { severity: 'warning', account: 'main', symbol: 'BTCUSDT' },
  ]);
  expect(main.sent).toEqual([]);
  await loop.stop();
});

test('P46 what is found at a start is no news: protected positions are not critical for a minute', async () => {
  const { main, loop, ready, seconds } = desk();
  main.holds.positions = [
    aPosition({ stopLoss: '50' }),
    aPosition({ symbol: 'ETHUSDT', stopLoss: '98.9' }),
    aPosition({ symbol: 'SOLUSDT', stopLoss: '99.5' }),
    aPosition({ symbol: 'XRPUSDT' }),
  ];
  main.holds.orders = [anEntry('e', '60', '1', { symbol: 'ADAUSDT' })];
  loop.start();
  ready(main);
  await seconds(1);
  const urgency = Object.fromEntries(
    loop.watches().map((watch) => [watch.monitor.symbol, watch.urgency]),
  );
  expect(urgency).toEqual({
    BTCUSDT: 'active',
    ETHUSDT: 'urgent',
    SOLUSDT: 'critical',
    XRPUSDT: 'critical',
    ADAUSDT: 'active',
  });
  await loop.stop();
});

test('P62 P27 what the venue does not let close is given up after a while and said, with what to do', async () => {
  const { modes, main, loop, ready, seconds } = desk();
  modes['main'] = 'armed';
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = [...ladder(), anEntry('e', '60', '1')];
  main.answerWrites({ state: 'refused', code: 110001, reason: 'Not now.', because: 'passing' });
  loop.start();
  ready(main);
  await seconds(1);
  const closing = loop.closeAll('main');
  await seconds(40);
  expect(await closing).toEqual({
    account: 'main',
    positions: 1,
    orders: 5,
    text: 'main is not closed: 1 position and 5 orders left (long 1 BTCUSDT, Sell order for 0.85 BTCUSDT, Sell order for 0.05 BTCUSDT, Sell order for 0.05 BTCUSDT, Sell order for 0.05 BTCUSDT and 1 more). The exchange refused to close 1 of the long BTCUSDT at market: Not now. Close the rest on Bybit now.',
  });
  expect(main.sent.filter((sent) => sent.startsWith('place'))).toHaveLength(4);
  expect(main.sent.filter((sent) => sent === 'cancel e')).toHaveLength(4);
  await loop.stop();
});

test('P22 the playbook rests on an account that is being closed', async () => {
  const { modes, main, loop, cache, ready, seconds, push, price, clock } = desk();
  modes['main'] = 'armed';
  main.holds.positions = [aPosition({ size: '0.15', stopLoss: '95', markPrice: '103' })];
  main.holds.orders = ladder().slice(1);
  loop.start();
  ready(main);
  await seconds(1);
  await cache.read('main', 'feeRates');
  await cache.readShared('instruments');
  price('103');
  main.answerWrites({ state: 'refused', code: 110001, reason: 'Not now.', because: 'passing' });
  const closing = loop.closeAll('main');
  await seconds(1);
  const tp = aTakeProfit('tp2', '104', '0.05');
  push(main, 'executions', [aFill(tp, '0.05', '0.05', { executedAt: clock.now() })]);
  push(main, 'orders', [{ ...tp, status: 'Filled', filledQuantity: '0.05', updatedAt: 5 }]);
  await seconds(5);
  expect(loop.watches()[0]?.planned?.steps).toMatchObject([{ write: { do: 'set-stop' } }]);
  expect(main.sent.filter((sent) => sent.startsWith('stop'))).toEqual([]);
  await seconds(30);
  await closing;
  await seconds(5);
  // Had it stayed armed, the rule would go on.
  expect(main.sent.some((sent) => sent.startsWith('stop'))).toBe(true);
  await loop.stop();
});

test('P16 P56 a crash while closing all: what was sent is asked about at the next start, not sent again', async () => {
  const pending = (linkId: string): IntentRecord => ({
    id: linkId,
    account: 'main',
    position: positionKey({ account: 'main', symbol: 'BTCUSDT', positionIdx: 0 }),
    pending: true,
    step: 'sent',
    at: 1,
    data: {
      version: 1,
      action: { do: 'close', symbol: 'BTCUSDT', positionIdx: 0, side: 'Sell', quantity: '1' },
      text: 'close 1 of the long BTCUSDT at market',
      orderLinkId: linkId,
      facts: { stampedBy: 'read', asOf: 1 },
    },
  });
  const { modes, main, loop, ready, seconds, saves } = desk([], [pending('took'), pending('lost')]);
  modes['main'] = 'armed';
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  main.holds.orders = [
    aTakeProfit('o', '100', '1', { orderLinkId: 'took', status: 'Filled', filledQuantity: '1' }),
  ];
  await seconds(12);
  const steps = saves.flatMap((save) => save.change.intents ?? []);
  expect(steps.map(({ id, step, pending: open }) => [id, step, open])).toEqual([
    ['took', 'confirmed', false],
    ['lost', 'lapsed', false],
  ]);
  expect(main.sent).toEqual([]);
  await loop.stop();
});

test('P18 P62 what cannot be read is never said to be closed', async () => {
  const { modes, main, loop, ready, seconds } = desk();
  modes['main'] = 'armed';
  loop.start();
  ready(main);
  await seconds(1);
  main.down = 'The venue does not answer.';
  const closing = loop.closeAll('main');
  const ended = expect(closing).rejects.toThrow(
    'What is left on main could not be read: The venue does not answer. Check it on Bybit now.',
  );
  await seconds(20);
  await ended;
  await loop.stop();
});

test('P56 a wish to close all that cannot be saved is not sent, and is said', async () => {
  const { modes, main, loop, ready, seconds, refuseIntents } = desk();
  modes['main'] = 'armed';
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(1);
  refuseIntents();
  await expect(loop.closeAll('main')).rejects.toMatchObject({ code: 'NOT_READY' });
  expect(main.sent).toEqual([]);
  await loop.stop();
});

test('a price that runs towards a level wakes its monitor before its time', async () => {
  const { main, loop, cache, ready, seconds, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '50' })];
  main.holds.orders = [aTakeProfit('tp', '200', '1')];
  loop.start();
  ready(main);
  await seconds(2_000);
  expect(loop.watches()[0]?.urgency).toBe('dormant');
  const ticker = { ...aTicker, lastPrice: '51', markPrice: '50.4' };
  cache.takeMarket({ kind: 'tickers', rows: [ticker], asOf: clock.now() });
  expect(loop.watches()[0]?.urgency).toBe('critical');
  expect(loop.watches()[0]?.nearest?.what).toBe('stop');
  await loop.stop();
});

test('while paused it goes on watching, so that what it shows and tells stays true', async () => {
  const { main, loop, ready, seconds, push, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  loop.pause('a restore');
  const [tp1] = ladder();
  if (!tp1) throw new Error('no ladder');
  push(main, 'executions', [aFill(tp1, '0.85', '0.85', { executedAt: clock.now() })]);
  await seconds(5);
  expect(loop.monitors()[0]?.phase).toBe('taking-profit');
  await loop.stop();
});

test('P16 monitors of the last run are brought up to what happened meanwhile', async () => {
  const first = desk();
  first.main.holds.positions = [aPosition({ stopLoss: '95' })];
  first.main.holds.orders = ladder();
  first.loop.start();
  first.ready(first.main);
  await first.seconds(1);
  await first.loop.stop();
  const saved = first.loop.monitors().map((monitor) => structuredClone(monitor));

  const second = desk(saved);
  const [tp1, ...rest] = ladder();
  if (!tp1) throw new Error('no ladder');
  second.main.holds.positions = [aPosition({ size: '0.15', stopLoss: '95', seq: 4 })];
  second.main.holds.orders = rest;
  second.loop.start();
  const fill = aFill(tp1, '0.85', '0.85', { executedAt: 50 });
  second.cache.take('main', second.main.snapshot(second.clock.now(), [fill]));
  second.stream(second.main, 'ready');
  await second.seconds(1);
  expect(second.loop.monitors()).toHaveLength(1);
  expect(second.loop.monitors()[0]).toMatchObject({ phase: 'taking-profit', size: '0.15' });
  expect(second.timeline()).toContain('Take-profit 1 hit: 0.85 closed at 102.');
  await second.loop.stop();
});

test('an account that neither the stream nor reads tell of is said to be unknown, once it lasts', async () => {
  const { main, mirror, loop, ready, stream, seconds, alerts } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  ready(mirror);
  await seconds(1);
  stream(main, 'down');
  main.down = 'no route';
  await seconds(40);
  expect(alerts.filter((alert) => alert.rule === 'blind')).toEqual([]);
  await seconds(20);
  const told = alerts.filter((alert) => alert.rule === 'blind');
  expect(told[0]).toMatchObject({ severity: 'critical', account: 'main' });
  expect(told[0]?.text).toContain('no route');
  expect(told.some((alert) => alert.account === 'mirror')).toBe(false);
  await loop.stop();
});

test('P31 an order that was already gone when it was to be cancelled is no failure', async () => {
  const { modes, main, loop, ready, seconds, push, clock, alerts, saves } = desk();
  const entry = anEntry('e1', '98', '1');
  main.holds.positions = [aPosition({ stopLoss: '101', markPrice: '103' })];
  main.holds.orders = [...ladder().slice(0, 1), entry];
  modes['main'] = 'armed';
  main.answerWrites({ state: 'already', orderId: 'e1' });
  main.order = () =>
    Promise.resolve({
      state: 'ok',
      rows: [{ ...entry, status: 'Filled', filledQuantity: '1', updatedAt: 9 }],
      asOf: 1,
      source: 'rest',
    });
  loop.start();
  ready(main);
  await seconds(1);
  const [tp1] = ladder();
  if (!tp1) throw new Error('no ladder');
  push(main, 'executions', [aFill(tp1, '0.85', '0.85', { executedAt: clock.now() })]);
  await seconds(5);
  expect(main.sent).toEqual(['cancel e1']);
  expect(alerts.filter((alert) => alert.rule === 'intent-refused')).toEqual([]);
  const steps = saves.flatMap((save) => (save.change.intents ?? []).map((intent) => intent.step));
  expect(steps).toEqual(['sent', 'confirmed']);
  expect(loop.monitors()[0]?.breakevenMoved).toBe(true);
  await loop.stop();
});

/** A desk on which the first take-profit of a position with a stop order has just been hit. */
async function hit(
  answer: WriteResult | ((what: string) => WriteResult),
  prepare: (venue: Venue) => void = () => {},
) {
  const on = desk();
  const { main, modes, loop, cache, ready, seconds, push, price, clock } = on;
  main.holds.positions = [aPosition({ markPrice: '103' })];
  main.holds.orders = [...ladder(), aStop('sl', '95', '1')];
  prepare(main);
  modes['main'] = 'armed';
  main.answerWrites(answer);
  loop.start();
  ready(main);
  await seconds(1);
  await cache.read('main', 'feeRates');
  await cache.readShared('instruments');
  price('103');
  const tp = aTakeProfit('tp1', '102', '0.85');
  push(main, 'executions', [aFill(tp, '0.85', '0.85', { executedAt: clock.now() })]);
  push(main, 'orders', [{ ...tp, status: 'Filled', filledQuantity: '0.85', updatedAt: 5 }]);
  push(main, 'positions', [aPosition({ size: '0.15', seq: 10, updatedAt: 5 })]);
  return on;
}

const refusal = (because: Refusal): WriteResult => ({
  state: 'refused',
  code: 1,
  reason: 'Not now.',
  because,
});

test('M4 M7 what passes is tried again with growing waits for as long as it is wanted, and is said', async () => {
  const { main, loop, seconds, alerts } = await hit(refusal('passing'));
  await seconds(130);
  // At 0, 1, 3, 7, 15, 31, 63 and 123 s, and nothing else instead.
  expect(main.sent).toEqual(Array.from({ length: 8 }, () => 'amend sl 100.20'));
  const told = alerts.filter(({ rule }) => rule.startsWith('intent-'));
  expect(told.map(({ rule, severity }) => [rule, severity])).toEqual([
    ['intent-refused', 'warning'],
    ['intent-failing', 'critical'],
  ]);
  expect(told[1]?.text).toContain('has failed 5 times. Holdfast keeps trying; look after this');
  main.answerWrites({ state: 'accepted', orderId: 'sl' });
  await seconds(70);
  expect(main.sent).toHaveLength(9);
  await loop.stop();
});

test('M4 what is refused for good is sent once, blocks with the venue’s reason, and is tried when something changes', async () => {
  const { main, loop, seconds, push, alerts, timeline } = await hit(refusal('lasting'));
  await seconds(130);
  expect(main.sent).toEqual(['amend sl 100.20']);
  expect(loop.watches()[0]?.planned?.blocked).toMatchObject([
    { sentence: 'The exchange refused to move the stop from 95 to 100.20, for 0.15: Not now.' },
  ]);
  expect(alerts.filter(({ rule }) => rule === 'stop-blocked')).toHaveLength(1);
  expect(timeline().filter((text) => text.startsWith('The stop stays where it is'))).toHaveLength(
    1,
  );
  push(main, 'orders', [aStop('sl', '96', '1', { updatedAt: 7 })]);
  await seconds(10);
  expect(main.sent).toHaveLength(2);
  // Resuming, arming anew, another setting: the operator's word.
  loop.modeChanged('main');
  await seconds(5);
  expect(main.sent).toHaveLength(3);
  await loop.stop();
});

test('M7 P22 only the venue’s word that an order cannot be amended replaces it: one new stop, then the old one goes', async () => {
  const { main, loop, seconds, push } = await hit((what) =>
    what.startsWith('amend') ? refusal('unamendable') : { state: 'accepted', orderId: 'new' },
  );
  await seconds(1);
  expect(main.sent).toEqual(['amend sl 100.20', expect.stringMatching(/^place BTCUSDT hf-/)]);
  const orderLinkId = main.sent[1]?.split(' ')[2] ?? '';
  const placed = aStop('new', '100.20', '0.15', {
    orderLinkId,
    updatedAt: 9,
    triggerBy: 'LastPrice',
  });
  push(main, 'orders', [placed]);
  await seconds(1);
  push(main, 'orders', [aStop('sl', '95', '1', { status: 'Cancelled', updatedAt: 9 })]);
  await seconds(5);
  expect(main.sent.slice(2)).toEqual(['cancel sl']);
  await loop.stop();
});

test('M16 a position that is over has nothing sent for it any more, whatever was under way', async () => {
  let answer: (result: WriteResult) => void = () => {};
  const { main, loop, seconds, push, saves } = await hit(refusal('passing'), (venue) => {
    venue.holds.orders.push(anEntry('e1', '98', '1'));
    venue.amend = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
  });
  await seconds(1);
  const [first, second] = saves.flatMap(({ change }) => change.intents ?? []);
  expect([first, second]).toMatchObject([
    { step: 'sent', data: { write: { do: 'amend' } } },
    { step: 'sent', data: { write: { do: 'cancel', orderId: 'e1' } } },
  ]);
  const other = aPosition({ side: 'short', size: '2', stopLoss: '105', seq: 20, updatedAt: 20 });
  push(main, 'positions', [other]);
  await seconds(1);
  expect(loop.monitors()).toMatchObject([{ side: 'short' }]);
  answer({ state: 'accepted', orderId: 'sl' });
  await seconds(10);
  expect(main.sent).toEqual([]);
  const last = saves.flatMap(({ change }) => change.intents ?? []).at(-1);
  expect(last).toMatchObject({ id: second?.id, step: 'withdrawn', pending: false });
  await loop.stop();
});

test('P41 a monitor of an account that is no longer connected is left alone, and the rest goes on', async () => {
  const other = found(aPosition({ account: 'sold', stopLoss: '95' }), []);
  const { main, loop, ready, seconds, saves } = desk([other]);
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(2);
  expect(loop.monitors().map((monitor) => monitor.account)).toEqual(['main']);
  expect(saves.flatMap((save) => save.change.removedMonitors ?? [])).toEqual([]);
  await loop.stop();
});

test('P41 after a restore the restored monitors are reconciled, and a closed one is not revived', async () => {
  const { main, loop, ready, seconds } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(1);
  loop.pause('a restore');
  const longGone = found(aPosition({ symbol: 'ETHUSDT', stopLoss: '95' }), []);
  const older = { ...found(aPosition({ stopLoss: '90' }), []), size: '0.4' };
  loop.replace([longGone, older]);
  loop.resume();
  await seconds(5);
  expect(loop.monitors().map(({ symbol, size }) => [symbol, size])).toEqual([['BTCUSDT', '1']]);
  await loop.stop();
});

test('F11 a clock set back by an hour mutes no alarm: neither a position without a stop nor a blind account', async () => {
  const { main, mirror, loop, clock, alerts, ready, stream, seconds } = desk();
  main.holds.positions = [aPosition()];
  loop.start();
  ready(main);
  ready(mirror);
  clock.setBack(3_600_000);
  await seconds(5);
  expect(alerts.map(({ rule }) => rule)).toContain('unprotected');

  main.down = 'The connection was refused.';
  stream(main, 'down');
  await seconds(1);
  clock.setBack(3_600_000);
  await seconds(90);
  expect(alerts.find(({ rule }) => rule === 'blind')).toMatchObject({ account: 'main' });
  await loop.stop();
});

test('E1 a symbol that is set aside is concluded nothing of, whatever else is told of it, and goes on afterwards', async () => {
  const { main, cache, loop, ready, seconds, push, alerts, timeline, clock } = desk();
  main.holds.positions = [
    aPosition({ stopLoss: '95' }),
    aPosition({ symbol: 'ETHUSDT', stopLoss: '95' }),
  ];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  const tell = (): void => cache.take('main', { kind: 'set-aside', asOf: clock.now() });
  const odd = {
    symbol: 'BTCUSDT',
    kind: 'order',
    field: 'orderStatus',
    raw: '"Frozen"',
    sentence: 'Bybit sent an order of BTCUSDT that is not understood here.',
  } as const;
  main.book.setAside([odd], clock.now());
  tell();
  expect(alerts.filter(({ rule }) => rule === 'not-understood')).toHaveLength(1);
  const before = loop.monitors().find(({ symbol }) => symbol === 'BTCUSDT');
  const told = timeline().length;
  // Absent from whole lists, flat by the stream, its stop gone: nothing follows from any of it.
  main.holds.positions = [aPosition({ symbol: 'ETHUSDT', stopLoss: '95' })];
  main.holds.orders = [];
  push(main, 'positions', [flat()]);
  const cancelled = { status: 'Cancelled', updatedAt: 9 } as const;
  push(
    main,
    'orders',
    ladder().map((order) => ({ ...order, ...cancelled })),
  );
  await cache.lookAgain('main');
  await seconds(70);
  expect(loop.monitors().find(({ symbol }) => symbol === 'BTCUSDT')).toBe(before);
  expect(timeline().slice(told)).toEqual([]);
  expect(alerts.filter(({ symbol }) => symbol === 'BTCUSDT')).toHaveLength(1);
  expect(await cache.facts('main', 'BTCUSDT')).toMatchObject({
    state: 'unknown',
    reason: expect.stringContaining('not understood'),
  });
  expect(await cache.facts('main', 'ETHUSDT')).toMatchObject({ state: 'ok' });

  main.book.understand('BTCUSDT');
  tell();
  await seconds(15);
  expect(loop.monitors().map(({ symbol }) => symbol)).toEqual(['ETHUSDT']);
  main.book.setAside([odd], clock.now());
  tell();
  expect(alerts.filter(({ rule }) => rule === 'not-understood')).toHaveLength(2);
  await loop.stop();
});

test('E1 an execution of a kind nobody knows proves no fill and no close', async () => {
  const { main, loop, ready, seconds, push, alerts, timeline, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  const told = timeline().length;
  const tp = aTakeProfit('tp1', '102', '0.85');
  const merge = { type: 'other', others: { execType: 'Merge' }, executedAt: clock.now() } as const;
  push(main, 'executions', [aFill(tp, '0.85', '0.85', merge)]);
  await seconds(3);
  expect(timeline().slice(told)).toEqual([]);
  expect(loop.monitors()[0]).toMatchObject({ size: '1', phase: 'adopted' });
  expect(alerts.at(-1)).toMatchObject({ rule: 'execution-not-understood', symbol: 'BTCUSDT' });
  await loop.stop();
});

test('M1 a position closed and opened again while the desk was off is another one: the old plan ends with the old', async () => {
  const old = found(aPosition({ stopLoss: '95', openedAt: 1_000 }), ladder());
  const { main, loop, ready, seconds, timeline } = desk([old]);
  main.holds.positions = [aPosition({ stopLoss: '90', openedAt: 5_000, seq: 7, updatedAt: 7 })];
  main.holds.orders = [aTakeProfit('other', '120', '1')];
  loop.start();
  ready(main);
  await seconds(1);
  expect(loop.monitors()).toMatchObject([
    { opening: 5_000, takeProfits: [{ orderId: 'other' }], plan: { stop: { price: '90' } } },
  ]);
  expect(timeline().some((text) => text.startsWith('Position of 1 closed'))).toBe(true);
  await loop.stop();
});

test('M1 a position of which the venue says only later when it was opened stays the same one', async () => {
  const old = found(aPosition({ stopLoss: '95', openedAt: null }), ladder());
  const { main, loop, ready, seconds, push, timeline } = desk([old]);
  main.holds.positions = [aPosition({ stopLoss: '95', openedAt: 5_000 })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  push(main, 'positions', [aPosition({ stopLoss: '95', openedAt: null, seq: 8, updatedAt: 8 })]);
  await seconds(1);
  expect(loop.monitors()).toMatchObject([{ opening: 5_000, openedAt: old.openedAt }]);
  expect(timeline()).toEqual([]);
  await loop.stop();
});

test('H8 a position opened at market while the desk watches is told as opened, with what opened it', async () => {
  const { main, loop, ready, seconds, push, saves, alerts, clock } = desk();
  main.holds.positions = [aPosition({ symbol: 'ETHUSDT', stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(2);
  const market = anEntry('m', '100', '1', { type: 'Market' });
  push(main, 'executions', [
    aFill(market, '0.4', '0.4', { price: '100', closedSize: '0', executedAt: clock.now() }),
    aFill(market, '0.6', '1', { price: '101', closedSize: '0', executedAt: clock.now() }),
  ]);
  push(main, 'positions', [aPosition({ stopLoss: '95', seq: 3, updatedAt: 3 })]);
  await seconds(2);
  const lines = saves.flatMap(({ change }) => change.timeline ?? []);
  expect(lines.map(({ text, detail }) => [text, detail])).toEqual([
    ['Found open: long 1 with 0 take-profits and a stop at 95.', null],
    ['Position opened: long 1 at 100.', '0.4 at 100, 0.6 at 101'],
  ]);
  expect(alerts.map(({ rule, symbol }) => [rule, symbol])).toContainEqual([
    'position-opened',
    'BTCUSDT',
  ]);
  expect(alerts.filter(({ symbol }) => symbol === 'ETHUSDT')).toEqual([]);
  await loop.stop();
});

test('M9 a cancelled order that the venue has forgotten is asked about twice, then it has ended', async () => {
  const old = found(aPosition({ stopLoss: '95' }), [...ladder(), anEntry('e1', '98', '1')]);
  const { main, loop, ready, seconds } = desk([old]);
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(90);
  expect(main.asked['/v5/order/history']).toBe(2);
  expect(loop.monitors()[0]).toMatchObject({ entries: [{ open: false }], targetSize: '1' });
  await loop.stop();
});

test('M16 why a position closed is not taken from the take-profit before, whose fill its size had in it', async () => {
  const { main, loop, ready, seconds, push, timeline, clock } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  main.holds.orders = ladder();
  loop.start();
  ready(main);
  await seconds(1);
  const [tp1, ...rest] = ladder();
  if (!tp1) throw new Error('no ladder');
  push(main, 'executions', [aFill(tp1, '0.85', '0.85', { executedAt: clock.now(), seq: 5 })]);
  push(main, 'orders', [{ ...tp1, status: 'Filled', filledQuantity: '0.85', updatedAt: 5 }]);
  push(main, 'positions', [aPosition({ size: '0.15', stopLoss: '95', seq: 5, updatedAt: 5 })]);
  await settle();
  main.holds.positions = [];
  main.holds.orders = [];
  push(
    main,
    'orders',
    rest.map((row) => ({ ...row, status: 'Cancelled', updatedAt: 6 })),
  );
  push(main, 'positions', [flat()]);
  await seconds(20);
  expect(timeline().at(-1)).toBe('Position of 0.15 closed: not known.');
  await loop.stop();
});

test('M5 what was wrong and was mended is told anew when it is wrong again', async () => {
  const { main, loop, ready, seconds, push, alerts } = desk();
  main.holds.positions = [aPosition({ stopLoss: '95' })];
  loop.start();
  ready(main);
  await seconds(2);
  const anew = () => alerts.filter(({ rule, anew }) => rule === 'several-stops' && anew === true);
  const second = (id: string) => aStop(id, '94', '1');
  push(main, 'orders', [second('a')]);
  await seconds(12);
  expect(anew()).toHaveLength(1);
  push(main, 'orders', [{ ...second('a'), status: 'Cancelled', updatedAt: 5 }]);
  await seconds(12);
  push(main, 'orders', [second('b')]);
  await seconds(12);
  expect(anew()).toHaveLength(2);
  await loop.stop();
});

test('P38 orders that reduce a position which is not there are listed once that is certain, and left alone', async () => {
  const { main, loop, modes, ready, seconds, cache, alerts } = desk();
  modes['main'] = 'armed';
  main.holds.orders = [aTakeProfit('tp', '110', '1')];
  loop.start();
  ready(main);
  await seconds(8);
  const told = () => alerts.filter(({ rule }) => rule === 'orphan-orders');
  expect(told()).toEqual([]);
  await cache.sweep();
  await seconds(25);
  expect(told().map(({ text }) => text)).toEqual([
    'BTCUSDT on main: 1 order is left without a position: Sell 1 at 110 (tp). Cancel what you do not need on Bybit.',
  ]);
  expect(main.sent).toEqual([]);
  await loop.stop();
});
