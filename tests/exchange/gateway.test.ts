import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/domain/clock.ts';
import { executionKey } from '../../src-main/domain/keys.ts';
import { rowsOf } from '../../src-main/domain/read.ts';
import { type WatchedGateway, watchGateway } from '../support/gateway-watch.ts';
import {
  executionRow,
  flatRow,
  type LoopbackVenue,
  listReply as list,
  orderRow,
  positionRow,
  startLoopbackVenue,
  walletRow,
} from '../support/loopback-venue.ts';

let venue: LoopbackVenue;
const open: WatchedGateway[] = [];

function watch(options: Parameters<typeof watchGateway>[1] = {}): WatchedGateway {
  const watched = watchGateway(venue.line, options);
  open.push(watched);
  return watched;
}
async function started(options: Parameters<typeof watchGateway>[1] = {}): Promise<WatchedGateway> {
  const watched = watch(options);
  watched.gateway.start();
  await watched.ready();
  return watched;
}
/** The position list by settle coin, and by symbol. */
const positions = (open: unknown[], bySymbol: unknown[] = open): void =>
  venue.on('/v5/position/list', ({ query }) => list(query.has('symbol') ? bySymbol : open));
const openOrders = (rows: unknown[]): void =>
  venue.on('/v5/order/realtime', ({ query }) =>
    list(query.get('orderFilter') === 'Order' ? rows : []),
  );
const later = (ms: number): string => String(venue.time() + ms);

beforeEach(async () => {
  venue = await startLoopbackVenue();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ gateway }) => gateway.stop()));
  await venue.stop();
});

describe('following an account', () => {
  test('connect, authenticate, subscribe, snapshot, ready, then live events', async () => {
    positions([positionRow()]);
    openOrders([orderRow()]);
    const { events, event } = await started();
    const states = events.flatMap((one) => (one.kind === 'stream' ? [one.state] : []));
    expect(states).toEqual(['connecting', 'authenticating', 'syncing', 'ready']);
    const snapshot = await event('snapshot');
    expect(snapshot.positions.map((row) => [row.symbol, row.side, row.size])).toEqual([
      ['BTCUSDT', 'long', '0.01'],
    ]);
    expect(snapshot.orders.map((row) => row.orderId)).toEqual(['order-1']);
    expect(snapshot.wallet?.equity).toBe('1000');

    venue.push('execution', [executionRow({ execTime: later(0) })]);
    venue.push('order', [
      orderRow({ orderStatus: 'Filled', cumExecQty: '0.01', updatedTime: later(0) }),
    ]);
    venue.push('position', [flatRow({ seq: 101, entryPrice: '0', updatedTime: later(0) })]);
    venue.push('wallet', [walletRow('1001')]);
    expect((await event('executions')).rows[0]?.execId).toBe('exec-1');
    expect((await event('orders')).rows[0]?.status).toBe('Filled');
    expect((await event('positions')).rows[0]?.side).toBeNull();
    expect((await event('wallet')).wallet.equity).toBe('1001');
  });

  test('P60 what happened while the line was cut is told once, with the next snapshot', async () => {
    const known = executionRow({ execId: 'known', execTime: later(-1_000) });
    const { event, events } = await started({
      seenExecutions: [executionKey({ account: 'main', symbol: 'BTCUSDT', execId: 'known' })],
    });
    venue.push('execution', [executionRow({ execId: 'live', execTime: later(0) })]);
    await event('executions');
    venue.on(
      '/v5/execution/list',
      list([
        executionRow({ execId: 'missed-2', execTime: later(20), seq: 3 }),
        executionRow({ execId: 'missed-1', execTime: later(10), seq: 2 }),
        executionRow({ execId: 'live', execTime: later(0) }),
        known,
      ]),
    );
    positions([positionRow()]);
    venue.cut();
    const snapshot = await event('snapshot', ({ positions: rows }) => rows.length > 0);
    expect(snapshot.executions.map((row) => row.execId)).toEqual(['missed-1', 'missed-2']);
    const asked = venue.requests.findLast(({ path }) => path === '/v5/execution/list');
    const live = events.find((one) => one.kind === 'executions');
    const liveAt = live?.kind === 'executions' ? (live.rows[0]?.executedAt ?? 0) : 0;
    expect(Number(asked?.query.get('startTime'))).toBeLessThanOrEqual(liveAt - 60_000);
  });

  test('messages that come while the snapshot is read are neither lost nor doubled', async () => {
    const at = later(5_000);
    const fill = executionRow({ execId: 'both', execTime: at });
    venue.on('/v5/position/list', ({ query }) => {
      if (query.get('settleCoin') === 'USDT') {
        venue.push('execution', [fill]);
        venue.push('position', [positionRow({ size: '0.02', seq: 200, updatedTime: at })]);
      }
      return list([positionRow({ size: '0.01', seq: 100 })]);
    });
    venue.on('/v5/execution/list', list([fill]));
    const { event, events } = await started();
    const snapshot = await event('snapshot');
    expect(snapshot.positions[0]?.size).toBe('0.02');
    expect(snapshot.executions.map((row) => row.execId)).toEqual(['both']);
    expect(events.some(({ kind }) => kind === 'executions')).toBe(false);
  });

  test('P60 what was heard while the snapshot was read is not lost with the connection', async () => {
    let cuts = 0;
    venue.on('/v5/execution/list', () => {
      // The list lags: it never shows this one.
      if (cuts === 0) venue.push('execution', [executionRow({ execId: 'heard' })]);
      return list([]);
    });
    venue.on('/v5/position/list', async () => {
      cuts += 1;
      if (cuts === 1) {
        await new Promise<void>((done) => void systemClock.after(50, done));
        venue.cut();
      }
      return list([]);
    });
    const { event } = await started();
    const snapshot = await event('snapshot');
    expect(snapshot.executions.map(({ execId }) => execId)).toEqual(['heard']);
  });

  test('H3 a position that closed during a short drop is gone with the snapshot, and nobody sees half of it', async () => {
    positions([positionRow()]);
    openOrders([orderRow()]);
    const { gateway, event, events } = await started();
    const { shelf } = gateway.book;
    // Spoken of by the stream a moment before the drop.
    venue.push('position', [positionRow({ stopLoss: '45000', seq: 101, updatedTime: later(0) })]);
    await event('positions');
    let half = 0;
    positions([], [flatRow({ seq: 102, updatedTime: later(1) })]);
    openOrders([]);
    venue.on('/v5/order/history', () => {
      // The lists were read; the order is still being asked about.
      half += shelf.positions().length === shelf.orders().length ? 0 : 1;
      return list([orderRow({ orderStatus: 'Cancelled', updatedTime: later(2) })]);
    });
    const before = events.length;
    venue.cut();
    await event('snapshot', (one) => events.indexOf(one) >= before);
    expect(shelf.positions()).toEqual([]);
    expect(shelf.orders()).toEqual([]);
    expect(half).toBe(0);
  });

  test('E9 an order the stream has just told of is kept while the venue’s lists do not name it yet', async () => {
    venue.on('/v5/position/list', ({ query }) => {
      // Made a moment before the lists were read, which lag.
      if (query.get('settleCoin') === 'USDT')
        venue.push('order', [orderRow({ orderId: 'young', updatedTime: later(-100) })]);
      return list([]);
    });
    openOrders([]);
    const { gateway, event } = await started();
    const { book } = gateway;
    expect((await event('snapshot')).orders.map((row) => row.orderId)).toEqual(['young']);
    expect(venue.requests.some(({ query }) => query.get('orderId') === 'young')).toBe(true);
    const { told, at } = book.now();
    book.answerOrders([], { told, at: at + 4_000 });
    expect(book.shelf.orders()).toHaveLength(1);
    book.answerOrders([], { told, at: at + 6_000 });
    expect(book.shelf.orders()).toEqual([]);
  });

  test('X1 a push of before the wallet’s answer, that comes after it, is not shown as what the wallet is', async () => {
    const { event } = await started();
    expect(await event('snapshot')).toMatchObject({ walletIsCertain: false });
    venue.push('wallet', [walletRow('999')], venue.time() - 500);
    venue.push('wallet', [walletRow('1000')], venue.time() - 400);
    const told = await event('wallet', ({ isCertain }) => isCertain);
    expect(told.wallet.equity).toBe('1000');
  });

  describe('E9 a position that no list names is asked about by name', () => {
    const held = async (): Promise<WatchedGateway> => {
      positions([positionRow({ seq: 200, updatedTime: later(0) })]);
      return started({ timings: { lateLook: 60_000 } });
    };
    /** As the regular check does. */
    async function read({ gateway }: WatchedGateway): Promise<string[]> {
      const asked = gateway.book.now();
      const told = await gateway.positions('open and held');
      if (told.state === 'unknown') throw new Error(told.reason);
      gateway.book.answerPositions(rowsOf(told), asked);
      return gateway.book.shelf.positions().map(({ size }) => size);
    }

    test('a list that lags drops nothing', async () => {
      const watched = await held();
      positions([], [flatRow({ seq: 150 })]);
      expect(await read(watched)).toEqual(['0.01']);
    });

    test('one that was closed is gone, and shown again by the very push that opens it', async () => {
      const watched = await held();
      positions([], [flatRow({ seq: 201, updatedTime: later(0) })]);
      expect(await read(watched)).toEqual([]);
      const asked = venue.requests.length;
      venue.push('position', [positionRow({ seq: 202, size: '0.02', updatedTime: later(1) })]);
      await watched.event('positions', ({ rows }) => rows[0]?.size === '0.02');
      expect(watched.gateway.book.shelf.positions()).toHaveLength(1);
      expect(venue.requests).toHaveLength(asked);
    });

    test('a list is not known while the name is not answered', async () => {
      const watched = await held();
      venue.on('/v5/position/list', ({ query }) =>
        query.has('symbol') ? { status: 500 } : list([]),
      );
      const told = await watched.gateway.positions('open and held');
      expect(told.state).toBe('unknown');
    });
  });

  test('P58 an order missing from the list is looked up before it is taken for ended', async () => {
    openOrders([orderRow()]);
    const { event } = await started();
    openOrders([]);
    venue.on(
      '/v5/order/history',
      list([orderRow({ orderStatus: 'Cancelled', cumExecQty: '0.004', updatedTime: later(0) })]),
    );
    venue.cut();
    const told = await event('orders');
    expect(told.rows.map((row) => [row.status, row.filledQuantity])).toEqual([
      ['Cancelled', '0.004'],
    ]);
  });

  const ladder = Array.from({ length: 60 }, (_, i) => `order-${i}`);
  const named = (): string[] => venue.requests.flatMap(({ query }) => query.get('orderId') ?? []);
  const endedOrder = (orderId: string) =>
    orderRow({ orderId, orderStatus: 'Filled', cumExecQty: '0.01', updatedTime: later(0) });
  /** The lists no longer name the ladder; asked for by name, each order has ended. */
  const endAllByName = (): void =>
    venue.on('/v5/order/realtime', ({ query }) => {
      const orderId = query.get('orderId');
      return list(orderId === null ? [] : [endedOrder(orderId)]);
    });

  test('P58 many orders that ended in an outage are read from the history by pages, the rest by name', async () => {
    const others = Array.from({ length: 30 }, (_, i) => endedOrder(`another-${i}`));
    openOrders(ladder.map((orderId) => orderRow({ orderId })));
    const { event } = await started();
    const late = ladder.slice(0, 2);
    const listed = [...others, ...ladder.slice(2).map(endedOrder)];
    endAllByName();
    venue.on('/v5/order/history', ({ query }) => {
      const from = Number(query.get('cursor') ?? 0);
      const last = from + 50 >= listed.length;
      return list(listed.slice(from, from + 50), last ? '' : String(from + 50));
    });
    venue.cut();
    const told = await event('orders');
    expect(told.rows.map(({ orderId }) => orderId).sort()).toEqual([...ladder].sort());
    expect(told.rows.every(({ status }) => status === 'Filled')).toBe(true);
    expect(named().sort()).toEqual(late);
    const pages = venue.requests.filter(({ path }) => path === '/v5/order/history');
    expect(pages.map(({ query }) => query.get('cursor'))).toEqual([null, '50']);
    expect(pages.every(({ query }) => query.get('startTime') !== null)).toBe(true);
  });

  test('P59 a history with one failed page tells nothing: each order is asked about by name', async () => {
    openOrders(ladder.map((orderId) => orderRow({ orderId })));
    const { event } = await started();
    endAllByName();
    venue.on('/v5/order/history', ({ query }) =>
      query.has('cursor')
        ? { retCode: 10017, retMsg: 'no' }
        : list(ladder.slice(0, 50).map(endedOrder), 'next'),
    );
    venue.cut();
    const told = await event('orders');
    expect(told.rows).toHaveLength(60);
    // On a machine at work an answer may come too late, and is asked for again.
    expect([...new Set(named())].sort()).toEqual([...ladder].sort());
  });

  test('P19 a history that holds other orders without end is not walked without end', async () => {
    openOrders(ladder.map((orderId) => orderRow({ orderId })));
    const { event } = await started();
    endAllByName();
    let page = 0;
    venue.on('/v5/order/history', () => {
      page += 1;
      const rows = Array.from({ length: 50 }, (_, i) => endedOrder(`another-${page}-${i}`));
      return list(rows, String(page));
    });
    venue.cut();
    expect((await event('orders')).rows).toHaveLength(60);
    expect(page).toBeLessThanOrEqual(4);
    expect(named().sort()).toEqual([...ladder].sort());
  });

  test('P19 a position missing from the list is asked for by name before it is taken for closed', async () => {
    positions([positionRow()]);
    const { event, events } = await started();
    positions([], [positionRow({ seq: 150 })]);
    venue.cut();
    const again = await event(
      'snapshot',
      (one) => one !== events.find((e) => e.kind === 'snapshot'),
    );
    expect(again.positions.map((row) => row.symbol)).toEqual(['BTCUSDT']);
  });

  test('an old message never brings back a closed position or an ended order', async () => {
    positions([], [flatRow({ seq: 300, updatedTime: later(0) })]);
    venue.on('/v5/order/history', list([orderRow({ orderStatus: 'Cancelled' })]));
    const { event, events } = await started();
    venue.push('position', [positionRow({ seq: 250 })]);
    venue.push('order', [orderRow()]);
    venue.push('wallet', [walletRow('1002')]);
    await event('wallet');
    await event('orders', ({ rows }) => rows[0]?.status === 'Cancelled');
    const opened = events.filter(
      (one) => one.kind === 'positions' && one.rows.some((row) => row.side !== null),
    );
    const revived = events.filter(
      (one) => one.kind === 'orders' && one.rows.some((row) => row.status === 'New'),
    );
    expect([...opened, ...revived]).toEqual([]);
  });

  test('the execution list lagging behind the venue is read once more', async () => {
    const { event } = await started();
    venue.on('/v5/execution/list', list([executionRow({ execId: 'late', execTime: later(-50) })]));
    expect((await event('executions')).rows.map((row) => row.execId)).toEqual(['late']);
  });

  test('E12 an execution is read though our clock was set back after the venue’s was measured', async () => {
    let ahead = 0;
    const clock = { ...systemClock, now: () => systemClock.now() + ahead };
    const { gateway } = await started({ clock });
    ahead = -20_000;
    const row = executionRow({ execId: 'now', execTime: later(0) });
    venue.on('/v5/execution/list', ({ query }) =>
      list(Number(query.get('endTime')) >= Number(row['execTime']) ? [row] : []),
    );
    const read = await gateway.executions(venue.time() - 60_000);
    expect(read).toMatchObject({ state: 'ok', rows: [{ execId: 'now' }] });
  });

  test('rows of spot, inverse and options are not ours', async () => {
    const { event, events } = await started();
    venue.push('order', [orderRow({ category: 'spot', orderStatus: 'PartiallyFilledCanceled' })]);
    venue.push('position', [positionRow({ category: 'inverse', symbol: 'BTCUSD' })]);
    venue.push('wallet', [walletRow('1003')]);
    await event('wallet');
    expect(events.some(({ kind }) => kind === 'orders' || kind === 'positions')).toBe(false);
  });

  test('both legs of a hedged symbol are kept apart', async () => {
    const { event } = await started();
    venue.push('position', [
      positionRow({ positionIdx: 1, updatedTime: later(0) }),
      positionRow({ positionIdx: 2, side: 'Sell', size: '0.5', updatedTime: later(0) }),
    ]);
    const { rows } = await event('positions');
    expect(rows.map((row) => [row.positionIdx, row.side, row.size])).toEqual([
      [1, 'long', '0.01'],
      [2, 'short', '0.5'],
    ]);
  });

  test('an order only the stream has told of yet is not "never existed"', async () => {
    const { gateway, event } = await started();
    venue.push('order', [
      orderRow({
        orderId: 'done',
        orderStatus: 'Filled',
        cumExecQty: '0.01',
        updatedTime: later(0),
      }),
      orderRow({ orderId: 'open', orderLinkId: 'link', updatedTime: later(0) }),
    ]);
    await event('orders');
    const done = await gateway.order({ symbol: 'BTCUSDT', orderId: 'done' });
    expect(done.state === 'ok' && [done.source, done.rows[0]?.status]).toEqual([
      'stream',
      'Filled',
    ]);
    const open = await gateway.order({ symbol: 'BTCUSDT', orderLinkId: 'link' });
    expect(open.state).toBe('unknown');
  });

  test('P13 more filled than ordered is said, in the venue’s own totals', async () => {
    const { event, logged } = await started();
    venue.push('order', [orderRow({ cumExecQty: '0.02', updatedTime: later(0) })]);
    expect((await event('orders')).rows[0]?.filledQuantity).toBe('0.02');
    expect(logged.some((line) => line.includes('more filled of order order-1'))).toBe(true);
  });
});

describe('a stream that is not to be trusted', () => {
  const states = ({ events }: WatchedGateway): string[] =>
    events.flatMap((one) => (one.kind === 'stream' ? [one.state] : []));

  test('a stream that never authenticates is given up and made anew', async () => {
    venue.stream.answerAuth = 'ignore';
    const watched = watch({ timings: { streamStepWithin: 300 } });
    watched.gateway.start();
    const down = await watched.event('stream', ({ state }) => state === 'down');
    expect(down.reason).toContain('not authenticated within');
    venue.stream.answerAuth = 'accept';
    await watched.ready();
    expect(venue.connections()).toBeGreaterThan(1);
  });

  test('the connection cut before the acknowledgement still authenticates the next time', async () => {
    venue.stream.answerAuth = 'ignore';
    const watched = watch();
    watched.gateway.start();
    await watched.event('stream', ({ state }) => state === 'authenticating');
    venue.stream.answerAuth = 'accept';
    venue.cut();
    await watched.ready();
  });

  test('a key the stream refuses is said, and tried again slowly', async () => {
    venue.stream.answerAuth = 'refuse';
    const watched = watch();
    watched.gateway.start();
    const refused = await watched.event('stream', ({ state }) => state === 'refused');
    expect(refused.reason).toBe('The exchange did not accept the API key on the stream.');
    venue.stream.answerAuth = 'accept';
    await watched.ready();
  });

  test('E10 a symbol delisted while the stream was away does not keep the account from being read', async () => {
    const other = positionRow({ symbol: 'ETHUSDT' });
    positions([positionRow(), other]);
    const watched = await started();
    venue.on('/v5/position/list', ({ query }) =>
      query.get('symbol') === 'BTCUSDT'
        ? { retCode: 10001, retMsg: 'params error: symbol invalid' }
        : list([other]),
    );
    venue.cut();
    const second = await watched.event(
      'snapshot',
      (one) => one !== watched.events.find((e) => e.kind === 'snapshot'),
    );
    expect(second.positions.map(({ symbol }) => symbol)).toEqual(['ETHUSDT']);
    expect(watched.gateway.status().stream).toBe('ready');
  });

  test('E10 an order of a symbol delisted while the stream was away is looked for in the history alone', async () => {
    openOrders([orderRow(), orderRow({ orderId: 'other', symbol: 'ETHUSDT' })]);
    const watched = await started();
    const gone = { retCode: 10001, retMsg: 'params error: symbol invalid' };
    venue.on('/v5/order/realtime', ({ query }) => {
      if (query.get('symbol') === 'BTCUSDT') return gone;
      const rows = [orderRow({ orderId: 'other', symbol: 'ETHUSDT' })];
      return list(query.get('orderFilter') === 'Order' ? rows : []);
    });
    const ended = orderRow({ orderStatus: 'Cancelled', updatedTime: later(0) });
    venue.on('/v5/order/history', list([ended]));
    venue.cut();
    const orders = await watched.event('orders');
    expect(orders.rows.map(({ orderId, status }) => [orderId, status])).toEqual([
      ['order-1', 'Cancelled'],
    ]);
    expect(watched.gateway.book.shelf.orders().map(({ orderId }) => orderId)).toEqual(['other']);
  });

  test('P61 a stream refused for its stamp comes back with a new measurement of the clock', async () => {
    venue.skew = -30_000;
    // The later look at the executions would find the clock wrong by itself, before the stream does.
    const watched = watch({ timings: { lateLook: 60_000 } });
    watched.gateway.start();
    await watched.ready();
    venue.skew = 0;
    venue.cut();
    await watched.event('stream', ({ state }) => state === 'refused');
    await watched.event(
      'snapshot',
      (one) => one !== watched.events.find((e) => e.kind === 'snapshot'),
    );
    expect(Math.abs(watched.gateway.status().clockOffsetMs ?? 1_000)).toBeLessThan(1_000);
  });

  test('a subscription nobody confirms is not taken for one', async () => {
    venue.stream.answerSubscribe = false;
    const watched = watch({ timings: { streamStepWithin: 300 } });
    watched.gateway.start();
    await watched.event('stream', ({ state }) => state === 'down');
    expect(states(watched)).not.toContain('syncing');
    venue.stream.answerSubscribe = true;
    await watched.ready();
  });

  test('a stream that says nothing after an accepted order is made anew', async () => {
    venue.on('/v5/order/cancel', { result: { orderId: 'order-1' } });
    const watched = await started({ timings: { echoWithin: 40 } });
    await watched.gateway.cancel({ symbol: 'BTCUSDT', orderId: 'order-1' }, 'cancel');
    const down = await watched.event('stream', ({ state }) => state === 'down');
    expect(down.reason).toContain('stayed silent after an order was accepted');
  });

  test('a message that is here before the answer to the write is its echo', async () => {
    venue.on('/v5/order/cancel', async () => {
      venue.push('order', [orderRow({ orderStatus: 'Cancelled', updatedTime: later(0) })]);
      await new Promise<void>((done) => void systemClock.after(30, done));
      return { result: { orderId: 'order-1' } };
    });
    const watched = await started({ timings: { echoWithin: 20 } });
    await watched.gateway.cancel({ symbol: 'BTCUSDT', orderId: 'order-1' }, 'cancel');
    await new Promise<void>((done) => void systemClock.after(60, done));
    expect(states(watched)).not.toContain('down');
  });

  test('E11 a stream that tells other topics, but not the one an accepted order speaks on, is made anew', async () => {
    venue.on('/v5/order/cancel', () => {
      venue.push('wallet', [walletRow('5')]);
      return { result: { orderId: 'order-1' } };
    });
    const watched = await started({ timings: { echoWithin: 40 } });
    await watched.gateway.cancel({ symbol: 'BTCUSDT', orderId: 'order-1' }, 'cancel');
    venue.push('wallet', [walletRow('6')]);
    await watched.event('stream', ({ state }) => state === 'down');
  });

  test('E11 a resync makes the stream anew and reads the account with it', async () => {
    const watched = await started();
    positions([positionRow()]);
    watched.gateway.resync('The regular check found what the stream had not told.');
    const down = await watched.event('stream', ({ state }) => state === 'down');
    expect(down.reason).toContain('regular check');
    await watched.event('snapshot', ({ positions: rows }) => rows.length === 1);
  });

  test('a stream that no longer answers a ping is made anew', async () => {
    const watched = await started({ timings: { pingEvery: 50, pongWithin: 500 } });
    venue.stream.answerPing = false;
    await watched.event('stream', ({ state }) => state === 'down');
    venue.stream.answerPing = true;
    await watched.event(
      'snapshot',
      (one) => one !== watched.events.find((e) => e.kind === 'snapshot'),
    );
  });

  test('an unreadable message while the snapshot is read makes it be read again', async () => {
    let reads = 0;
    venue.on('/v5/account/wallet-balance', () => {
      if (++reads === 1) {
        venue.pushText('{"topic":"order","creationTime":1,"data":[{"orderId":"order-1"}]}');
      }
      return { result: { list: [walletRow(String(reads))] } };
    });
    const watched = await started();
    expect((await watched.event('snapshot')).wallet?.equity).toBe('2');
  });

  test('a ban while the snapshot is read is waited out on the same connection', async () => {
    let bans = 1;
    venue.on('/v5/account/wallet-balance', () =>
      bans-- > 0 ? { status: 403 } : { result: { list: [walletRow('8')] } },
    );
    const watched = await started({ timings: { ban: 80 } });
    expect((await watched.event('snapshot')).wallet?.equity).toBe('8');
    expect(venue.connections()).toBe(1);
  });

  test.each([
    ['text that is not JSON', '{"topic":"order","data":[{'],
    ['JSON that is no message', '{"hello":1}'],
    ['a row without its symbol', '{"topic":"order","creationTime":1,"data":[{"orderId":"1"}]}'],
  ])('%s makes the account be read anew', async (_what, text) => {
    const watched = await started();
    positions([positionRow()]);
    venue.pushText(text);
    const snapshot = await watched.event('snapshot', ({ positions: rows }) => rows.length > 0);
    expect(snapshot.positions[0]?.symbol).toBe('BTCUSDT');
  });

  test('a snapshot that cannot be read keeps the state out of ready, and nothing is lost over it', async () => {
    const fill = executionRow({ execId: 'one', execTime: later(-10) });
    venue.on('/v5/execution/list', list([fill]));
    let failures = 3;
    venue.on('/v5/account/wallet-balance', () =>
      failures-- > 0
        ? { retCode: 10016, retMsg: 'System error.' }
        : { result: { list: [walletRow('7')] } },
    );
    const watched = await started();
    const snapshot = await watched.event('snapshot');
    expect(snapshot.executions.map((row) => row.execId)).toEqual(['one']);
    expect(snapshot.wallet?.equity).toBe('7');
  });

  test('however often the venue cuts the line, connections stay under a ceiling', async () => {
    venue.stream.hold = false;
    const watched = watch({ timings: { reconnectFirst: 1, reconnectCeiling: 1 } });
    watched.gateway.start();
    const downs = (): number => states(watched).filter((state) => state === 'down').length;
    while (downs() < 60) await new Promise<void>((done) => void systemClock.after(5, done));
    await new Promise<void>((done) => void systemClock.after(100, done));
    expect(venue.connections()).toBe(60);
  });

  test('P58 in a total outage the stream is down and says why, also while it is being made anew', async () => {
    positions([positionRow()]);
    const { gateway, event, events } = await started({ timings: { lateLook: 60_000 } });
    await venue.stop();
    const down = await event('stream', ({ state }) => state === 'down');
    expect(down.reason).toMatch(/^The stream .*\.$/);
    const after = events.indexOf(down);
    await event('stream', (one) => one.reason?.includes('Check the connection') ?? false);
    await event('stream', (one) => one.state === 'connecting' && events.indexOf(one) > after);
    const since = events.slice(after).flatMap((one) => (one.kind === 'stream' ? [one] : []));
    expect(since.every(({ reason }) => reason !== null)).toBe(true);
    const read = await gateway.positions();
    expect(read.state === 'unknown' && read.reason).toContain('could not be reached');
    await gateway.positions();
    const { stream, streamReason, stoppedUntil, breakers } = gateway.status();
    expect(['down', 'connecting']).toContain(stream);
    expect(streamReason).not.toBeNull();
    expect(stoppedUntil).toBeNull();
    expect(breakers.some(({ state }) => state === 'open')).toBe(true);
  });

  test('K9 a stopped gateway says so, asks nothing more and leaves no connection behind', async () => {
    const watched = await started();
    expect(venue.standing()).toBeGreaterThan(1);
    await watched.gateway.stop();
    expect(states(watched).at(-1)).toBe('off');
    const asked = venue.requests.length;
    const read = await watched.gateway.positions();
    expect(read.state === 'unknown' && read.reason).toContain('closed');
    expect(venue.requests.length).toBe(asked);
    await expect.poll(() => venue.standing()).toBe(0);
    const told = watched.events.length;
    venue.push('position', [positionRow({ seq: 999, size: '9' })]);
    expect(watched.events.length).toBe(told);
  });
});
