import { expect, test } from 'vitest';
import type { Cache } from '../../src-main/cache/cache.ts';
import type { CacheChange } from '../../src-main/cache/change.ts';
import { createCache } from '../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../src-main/cache/kinds.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { unknown } from '../../src-main/domain/read.ts';
import { manualClock } from '../support/manual-clock.ts';
import { aFill, anOrder, aPosition, aWallet, flat } from './rows.ts';
import { aMarket, aVenue, type Venue } from './venue.ts';

function set() {
  const clock = manualClock();
  const venues: Record<string, Venue> = {
    main: aVenue('main', clock.now),
    mirror: aVenue('mirror', clock.now),
  };
  const main = venues['main'] as Venue;
  const mirror = venues['mirror'] as Venue;
  const market = aMarket();
  const changes: CacheChange[] = [];
  const found: number[] = [];
  const cache: Cache = createCache({
    accounts: [
      { account: 'main', gateway: main },
      { account: 'mirror', gateway: mirror },
    ],
    market,
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
    onDifferences: (_account, differences) => found.push(differences),
  });
  cache.subscribe((change) => changes.push(change));
  const ready = (venue: Venue): void => {
    cache.take(venue.account, venue.snapshot(clock.now()));
    cache.take(venue.account, { kind: 'stream', state: 'ready', reason: null, asOf: clock.now() });
  };
  const down = (venue: Venue): void =>
    cache.take(venue.account, { kind: 'stream', state: 'down', reason: 'cut', asOf: clock.now() });
  const countsOf = (account: string, kind: string) => {
    const row = cache
      .statistics()
      .kinds.find((row) => row.account === account && row.kind === kind);
    if (!row) throw new Error(`no row for ${account} ${kind}`);
    return row;
  };
  return { clock, main, mirror, market, cache, changes, found, ready, down, countsOf };
}

/** Lets what is already answered be taken in. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
};

test('P45 an answer is kept for its own TTL, per account and kind', async () => {
  const { cache, clock, main, mirror } = set();
  main.holds.positions = [aPosition()];
  await cache.read('main', 'positions');
  clock.advance(15_000);
  expect((await cache.read('main', 'positions')).state).toBe('ok');
  expect(main.asked['/v5/position/list']).toBe(1);
  clock.advance(1);
  await cache.read('main', 'positions');
  expect(main.asked['/v5/position/list']).toBe(2);
  await cache.read('main', 'wallet');
  clock.advance(20_000);
  await cache.read('main', 'wallet');
  expect(main.asked['/v5/account/wallet-balance']).toBe(1);
  expect(mirror.asked).toEqual({});
});

test('P44 callers that come during a read share it, whatever their number', async () => {
  const { cache, main, countsOf } = set();
  main.holds.positions = [aPosition()];
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => cache.read('main', 'positions')),
  );
  expect(answers.every((answer) => answer.state === 'ok')).toBe(true);
  expect(main.asked['/v5/position/list']).toBe(1);
  expect(countsOf('main', 'positions')).toMatchObject({ misses: 1, coalesced: 29, restCalls: 1 });
});

test('while the stream is ready nothing is read, however old the last push', async () => {
  const { cache, clock, main, ready } = set();
  main.holds.positions = [aPosition()];
  ready(main);
  clock.advance(3_600_000);
  expect(await cache.read('main', 'positions')).toMatchObject({ state: 'ok', source: 'stream' });
  expect(await cache.read('main', 'orders')).toMatchObject({ state: 'empty' });
  expect(main.asked).toEqual({});
});

test('when the stream goes down TTL reading takes over, and a return needs a new snapshot', async () => {
  const { cache, clock, main, ready, down } = set();
  main.holds.positions = [aPosition()];
  ready(main);
  clock.advance(60_000);
  down(main);
  expect(cache.held('main', 'positions')).toMatchObject({ fresh: false, ageMs: 60_000 });
  await cache.read('main', 'positions');
  expect(main.asked['/v5/position/list']).toBe(1);
  cache.take('main', { kind: 'stream', state: 'ready', reason: null, asOf: clock.now() });
  clock.advance(60_000);
  expect(cache.held('main', 'positions').fresh).toBe(false);
  ready(main);
  clock.advance(60_000);
  expect(cache.held('main', 'positions').fresh).toBe(true);
});

test('P19 P58 a failed read is unknown and takes nothing away', async () => {
  const { cache, clock, main } = set();
  main.holds.positions = [aPosition()];
  await cache.read('main', 'positions');
  main.down = 'page 2 of 3 timed out';
  clock.advance(16_000);
  expect(await cache.read('main', 'positions')).toEqual(unknown('page 2 of 3 timed out'));
  const held = cache.held('main', 'positions');
  expect(held.fresh).toBe(false);
  expect(held.rows).toHaveLength(1);
  expect(held.reason).toBe('page 2 of 3 timed out');
});

test('stream and REST both down: everything is unknown, ages are told, and it heals by itself', async () => {
  const { cache, clock, main, ready, down } = set();
  main.holds.positions = [aPosition()];
  ready(main);
  down(main);
  main.down = 'no route to the venue';
  clock.advance(16_000);
  expect((await cache.read('main', 'positions')).state).toBe('unknown');
  expect((await cache.read('main', 'orders')).state).toBe('unknown');
  const look = cache.look({ account: 'main', symbol: 'BTCUSDT', positionIdx: 0 });
  expect(look.known).toBe(false);
  expect(cache.link('main').restTrouble).not.toBeNull();
  main.down = null;
  expect((await cache.read('main', 'positions')).state).toBe('ok');
  expect(cache.link('main').restTrouble).toBeNull();
});

test('pushes change rows in place and tell which positions they are about', () => {
  const { cache, clock, main, ready, changes } = set();
  ready(main);
  changes.length = 0;
  const at = { account: 'main', symbol: 'BTCUSDT', positionIdx: 0 } as const;
  cache.take(
    'main',
    main.push({ kind: 'positions', rows: [aPosition({ seq: 2 })], asOf: clock.now() }),
  );
  cache.take('main', main.push({ kind: 'orders', rows: [anOrder()], asOf: clock.now() }));
  expect(cache.look(at).position?.size).toBe('1');
  expect(cache.look(at).orders).toHaveLength(1);
  cache.take(
    'main',
    main.push({
      kind: 'orders',
      rows: [anOrder({ status: 'Filled', filledQuantity: '1', updatedAt: 2 })],
      asOf: clock.now(),
    }),
  );
  cache.take('main', main.push({ kind: 'positions', rows: [flat()], asOf: clock.now() }));
  expect(cache.look(at)).toMatchObject({ position: null, orders: [] });
  expect(cache.endedOrder('main', 'o1')?.status).toBe('Filled');
  expect(changes.map((change) => change.kind)).toEqual([
    'positions',
    'orders',
    'orders',
    'positions',
  ]);
});

test('an older row never replaces a newer one, and an ended order never comes back', async () => {
  const { cache, clock, main, ready } = set();
  ready(main);
  cache.take(
    'main',
    main.push({
      kind: 'orders',
      rows: [anOrder({ filledQuantity: '0.5', status: 'PartiallyFilled', updatedAt: 5 })],
      asOf: clock.now(),
    }),
  );
  cache.take(
    'main',
    main.push({ kind: 'orders', rows: [anOrder({ updatedAt: 4 })], asOf: clock.now() }),
  );
  expect(cache.held('main', 'orders').rows[0]?.filledQuantity).toBe('0.5');
  cache.take(
    'main',
    main.push({
      kind: 'orders',
      rows: [anOrder({ status: 'Cancelled', updatedAt: 6 })],
      asOf: clock.now(),
    }),
  );
  main.holds.orders = [anOrder({ updatedAt: 7 })];
  await cache.sweep();
  expect(cache.held('main', 'orders').rows).toHaveLength(0);
});

test('a read that began before a push does not undo it', async () => {
  const { cache, clock, main, ready } = set();
  ready(main);
  cache.invalidate('main', 'orders');
  main.held = true;
  const reading = cache.read('main', 'orders');
  await settle();
  clock.advance(40);
  cache.take('main', main.push({ kind: 'orders', rows: [anOrder()], asOf: clock.now() }));
  main.release();
  const read = await reading;
  expect(read.state).toBe('ok');
});

test('a sweep counts what the stream had not told, once, and adopts it', async () => {
  const { cache, clock, main, ready, countsOf } = set();
  main.holds.positions = [aPosition()];
  main.holds.orders = [anOrder(), anOrder({ orderId: 'o2' })];
  ready(main);
  clock.advance(60_000);
  expect((await cache.sweep()).differences).toBe(0);
  main.holds.positions = [aPosition({ size: '2', seq: 3, updatedAt: 3 })];
  main.holds.orders = [anOrder()];
  const sweeping = cache.sweep();
  await settle();
  clock.advance(1_000);
  expect((await sweeping).differences).toBe(2);
  expect(countsOf('main', 'positions').sweepDifferences).toBe(1);
  expect(countsOf('main', 'orders').sweepDifferences).toBe(1);
  expect(cache.held('main', 'positions').rows[0]?.size).toBe('2');
  expect((await cache.sweep()).differences).toBe(0);
});

test('M15 a sweep that finds the same rows changes no version and tells of no place', async () => {
  const { cache, clock, main, ready, changes } = set();
  const at = { account: 'main', symbol: 'BTCUSDT', positionIdx: 0 } as const;
  main.holds.positions = [aPosition()];
  main.holds.orders = [anOrder(), anOrder({ orderId: 'o2' })];
  ready(main);
  const before = cache.look(at);
  changes.length = 0;
  clock.advance(60_000);
  // The venue's own copy of the same rows, with another spelling and the mark of now.
  main.holds.positions = [aPosition({ size: '1.0', markPrice: '101', unrealisedPnl: '1' })];
  main.holds.orders = structuredClone(main.holds.orders);
  expect((await cache.sweep()).differences).toBe(0);
  expect(cache.look(at).version).toBe(before.version);
  expect(cache.look(at).orders).toBe(before.orders);
  expect(cache.look(at).position?.markPrice).toBe('101');
  expect(changes.filter(({ kind }) => kind === 'positions' || kind === 'orders')).toEqual([]);
});

test('H3 a snapshot that was settled with the stream is the truth, however young the last push', () => {
  const { cache, clock, main, ready, down, changes } = set();
  const at = { account: 'main', symbol: 'BTCUSDT', positionIdx: 0 } as const;
  main.holds.positions = [aPosition()];
  main.holds.orders = [anOrder()];
  ready(main);
  clock.advance(60_000);
  cache.take(
    'main',
    main.push({ kind: 'positions', rows: [aPosition({ seq: 2 })], asOf: clock.now() }),
  );
  down(main);
  main.holds.positions = [];
  main.holds.orders = [];
  clock.advance(300);
  changes.length = 0;
  ready(main);
  expect(cache.look(at)).toMatchObject({ known: true, position: null, orders: [] });
  expect(changes.map(({ kind }) => kind)).toContain('positions');
});

test('E11 what a sweep finds untold makes the stream anew; a sweep that finds nothing leaves it', async () => {
  const { cache, clock, main, mirror, ready } = set();
  main.holds.positions = [aPosition()];
  ready(main);
  ready(mirror);
  clock.advance(60_000);
  main.holds.positions = [aPosition({ size: '2', seq: 3, updatedAt: 3 })];
  const sweeping = cache.sweep();
  await settle();
  clock.advance(1_000);
  expect((await sweeping).differences).toBe(1);
  expect(main.resyncs).toHaveLength(1);
  expect(mirror.resyncs).toEqual([]);
});

test('E12 an execution that the venue lists late is told by the next sweep, once', async () => {
  const { cache, clock, main, ready, changes } = set();
  ready(main);
  clock.advance(60_000);
  main.holds.executions = [aFill(anOrder(), '0.4', '0.4', { executedAt: clock.now() - 30_000 })];
  await cache.sweep();
  clock.advance(60_000);
  await cache.sweep();
  const told = changes.flatMap((change) => (change.kind === 'executions' ? change.rows : []));
  expect(told.map((row) => row.execId)).toEqual(['o1-0.4']);
});

test('X2 a wallet that may be of before its last push is not shown as current until a read cannot lag behind that', async () => {
  const { cache, clock, main, ready, down } = set();
  ready(main);
  main.book.wallet.push(aWallet('main', '900'), clock.now());
  down(main);
  main.holds.wallet = aWallet('main', '950');
  cache.take('main', { ...main.snapshot(clock.now()), wallet: null });
  cache.take('main', { kind: 'stream', state: 'ready', reason: null, asOf: clock.now() });
  const wallet = () => {
    const { confirmed, rows } = cache.held('main', 'wallet');
    return { confirmed, equity: rows[0]?.equity };
  };
  expect(wallet()).toEqual({ confirmed: false, equity: '900' });
  cache.invalidate('main', 'wallet');
  await cache.read('main', 'wallet');
  expect(wallet()).toEqual({ confirmed: false, equity: '900' });
  clock.advance(5_000);
  await cache.read('main', 'wallet');
  expect(wallet()).toEqual({ confirmed: true, equity: '950' });
});

test('a read begun before the stream stood takes nothing away from what that keeps true', async () => {
  const { cache, main, ready } = set();
  main.held = true;
  const read = cache.read('main', 'orders');
  ready(main);
  main.release();
  await read;
  expect(cache.held('main', 'orders').confirmed).toBe(true);
});

test('X1 a wallet read with the snapshot is current when what was pushed before it has come', () => {
  const { cache, main, clock } = set();
  cache.take('main', { ...main.snapshot(clock.now()), walletIsCertain: false });
  cache.take('main', { kind: 'stream', state: 'ready', reason: null, asOf: clock.now() });
  const { confirmed, rows } = cache.held('main', 'wallet');
  expect([confirmed, rows.length]).toEqual([false, 1]);
  const wallet = main.book.wallet.wallet();
  cache.take('main', { kind: 'wallet', wallet, isCertain: true, asOf: clock.now() });
  expect(cache.held('main', 'wallet').confirmed).toBe(true);
});

test('E9 the regular check asks by name about what is held and in no list', async () => {
  const { cache, main } = set();
  const asked: unknown[] = [];
  const { positions } = main;
  main.positions = (which) => {
    asked.push(which);
    return positions(which);
  };
  await cache.sweep();
  expect(asked).toEqual(['open and held']);
});

test('E12 the timed sweep reads executions and wallet in turn', async () => {
  const { cache, clock, main, ready } = set();
  ready(main);
  cache.start();
  for (let second = 0; second < 241; second++) {
    clock.advance(1_000);
    await settle();
  }
  expect(main.asked).toMatchObject({ '/v5/position/list': 4, '/v5/order/realtime': 4 });
  expect(main.asked).toMatchObject({ '/v5/account/wallet-balance': 2, '/v5/execution/list': 2 });
  cache.stop();
});

test('the timed sweep asks for the orders of unused settle coins every second time, a full one always', async () => {
  const { cache, clock, main, ready } = set();
  ready(main);
  const asked: unknown[] = [];
  const openOrders = main.openOrders;
  main.openOrders = (which) => {
    asked.push(which);
    return openOrders(which);
  };
  cache.start();
  for (let second = 0; second < 181; second++) {
    clock.advance(1_000);
    await settle();
  }
  expect(asked).toEqual(['all', 'in use', 'all']);
  cache.stop();
  await cache.sweep();
  expect(asked.at(-1)).toBe('all');
});

test('who wants everything does not share a brief read that is under way', async () => {
  const { cache, clock, main, ready } = set();
  ready(main);
  const asked: unknown[] = [];
  const openOrders = main.openOrders;
  main.openOrders = (which) => {
    asked.push(which);
    return openOrders(which);
  };
  cache.start();
  for (let second = 0; second < 89; second++) {
    clock.advance(1_000);
    await settle();
  }
  main.held = true;
  clock.advance(1_000);
  await settle();
  const sweeping = cache.sweep();
  await settle();
  expect(asked).toEqual(['all', 'in use']);
  main.release();
  expect((await sweeping).unknown).toEqual([]);
  expect(asked).toEqual(['all', 'in use', 'all']);
  cache.stop();
});

test('a push that comes just after the read that shows it already is no difference', async () => {
  const { cache, clock, main, ready } = set();
  ready(main);
  clock.advance(60_000);
  main.holds.orders = [anOrder()];
  const sweeping = cache.sweep();
  await settle();
  clock.advance(300);
  cache.take('main', main.push({ kind: 'orders', rows: [anOrder()], asOf: clock.now() }));
  clock.advance(700);
  expect((await sweeping).differences).toBe(0);
});

test('the timed sweep runs each minute per account and reports its differences', async () => {
  const { cache, clock, main, mirror, ready, found } = set();
  ready(main);
  ready(mirror);
  cache.start();
  main.holds.positions = [aPosition({ seq: 2 })];
  for (let second = 0; second < 62; second++) {
    clock.advance(1_000);
    await settle();
  }
  expect(main.asked['/v5/position/list']).toBe(1);
  expect(mirror.asked['/v5/position/list']).toBe(1);
  expect(found).toEqual([1]);
  cache.stop();
});

test('P47 facts for a write are the ready stream’s or read anew, never what was kept', async () => {
  const { cache, clock, main, ready, down } = set();
  main.holds.positions = [aPosition()];
  main.holds.orders = [anOrder(), anOrder({ orderId: 'e', symbol: 'ETHUSDT' })];
  ready(main);
  const streamed = await cache.facts('main', 'BTCUSDT');
  expect(streamed).toMatchObject({
    state: 'ok',
    facts: { stampedBy: 'stream', asOf: clock.now() },
  });
  expect(main.asked).toEqual({});
  down(main);
  await cache.read('main', 'positions');
  await cache.read('main', 'orders');
  main.holds.positions = [aPosition({ size: '3', seq: 5 })];
  clock.advance(1);
  const read = await cache.facts('main', 'BTCUSDT');
  expect(read).toMatchObject({ state: 'ok', facts: { stampedBy: 'read' } });
  if (read.state !== 'ok') return;
  expect(read.facts.positions.map((row) => row.size)).toEqual(['3']);
  expect(read.facts.orders.map((row) => row.orderId)).toEqual(['o1']);
  main.down = 'timeout';
  expect((await cache.facts('main', 'BTCUSDT')).state).toBe('unknown');
});

test('with REST down there are no facts to write on, although the stream is ready; what is to be written asks, whatever failed before', async () => {
  const { cache, main, ready } = set();
  main.holds.positions = [aPosition({ size: '3' })];
  ready(main);
  const reason = 'The list of positions has failed several times in a row at the exchange.';
  main.statusIs = { breakers: [{ kind: '/v5/position/list', state: 'open', since: 0 }] };
  main.down = reason;
  expect(await cache.facts('main', 'BTCUSDT')).toEqual({ state: 'unknown', reason });
  expect(cache.held('main', 'positions').fresh).toBe(true);
  // Nobody else asks before the regular check: a position would be without its stop until then.
  main.down = null;
  expect(await cache.facts('main', 'BTCUSDT')).toMatchObject({
    state: 'ok',
    facts: { stampedBy: 'read', positions: [{ size: '3' }] },
  });
});

test('a list that writes do not need may fail without holding a stop up', async () => {
  const { cache, main, ready } = set();
  ready(main);
  main.statusIs = { breakers: [{ kind: '/v5/execution/list', state: 'open', since: 0 }] };
  expect(await cache.facts('main', 'BTCUSDT')).toMatchObject({ state: 'ok' });
  expect(cache.link('main').restTrouble).toContain('has failed several times');
});

test('P01 an account that does not exist is refused, and accounts never mix', async () => {
  const { cache, main, mirror, ready } = set();
  main.holds.positions = [aPosition({ size: '3' })];
  mirror.holds.positions = [aPosition({ account: 'mirror', size: '1' })];
  ready(main);
  ready(mirror);
  expect(() => cache.held('other', 'positions')).toThrow(/no account "other"/);
  expect(cache.held('main', 'positions').rows[0]?.size).toBe('3');
  expect(cache.held('mirror', 'positions').rows[0]?.size).toBe('1');
});

test('invalidating forces one read; switching the cache off makes every question a read', async () => {
  const { cache, main, ready, countsOf } = set();
  main.holds.positions = [aPosition()];
  ready(main);
  expect(cache.invalidate('main', 'positions')).toBe(1);
  await cache.read('main', 'positions');
  await cache.read('main', 'positions');
  expect(main.asked['/v5/position/list']).toBe(1);
  expect(countsOf('main', 'positions')).toMatchObject({
    invalidations: 1,
    refusedStale: 1,
    hits: 1,
  });
  cache.configure({ enabled: false, ttlSeconds: defaultTtlSeconds });
  await cache.read('main', 'positions');
  await cache.read('main', 'positions');
  expect(main.asked['/v5/position/list']).toBe(3);
  cache.configure({ enabled: true, ttlSeconds: { ...defaultTtlSeconds, feeRates: 1 } });
  expect(countsOf('main', 'feeRates').ttlMs).toBe(1_000);
});

test('a new TTL takes effect at once', async () => {
  const { cache, clock, main } = set();
  await cache.read('main', 'orders');
  clock.advance(5_000);
  expect(cache.held('main', 'orders').fresh).toBe(true);
  cache.configure({ enabled: true, ttlSeconds: { ...defaultTtlSeconds, orders: 4 } });
  expect(cache.held('main', 'orders').fresh).toBe(false);
  await cache.refreshDue();
  expect(main.asked['/v5/order/realtime']).toBe(2);
});

test('executions are told once, whether pushed, in a snapshot or read', async () => {
  const { cache, clock, main, ready, down, changes } = set();
  const first = aFill(anOrder(), '0.4', '0.4');
  const second = aFill(anOrder(), '0.6', '1');
  ready(main);
  cache.take('main', main.push({ kind: 'executions', rows: [first], asOf: clock.now() }));
  cache.take('main', main.snapshot(clock.now(), [first, second]));
  down(main);
  main.holds.executions = [first, second];
  clock.advance(16_000);
  await cache.read('main', 'executions');
  const told = changes.flatMap((change) => (change.kind === 'executions' ? change.rows : []));
  expect(told.map((row) => row.execId)).toEqual(['o1-0.4', 'o1-1']);
});

test('statistics: calls and what they would have been, per minute', async () => {
  const { cache, clock, main, ready } = set();
  main.holds.wallet = aWallet('main');
  ready(main);
  cache.start();
  await cache.sweep();
  for (let n = 0; n < 60; n++) {
    clock.advance(1_000);
    cache.look({ account: 'main', symbol: 'BTCUSDT', positionIdx: 0 });
  }
  const state = cache.statistics();
  expect(state.hitRate).toBe(1);
  expect(state.callsPerMinute).toBeGreaterThanOrEqual(3);
  expect(state.callsPerMinuteWithoutCache).toBeGreaterThanOrEqual(123);
  expect(state.callsSaved).toBe(120);
  cache.stop();
});

test('the prices of every contract with a position or an order are streamed', async () => {
  const { cache, main, market, ready } = set();
  main.holds.positions = [aPosition()];
  main.holds.orders = [anOrder({ orderId: 'e', symbol: 'ETHUSDT' })];
  ready(main);
  await cache.refreshDue();
  expect(market.watched).toEqual(['BTCUSDT', 'ETHUSDT']);
});
