import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../../src-main/domain/read.ts';
import type { GatewayEvent } from '../../src-main/exchange/gateway.ts';
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
let watched: WatchedGateway;
type Row = Record<string, unknown>;
const holds: { positions: Row[]; orders: Row[]; executions: Row[] } = {
  positions: [],
  orders: [],
  executions: [],
};
const eth = { symbol: 'ETHUSDT' };

beforeEach(async () => {
  venue = await startLoopbackVenue();
  holds.positions = [positionRow({ stopLoss: '45000' }), positionRow({ ...eth, stopLoss: '1000' })];
  holds.orders = [orderRow(), orderRow({ ...eth, orderId: 'eth-1' })];
  holds.executions = [];
  const bySymbol = (rows: () => Row[]) => (asked: { query: URLSearchParams }) => {
    const symbol = asked.query.get('symbol');
    return list(rows().filter((row) => symbol === null || row['symbol'] === symbol));
  };
  venue.on(
    '/v5/position/list',
    bySymbol(() => holds.positions),
  );
  venue.on('/v5/order/realtime', (asked) =>
    asked.query.get('orderFilter') === 'StopOrder' ? list([]) : bySymbol(() => holds.orders)(asked),
  );
  venue.on(
    '/v5/execution/list',
    bySymbol(() => holds.executions),
  );
  for (const path of ['order/create', 'order/amend', 'order/cancel', 'position/trading-stop'])
    venue.on(`/v5/${path}`, { result: { orderId: 'new' } });
  watched = watchGateway(venue.line);
});
afterEach(async () => {
  await watched.gateway.stop();
  await venue.stop();
});

const start = async (): Promise<void> => {
  watched.gateway.start();
  await watched.ready();
};
const aside = (symbol = 'BTCUSDT') => watched.gateway.book.setAsideOf(symbol);
const comesTrue = async (holdsTrue: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 1_000 && !holdsTrue(); turn++) {
    await new Promise((done) => {
      setTimeout(done, 10);
    });
  }
  expect(holdsTrue()).toBe(true);
};
const later = (ms: number): string => String(venue.time() + ms);
const sizeOf = (symbol: string): string | undefined =>
  watched.gateway.book.shelf.positions().find((row) => row.symbol === symbol)?.size;
/** Lists may lag 5 s behind the stream; the venue's clock goes on, and they do not any more. */
const lagIsOver = (): void => {
  venue.skew += 6_000;
};

describe('what is not understood in a list', () => {
  test('E1 a word nobody knows sets its symbol aside, and everything else of the account lives on', async () => {
    holds.orders[0] = orderRow({ orderStatus: 'Frozen' });
    await start();
    expect(aside()).toMatchObject({
      symbol: 'BTCUSDT',
      oddities: [{ kind: 'order', field: 'orderStatus', raw: '"Frozen"' }],
    });
    expect(aside('ETHUSDT')).toBeNull();
    expect(sizeOf('BTCUSDT')).toBe('0.01');
    expect(watched.gateway.book.shelf.orders().map(({ orderId }) => orderId)).toEqual(['eth-1']);
    expect(watched.logged.filter((line) => line.includes('Frozen'))).toHaveLength(1);
  });

  test('E1 nothing is ever sent for that symbol, whoever wants it', async () => {
    holds.orders[0] = orderRow({ side: 'Both' });
    await start();
    const { gateway } = watched;
    const order = {
      positionIdx: 0,
      side: 'Sell',
      type: 'Market',
      quantity: '0.01',
      reduceOnly: true,
    } as const;
    const writes = (symbol: string) => [
      gateway.place({ ...order, symbol, orderLinkId: `one-${symbol}` }, 'protect'),
      gateway.amend({ symbol, orderId: 'order-1', triggerPrice: '46000' }, 'protect'),
      gateway.cancel({ symbol, orderId: 'order-1' }, 'cancel'),
      gateway.setTradingStop({ symbol, positionIdx: 0, stopLoss: '46000' }, 'protect'),
    ];
    for (const result of await Promise.all(writes('BTCUSDT'))) {
      expect(result).toMatchObject({ state: 'refused', reason: expect.stringContaining('"Both"') });
    }
    for (const result of await Promise.all(writes('ETHUSDT')))
      expect(result.state).toBe('accepted');
    const sent = venue.requests.filter(({ method }) => method === 'POST');
    expect(sent).toHaveLength(4);
    expect(sent.every(({ body }) => body['symbol'] === 'ETHUSDT')).toBe(true);
  });

  test('E5 a position whose size is missing is not flat: what was known of it stays, and is not current', async () => {
    await start();
    for (const size of ['', null, undefined, 'NaN', '1e999', '-1', []]) {
      holds.positions[0] = positionRow({ size });
      const read = await watched.gateway.positions();
      const { book } = watched.gateway;
      const { told, at } = book.now();
      const rows = read.state === 'unknown' ? [] : rowsOf(read);
      book.answerPositions(rows, { told, at: at + 60_000 });
      expect(aside(), JSON.stringify(size)).not.toBeNull();
      expect(sizeOf('BTCUSDT')).toBe('0.01');
      expect(sizeOf('ETHUSDT')).toBe('0.01');
    }
  });

  test('E1 it ends by itself with a whole read that is understood, and that read is what is known then', async () => {
    holds.positions[0] = positionRow({ positionIdx: 7 });
    await start();
    expect(aside()?.oddities[0]).toMatchObject({ field: 'positionIdx', raw: '7' });
    holds.positions = [positionRow({ size: '0.03', seq: 200 }), positionRow(eth)];
    holds.orders = [orderRow({ ...eth, orderId: 'eth-1' })];
    await comesTrue(() => aside() === null);
    expect(sizeOf('BTCUSDT')).toBe('0.03');
    expect(
      (await watched.gateway.cancel({ symbol: 'BTCUSDT', orderId: 'x' }, 'cancel')).state,
    ).toBe('accepted');
  });

  test('E1 what was known of it and is in no list afterwards is asked about by name', async () => {
    await start();
    holds.orders[0] = orderRow({ qty: {} });
    await watched.gateway.openOrders();
    expect(aside()).not.toBeNull();
    holds.positions = holds.positions.slice(1);
    holds.orders = holds.orders.slice(1);
    venue.on('/v5/position/list', ({ query }) =>
      list(query.get('symbol') === 'BTCUSDT' ? [flatRow({ seq: 300 })] : holds.positions),
    );
    venue.on(
      '/v5/order/history',
      list([orderRow({ orderStatus: 'Cancelled', updatedTime: later(0) })]),
    );
    await comesTrue(() => aside() === null);
    expect(sizeOf('BTCUSDT')).toBeUndefined();
    expect(watched.gateway.book.endedOrder('order-1')?.status).toBe('Cancelled');
  });

  test('E1 executions of it wait until it is understood; then each is told once, and those of others at once', async () => {
    holds.orders[0] = orderRow({ orderStatus: 'Frozen' });
    await start();
    const told = (): string[] =>
      watched.events.flatMap((one: GatewayEvent) =>
        one.kind === 'executions' ? one.rows.map(({ execId }) => execId) : [],
      );
    const [first, second] = ['one', 'two'].map((execId) =>
      executionRow({ execId, execTime: later(0) }),
    );
    venue.push('execution', [first, executionRow({ ...eth, execId: 'eth', execTime: later(0) })]);
    venue.push('execution', [second, first]);
    await comesTrue(() => told().length > 0);
    expect(told()).toEqual(['eth']);
    holds.orders[0] = orderRow();
    await comesTrue(() => told().length > 1);
    expect(told()).toEqual(['eth', 'one', 'two']);
  });

  test('E1 an execution that cannot be read is read again from when it was first met', async () => {
    const odd = executionRow({ execId: 'odd', execQty: 'x', execTime: later(-1_000) });
    holds.executions = [odd];
    await start();
    expect(aside()?.oddities[0]).toMatchObject({ kind: 'execution', field: 'execQty' });
    holds.executions = [{ ...odd, execQty: '0.01' }];
    await comesTrue(() => aside() === null);
    expect(watched.gateway.book.executions().map(({ execId }) => execId)).toEqual(['odd']);
  });

  test('E1 after hours away nothing that was read beside an odd execution is lost', async () => {
    const hours = (count: number): string => later(-count * 3_600_000);
    const [early, odd, other] = [
      executionRow({ execId: 'early', execTime: hours(4) }),
      executionRow({ execId: 'odd', execTime: hours(3), leavesQty: 'none' }),
      executionRow({ ...eth, execId: 'eth', execTime: hours(2) }),
    ] as const;
    holds.executions = [other, odd, early];
    venue.on('/v5/execution/list', ({ query }) => {
      const [symbol, from] = [query.get('symbol'), Number(query.get('startTime'))];
      return list(
        holds.executions.filter(
          (row) => (symbol === null || row['symbol'] === symbol) && Number(row['execTime']) >= from,
        ),
      );
    });
    await watched.gateway.stop();
    watched = watchGateway(venue.line, { lastExecution: { executedAt: Number(hours(5)) } });
    await start();
    const { book } = watched.gateway;
    expect(book.executions().map(({ execId }) => execId)).toEqual(['eth']);
    expect(aside()?.oddities[0]).toMatchObject({ field: 'leavesQty', raw: '"none"' });
    holds.executions = [other, { ...odd, leavesQty: '0' }, early];
    await comesTrue(() => aside() === null);
    expect(
      book
        .executions()
        .map(({ execId }) => execId)
        .sort(),
    ).toEqual(['early', 'eth', 'odd']);
  });

  test('a wallet that is not understood keeps nobody from reading positions and orders', async () => {
    const wallet = walletRow('1000') as { coin: Row[] };
    venue.on('/v5/account/wallet-balance', {
      result: { list: [{ ...wallet, coin: [...wallet.coin, { coin: 7 }] }] },
    });
    await start();
    expect((await watched.event('snapshot')).wallet).toBeNull();
    expect(sizeOf('BTCUSDT')).toBe('0.01');
    const unreadable = {
      ...wallet,
      totalEquity: 'much',
      coin: [{ ...wallet.coin[0], equity: {} }],
    };
    venue.on('/v5/account/wallet-balance', { result: { list: [unreadable] } });
    expect(await watched.gateway.wallet()).toMatchObject({
      rows: [
        {
          equity: null,
          available: '1000',
          coins: [{ coin: 'USDT', equity: null, walletBalance: '1000' }],
        },
      ],
    });
  });
});

describe('what is not understood on the stream', () => {
  test('E1 the other rows of the frame count, the line stands, and a read is asked for', async () => {
    await start();
    const before = venue.requests.length;
    venue.push('position', [
      positionRow({ side: 'Up', size: '5', seq: 150 }),
      positionRow({ ...eth, size: '0.07', seq: 150, updatedTime: later(0) }),
    ]);
    await comesTrue(() => aside() !== null);
    expect(sizeOf('ETHUSDT')).toBe('0.07');
    expect(sizeOf('BTCUSDT')).toBe('0.01');
    expect(watched.gateway.status().stream).toBe('ready');
    expect(venue.connections()).toBe(1);
    await comesTrue(() => venue.requests.length > before);
  });

  test('E1 a list that may lag behind the stream does not make it understood', async () => {
    await start();
    venue.push('order', [orderRow({ orderStatus: 'Frozen', updatedTime: later(0) })]);
    await comesTrue(() => aside() !== null);
    const asked = (): number =>
      venue.requests.filter(({ path }) => path === '/v5/position/list').length;
    const before = asked();
    await comesTrue(() => asked() >= before + 3);
    expect(aside()).not.toBeNull();
    lagIsOver();
    await comesTrue(() => aside() === null);
  });

  test('E1 a message that says flat does not end what is not understood', async () => {
    await start();
    venue.push('order', [orderRow({ side: 7 })]);
    venue.push('position', [flatRow({ seq: 500, updatedTime: later(0) })]);
    await comesTrue(() => aside() !== null && sizeOf('BTCUSDT') === undefined);
    expect(aside()?.sentence).toContain('nothing is sent for BTCUSDT');
  });

  test('E1 rows of categories that are not ours are passed over; a category nobody knows is not', async () => {
    await start();
    for (const category of ['spot', 'inverse', 'option'])
      venue.push('order', [{ category, symbol: 'BTCUSDT' }]);
    venue.push('order', [orderRow({ ...eth, category: 'Linear', updatedTime: later(0) })]);
    await comesTrue(() => aside('ETHUSDT') !== null);
    expect(aside()).toBeNull();
  });
});
