import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WatchedGateway, watchGateway } from '../support/gateway-watch.ts';
import {
  executionRow,
  flatRow,
  type LoopbackVenue,
  orderRow,
  positionRow,
  startLoopbackVenue,
  walletRow,
} from '../support/loopback-venue.ts';

let venue: LoopbackVenue;
const open: WatchedGateway[] = [];

const list = (rows: unknown[], nextPageCursor = '') => ({
  result: { category: 'linear', list: rows, nextPageCursor },
});
function watch(options: Parameters<typeof watchGateway>[1] = {}): WatchedGateway {
  const watched = watchGateway(venue.line, options);
  open.push(watched);
  return watched;
}

beforeEach(async () => {
  venue = await startLoopbackVenue();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ gateway }) => gateway.stop()));
  await venue.stop();
});

describe('following an account', () => {
  test('connect, authenticate, subscribe, snapshot, ready, then live events', async () => {
    venue.on('/v5/position/list', list([positionRow()]));
    venue.on('/v5/order/realtime', ({ query }) =>
      list(query.get('orderFilter') === 'Order' ? [orderRow()] : []),
    );
    const { gateway, events, event, ready } = watch();
    gateway.start();
    await ready();
    const states = events.flatMap((one) => (one.kind === 'stream' ? [one.state] : []));
    expect(states).toEqual(['connecting', 'authenticating', 'syncing', 'ready']);
    const snapshot = await event('snapshot');
    expect(snapshot.positions.map((row) => [row.symbol, row.side, row.size])).toEqual([
      ['BTCUSDT', 'long', '0.01'],
    ]);
    expect(snapshot.orders.map((row) => row.orderId)).toEqual(['order-1']);
    expect(snapshot.wallet.equity).toBe('1000');

    venue.push('execution', [executionRow({ execTime: String(venue.time()) })]);
    venue.push('order', [
      orderRow({ orderStatus: 'Filled', cumExecQty: '0.01', updatedTime: '1700000000001' }),
    ]);
    venue.push('position', [flatRow({ seq: 101, entryPrice: '0', updatedTime: '1700000000001' })]);
    venue.push('wallet', [walletRow('1001')]);
    expect((await event('executions')).rows[0]?.execId).toBe('exec-1');
    expect((await event('orders')).rows[0]?.status).toBe('Filled');
    expect((await event('positions')).rows[0]?.side).toBeNull();
    expect((await event('wallet')).wallet.equity).toBe('1001');
  });
});
