import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../../../src-main/domain/read.ts';
import type { Gateway } from '../../../src-main/exchange/gateway.ts';
import { aPosition } from '../../cache/rows.ts';
import { watchGateway } from '../../support/gateway-watch.ts';
import {
  executionRow,
  flatRow,
  type LoopbackVenue,
  listReply as list,
  orderRow,
  positionRow,
  startLoopbackVenue,
} from '../../support/loopback-venue.ts';

let venue: LoopbackVenue;
let gateway: Gateway;

beforeEach(async () => {
  venue = await startLoopbackVenue();
  gateway = watchGateway(venue.line).gateway;
});
afterEach(async () => {
  await gateway.stop();
  await venue.stop();
});

const pages = (path: string) => venue.requests.filter((request) => request.path === path);
const manyPositions = (from: number, count: number): unknown[] =>
  Array.from({ length: count }, (_, i) => positionRow({ symbol: `S${from + i}USDT` }));

describe('whole answers or none', () => {
  test('every page of a list is read, and the cursor goes back as it came', async () => {
    const cursor = 'S199USDT%2C1719444330678%2C0';
    venue.on('/v5/position/list', ({ query }) => {
      if (query.get('settleCoin') !== 'USDT') return list([]);
      return query.get('cursor') === cursor
        ? list(manyPositions(200, 3), 'S202USDT%2C1%2C0')
        : list(manyPositions(0, 200), cursor);
    });
    const read = await gateway.positions();
    expect(read.state === 'ok' && read.rows.length).toBe(203);
    expect(pages('/v5/position/list').map(({ query }) => query.get('limit'))).toContain('200');
  });

  test('P59 a page walk with one failed page is unknown as a whole', async () => {
    venue.on('/v5/position/list', ({ query }) =>
      query.has('cursor') ? { status: 502 } : list(manyPositions(0, 200), 'next'),
    );
    const read = await gateway.positions();
    expect(read).toEqual({ state: 'unknown', reason: 'The exchange failed (HTTP 502).' });
  });

  test('P59 both order filters are read, and one that fails makes the answer unknown', async () => {
    venue.on('/v5/order/realtime', ({ query }) =>
      list([orderRow({ orderId: query.get('orderFilter') })]),
    );
    const read = await gateway.openOrders();
    expect(read.state === 'ok' && read.rows.map((row) => row.orderId).sort()).toEqual([
      'Order',
      'StopOrder',
    ]);
    venue.on('/v5/order/realtime', ({ query }) =>
      query.get('orderFilter') === 'StopOrder' ? { status: 500 } : list([orderRow()]),
    );
    expect((await gateway.openOrders()).state).toBe('unknown');
  });

  test('E1 a row that names no symbol makes the answer unknown, it is never left out', async () => {
    for (const symbol of [undefined, null, '', 7, 'btcusdt', 'BTC USDT']) {
      venue.on(
        '/v5/position/list',
        list([positionRow({ symbol: 'ETHUSDT' }), positionRow({ symbol })]),
      );
      expect(await gateway.positions()).toMatchObject({
        state: 'unknown',
        reason: expect.stringContaining('symbol'),
      });
    }
  });

  test('E1 what is not understood of a symbol is told with the rows of the others', async () => {
    const eth = positionRow({ symbol: 'ETHUSDT' });
    venue.on('/v5/position/list', list([positionRow(), eth, positionRow({ size: 'many' })]));
    const read = await gateway.positions();
    expect(read).toMatchObject({
      state: 'ok',
      rows: [{ symbol: 'ETHUSDT' }],
      odd: [{ symbol: 'BTCUSDT', kind: 'position', field: 'size', raw: '"many"' }],
    });
    // Asked about by name there is no answer at all.
    expect(await gateway.position('BTCUSDT')).toMatchObject({
      state: 'unknown',
      reason: 'Bybit sent a position of BTCUSDT that is not understood here (size: "many").',
    });
    // Nothing but what is odd is not "nothing there".
    venue.on('/v5/position/list', list([positionRow({ size: null })]));
    expect(await gateway.positions()).toMatchObject({ state: 'ok', rows: [] });
  });

  test('a cursor that repeats ends the walk', async () => {
    venue.on('/v5/position/list', list(manyPositions(0, 200), 'same'));
    const read = await gateway.positions();
    expect(read.state).toBe('ok');
    expect(pages('/v5/position/list').length).toBe(2);
  });

  test('USDC positions are read too when the venue has such contracts', async () => {
    venue.on('/v5/market/instruments-info', list([{ settleCoin: 'USDT' }, { settleCoin: 'USDC' }]));
    venue.on('/v5/position/list', ({ query }) =>
      list([positionRow({ symbol: `BTC-${query.get('settleCoin')}` })]),
    );
    const read = await gateway.positions();
    expect(read.state === 'ok' && read.rows.map((row) => row.symbol).sort()).toEqual([
      'BTC-USDC',
      'BTC-USDT',
    ]);
  });

  test('of a settle coin in which nothing is held the orders can be left out, and only then', async () => {
    venue.on('/v5/market/instruments-info', list([{ settleCoin: 'USDT' }, { settleCoin: 'USDC' }]));
    venue.on('/v5/position/list', ({ query }) =>
      list([positionRow({ symbol: query.get('settleCoin') === 'USDC' ? 'BTCPERP' : 'BTCUSDT' })]),
    );
    const askedOf = async (): Promise<string[]> => {
      const before = pages('/v5/order/realtime').length;
      await gateway.openOrders('in use');
      const asked = pages('/v5/order/realtime').slice(before);
      return asked
        .map(({ query }) => `${query.get('settleCoin')} ${query.get('orderFilter')}`)
        .sort();
    };
    const ofBoth = ['USDC Order', 'USDC StopOrder', 'USDT Order', 'USDT StopOrder'];
    expect(await askedOf()).toEqual(['USDT Order', 'USDT StopOrder']);
    // The stream tells of a contract that no list has named yet: it may be of any coin.
    gateway.book.answerPositions([aPosition({ symbol: 'BTCPERP' })], gateway.book.now());
    expect(await askedOf()).toEqual(ofBoth);
    await gateway.positions();
    expect(await askedOf()).toEqual(ofBoth);
    gateway.book.answerPositions([aPosition({ symbol: 'BTCUSDT' })], gateway.book.now());
    expect(await askedOf()).toEqual(['USDT Order', 'USDT StopOrder']);
  });

  test.each([
    ['P19 a venue that does not answer', { hang: true } as const],
    ['P58 a connection that breaks', { cut: true } as const],
    ['a failing venue', { status: 503 } as const],
    ['an answer that is not JSON', { text: '<html>busy</html>' } as const],
    ['an answer without a result', { text: '{}' } as const],
    [
      'P18 a refusal for too many requests',
      { retCode: 10006, retMsg: 'Too many visits.' } as const,
    ],
  ])('%s is unknown, never "nothing there"', async (_what, reply) => {
    venue.on('/v5/position/list', reply);
    venue.on('/v5/execution/list', reply);
    venue.on('/v5/order/realtime', reply);
    for (const read of await Promise.all([
      gateway.positions(),
      gateway.position('BTCUSDT'),
      gateway.openOrders(),
      gateway.order({ symbol: 'BTCUSDT', orderId: 'x' }),
      gateway.executions(venue.time() - 1_000),
    ])) {
      expect(read.state).toBe('unknown');
    }
  });

  test('only a whole, successful read says there is nothing', async () => {
    expect((await gateway.positions()).state).toBe('empty');
    expect((await gateway.openOrders()).state).toBe('empty');
  });

  test('a short failure is asked again before it is given up', async () => {
    let failures = 2;
    venue.on('/v5/position/list', () => (failures-- > 0 ? { cut: true } : list([positionRow()])));
    expect((await gateway.position('BTCUSDT')).state).toBe('ok');
  });

  test('a flat position is a row with no side', async () => {
    venue.on('/v5/position/list', list([flatRow()]));
    const read = await gateway.position('BTCUSDT');
    expect(read.state === 'ok' && read.rows.map((row) => [row.side, row.size])).toEqual([
      [null, '0'],
    ]);
  });

  test('executions of weeks are read window by window and told oldest first', async () => {
    const day = 86_400_000;
    const now = venue.time();
    venue.on('/v5/execution/list', ({ query }) => {
      const from = Number(query.get('startTime'));
      const to = Number(query.get('endTime'));
      expect(to - from).toBeLessThanOrEqual(7 * day);
      const inside = [now - 20 * day, now - 10 * day, now - 10].filter(
        (at) => at >= from && at <= to,
      );
      return list(inside.map((at) => executionRow({ execId: `${now - at}`, execTime: `${at}` })));
    });
    const read = await gateway.executions(now - 21 * day);
    expect(read.state === 'unknown' ? [] : rowsOf(read).map((row) => row.execId)).toEqual([
      `${20 * day}`,
      `${10 * day}`,
      '10',
    ]);
  });
});

describe('one order, wherever it is', () => {
  const by = { symbol: 'BTCUSDT', orderId: 'order-1' };
  const ended = orderRow({ orderStatus: 'Filled', cumExecQty: '0.01' });

  test('P65 an order the live list has forgotten is found in the history', async () => {
    venue.on('/v5/order/history', list([ended]));
    const read = await gateway.order(by);
    expect(read.state === 'ok' && read.rows[0]?.status).toBe('Filled');
  });

  test('it never existed only when every place was read', async () => {
    expect((await gateway.order(by)).state).toBe('empty');
    venue.on('/v5/order/history', { status: 500 });
    expect((await gateway.order(by)).state).toBe('unknown');
  });

  test('P65 an order whose executions are there is not "never existed"', async () => {
    venue.on('/v5/execution/list', ({ query }) =>
      list(query.get('orderId') === 'order-1' ? [executionRow()] : []),
    );
    expect((await gateway.order(by)).state).toBe('unknown');
  });
});
