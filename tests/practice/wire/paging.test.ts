import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../../../src-main/practice/server.ts';
import { clientOf, practiceCall, type Rows } from '../support.ts';

let practice: Practice;
beforeAll(async () => {
  practice = await startPractice({ scenario: 'desk', clock: 'stepped' });
});
afterAll(() => practice.stop());

/** Walks every page the way a careful client does. */
async function walk(path: string, query: string, limit: number, id: string): Promise<Rows> {
  const client = clientOf(practice);
  const rows: Rows = [];
  let cursor = '';
  for (let page = 0; page < 60; page += 1) {
    const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const { body } = await client.get(path, `${query}&limit=${limit}${more}`);
    expect(body.retCode).toBe(0);
    const list = body.result.list ?? [];
    rows.push(...list);
    cursor = body.result.nextPageCursor ?? '';
    if (list.length < limit || cursor === '') break;
  }
  expect(new Set(rows.map((row) => row[id])).size).toBe(rows.length);
  return rows;
}

describe('pages', () => {
  it.each([
    ['/v5/position/list', 'category=linear&settleCoin=USDT', 7, 'symbol', 'positions'],
    ['/v5/order/realtime', 'category=linear&settleCoin=USDT', 50, 'orderId', 'orders'],
    ['/v5/execution/list', 'category=linear&startTime=1', 40, 'execId', 'executions'],
  ] as const)('of %s hold every row once', async (path, query, limit, id, kind) => {
    const window = path === '/v5/execution/list' ? query.replace('&startTime=1', '') : query;
    const rows = await walk(path, window, limit, id);
    const truth = (await practiceCall(practice, 'truth')) as {
      accounts: Record<typeof kind, Rows>[];
    };
    const expected = truth.accounts[0]?.[kind].map((row) => String(row[id]));
    expect(rows.map((row) => String(row[id])).sort()).toEqual(expected?.sort());
  });

  it('P59 open orders come whole only from both filters, or from none', async () => {
    const query = 'category=linear&settleCoin=USDT';
    const all = await walk('/v5/order/realtime', query, 50, 'orderId');
    const active = await walk('/v5/order/realtime', `${query}&orderFilter=Order`, 50, 'orderId');
    const stops = await walk('/v5/order/realtime', `${query}&orderFilter=StopOrder`, 50, 'orderId');
    expect(stops.length).toBe(30);
    expect(active.length + stops.length).toBe(all.length);
    expect(stops.every((row) => row.orderStatus === 'Untriggered')).toBe(true);
  });

  it('go on after a row that is gone in the meantime', async () => {
    const client = clientOf(practice);
    const query = 'category=linear&settleCoin=USDT&limit=10';
    const first = await client.get('/v5/order/realtime', query);
    const list = first.body.result.list ?? [];
    const last = list.at(-1);
    const cursor = encodeURIComponent(first.body.result.nextPageCursor ?? '');
    const before = await client.get('/v5/order/realtime', `${query}&cursor=${cursor}`);
    await client.post('/v5/order/cancel', {
      category: 'linear',
      symbol: last?.symbol,
      orderId: last?.orderId,
    });
    const after = await client.get('/v5/order/realtime', `${query}&cursor=${cursor}`);
    const ids = (rows: Rows | undefined) => rows?.map((row) => row.orderId);
    expect(ids(after.body.result.list)).toEqual(ids(before.body.result.list));
  });

  it('give a cursor even for a single row, as the venue does', async () => {
    const { body } = await clientOf(practice).get(
      '/v5/position/list',
      'category=linear&symbol=BTCUSDT',
    );
    expect(body.result.list).toHaveLength(1);
    expect(body.result.nextPageCursor).toMatch(/^BTCUSDT%2C\d+%2C0$/);
  });

  it('of instruments are 500 by default, with a cursor for the rest', async () => {
    const get = async (query: string) => {
      const response = await fetch(
        `${practice.rest}/v5/market/instruments-info?category=linear${query}`,
      );
      return ((await response.json()) as { result: { list: Rows; nextPageCursor: string } }).result;
    };
    const first = await get('');
    expect(first.list).toHaveLength(500);
    expect(first.nextPageCursor).toMatch(/^first%3D.+%26last%3D/);
    const rest = await get(`&cursor=${encodeURIComponent(first.nextPageCursor)}`);
    const whole = await get('&limit=1000');
    expect(rest.nextPageCursor).toBe('');
    expect([...first.list, ...rest.list].map((row) => row.symbol)).toEqual(
      whole.list.map((row) => row.symbol),
    );
    expect(whole.list.length).toBeGreaterThan(550);
    expect((await get('&status=PreLaunch')).list).toEqual([]);
  });
});

describe('lists', () => {
  it('answer a symbol with its row even when flat, a settle coin with open ones only', async () => {
    const client = clientOf(practice);
    const flat = await client.get('/v5/position/list', 'category=linear&symbol=GALAUSDT');
    expect(flat.body.result.list).toMatchObject([
      {
        side: '',
        size: '0',
        avgPrice: '0',
        positionValue: '',
        unrealisedPnl: '',
        liqPrice: '',
        positionIM: '0',
        takeProfit: '',
        trailingStop: '0',
        seq: -1,
      },
    ]);
    const open = await client.get('/v5/position/list', 'category=linear&settleCoin=USDT&limit=200');
    expect(open.body.result.list).toHaveLength(30);
    expect(open.body.result.list?.every((row) => Number(row.size) > 0)).toBe(true);
  });

  it('refuse to be asked for everything of a category', async () => {
    const client = clientOf(practice);
    for (const path of ['/v5/order/realtime', '/v5/position/list']) {
      expect((await client.get(path, 'category=linear')).body.retCode).toBe(10001);
    }
    const funding = await fetch(
      `${practice.rest}/v5/market/funding/history?category=linear&symbol=BTCUSDT&startTime=1`,
    );
    expect(await funding.json()).toMatchObject({ retMsg: 'params error: Time Is Invalid' });
  });

  it('of the past keep to seven days at a time', async () => {
    const reply = await clientOf(practice).get(
      '/v5/execution/list',
      `category=linear&startTime=${Date.now() - 8 * 86_400_000}&endTime=${Date.now()}`,
    );
    expect(reply.body.retCode).toBe(10001);
  });
});
