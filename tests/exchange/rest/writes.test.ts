import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Gateway, NewOrder } from '../../../src-main/exchange/gateway.ts';
import { triggerDirectionOf } from '../../../src-main/exchange/rest/writes.ts';
import { watchGateway } from '../../support/gateway-watch.ts';
import {
  flatRow,
  type LoopbackVenue,
  listReply as list,
  orderRow,
  startLoopbackVenue,
} from '../../support/loopback-venue.ts';

let venue: LoopbackVenue;
let gateway: Gateway;

beforeEach(async () => {
  venue = await startLoopbackVenue();
  venue.on('/v5/position/list', list([flatRow()]));
  venue.on('/v5/order/create', ({ body }) => ({
    result: { orderId: 'new-1', orderLinkId: body['orderLinkId'] },
  }));
  gateway = watchGateway(venue.line).gateway;
});
afterEach(async () => {
  await gateway.stop();
  await venue.stop();
});

const takeProfit: NewOrder = {
  symbol: 'BTCUSDT',
  positionIdx: 0,
  side: 'Sell',
  type: 'Limit',
  quantity: '0.010',
  price: '52000.10',
  reduceOnly: true,
  orderLinkId: 'tp-1',
};
const sent = (path: string) => venue.requests.filter((request) => request.path === path);

describe('placing', () => {
  test('P28 numbers go out exactly as they were given, as text', async () => {
    expect(await gateway.place(takeProfit, 'manual')).toEqual({
      state: 'accepted',
      orderId: 'new-1',
    });
    expect(sent('/v5/order/create')[0]?.body).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      positionIdx: 0,
      side: 'Sell',
      orderType: 'Limit',
      qty: '0.010',
      price: '52000.10',
      reduceOnly: true,
      orderLinkId: 'tp-1',
    });
  });

  test.each(['1e-7', '0.1.2', '', '-1', '0', 'NaN', '0,5'])(
    'P28 a quantity of "%s" is refused and nothing is sent',
    async (quantity) => {
      const result = await gateway.place({ ...takeProfit, quantity }, 'manual');
      expect(result).toMatchObject({ state: 'refused', code: 0 });
      expect(sent('/v5/order/create')).toEqual([]);
    },
  );

  test('P30 a duplicate link id means the first sending was accepted', async () => {
    venue.on('/v5/order/create', { retCode: 110072, retMsg: 'OrderLinkedID is duplicate' });
    venue.on('/v5/order/realtime', ({ query }) =>
      list(
        query.get('orderLinkId') === 'tp-1'
          ? [orderRow({ orderId: 'first', side: 'Sell', qty: '0.010', price: '52000.10' })]
          : [],
      ),
    );
    expect(await gateway.place(takeProfit, 'protect')).toEqual({
      state: 'already',
      orderId: 'first',
    });
  });

  test('P30 a link id the venue would not take is refused and nothing is sent', async () => {
    for (const orderLinkId of ['', 'a b', 'x'.repeat(37)]) {
      const result = await gateway.place({ ...takeProfit, orderLinkId }, 'manual');
      expect(result.state).toBe('refused');
    }
    expect(sent('/v5/order/create')).toEqual([]);
  });

  test.each([
    ['no answer', { hang: true } as const],
    ['a broken connection', { cut: true } as const],
    ['a failing venue', { status: 504 } as const],
    ['a venue that timed out inside', { retCode: 10016, retMsg: 'Request timeout' } as const],
    ['an unreadable answer', { text: 'accepted?' } as const],
  ])('P56 after %s the order is unknown and is not sent again', async (_what, reply) => {
    venue.on('/v5/order/create', reply);
    expect((await gateway.place(takeProfit, 'protect')).state).toBe('unknown');
    expect(sent('/v5/order/create').length).toBe(1);
  });

  test('a venue that cannot be reached has received nothing, and the result says so', async () => {
    await gateway.place(takeProfit, 'manual');
    await venue.stop();
    // A read that fails uses up the connections that still look alive.
    expect((await gateway.position('BTCUSDT')).state).toBe('unknown');
    const result = await gateway.place({ ...takeProfit, orderLinkId: 'tp-2' }, 'manual');
    expect(result).toMatchObject({ state: 'refused' });
    expect(result.state === 'refused' && result.reason).toContain('nothing was sent');
  });

  test('P06 the position mode is read before the first write and a mismatch is not sent', async () => {
    venue.on('/v5/position/list', list([flatRow({ positionIdx: 1 }), flatRow({ positionIdx: 2 })]));
    const result = await gateway.place(takeProfit, 'manual');
    expect(result.state === 'refused' && result.reason).toContain('hedge mode');
    expect(sent('/v5/order/create')).toEqual([]);
    expect((await gateway.place({ ...takeProfit, positionIdx: 1 }, 'manual')).state).toBe(
      'accepted',
    );
  });

  test('E13 a mode switched elsewhere is read again and the write tried once more', async () => {
    expect((await gateway.place(takeProfit, 'manual')).state).toBe('accepted');
    // Known as one-way, switched to hedge: the first hedge order is no longer refused here.
    venue.on('/v5/position/list', list([flatRow({ positionIdx: 1 }), flatRow({ positionIdx: 2 })]));
    const hedge = { ...takeProfit, positionIdx: 1, orderLinkId: 'tp-2' } as const;
    expect((await gateway.place(hedge, 'manual')).state).toBe('accepted');
    // Switched back between the read and the write: the venue says so once.
    let refusals = 0;
    venue.on('/v5/order/create', () => {
      refusals += 1;
      if (refusals > 1) return { result: { orderId: 'new-3' } };
      return { retCode: 10001, retMsg: 'position idx not match position mode' };
    });
    const third = { ...hedge, orderLinkId: 'tp-3' };
    expect(await gateway.place(third, 'manual')).toEqual({ state: 'accepted', orderId: 'new-3' });
    expect(refusals).toBe(2);
  });

  test('E8 a link id the exchange knows is looked at: only the order that was asked for counts', async () => {
    venue.on('/v5/order/create', { retCode: 110072, retMsg: 'OrderLinkedID is duplicate' });
    const found = async (over: Record<string, unknown>) => {
      const asked = { side: 'Sell', qty: '0.01', price: '52000.1', orderLinkId: 'tp-1' };
      venue.on('/v5/order/realtime', list([orderRow({ orderId: 'o', ...asked, ...over })]));
      return (await gateway.place(takeProfit, 'manual')).state;
    };
    expect(await found({})).toBe('already');
    expect(await found({ orderStatus: 'Rejected' })).toBe('refused');
    expect(await found({ orderStatus: 'Cancelled', cumExecQty: '0' })).toBe('refused');
    expect(await found({ price: '53000' })).toBe('refused');
    expect(await found({ qty: '0.02' })).toBe('refused');
    venue.on('/v5/order/realtime', list([]));
    expect((await gateway.place(takeProfit, 'manual')).state).toBe('unknown');
  });

  test('E14 a revoked key seen on a write stops the account with its sentence', async () => {
    const watched = watchGateway(venue.line, { timings: { refusedRetry: 60_000 } });
    watched.gateway.start();
    await watched.ready();
    venue.on('/v5/order/cancel', { retCode: 10003, retMsg: 'API key is invalid.' });
    const result = await watched.gateway.cancel({ symbol: 'BTCUSDT', orderId: 'o' }, 'cancel');
    expect(result.state).toBe('refused');
    expect(watched.gateway.status()).toMatchObject({ stream: 'refused' });
    expect(watched.gateway.status().streamReason).toContain('API key is not valid');
    await watched.gateway.stop();
  });

  test('P06 a mode changed behind our back is read again after the refusal', async () => {
    venue.on('/v5/order/create', {
      retCode: 10001,
      retMsg: 'position idx not match position mode',
    });
    expect((await gateway.place(takeProfit, 'manual')).state).toBe('refused');
    venue.on('/v5/position/list', list([flatRow({ positionIdx: 1 }), flatRow({ positionIdx: 2 })]));
    const again = await gateway.place(takeProfit, 'manual');
    expect(again.state === 'refused' && again.reason).toContain('hedge mode');
    expect(sent('/v5/order/create').length).toBe(2); // the first, and once more after the reading
  });

  test('P32 the trigger direction comes from the price it is measured against', async () => {
    venue.on(
      '/v5/market/tickers',
      list([{ symbol: 'BTCUSDT', lastPrice: '50000', markPrice: '48000' }]),
    );
    const stop = { ...takeProfit, triggerPrice: '49000', orderLinkId: 'sl-1' };
    await gateway.place(stop, 'protect');
    await gateway.place({ ...stop, triggerBy: 'MarkPrice', orderLinkId: 'sl-2' }, 'protect');
    expect(sent('/v5/order/create').map(({ body }) => body['triggerDirection'])).toEqual([2, 1]);
    expect(triggerDirectionOf('100', '99.5')).toBe(1);
    expect(triggerDirectionOf('100', '100.5')).toBe(2);
  });

  test('P32 without a price to measure against nothing is sent', async () => {
    venue.on('/v5/market/tickers', { status: 500 });
    const result = await gateway.place({ ...takeProfit, triggerPrice: '49000' }, 'protect');
    expect(result.state).toBe('refused');
    expect(sent('/v5/order/create')).toEqual([]);
  });
});

describe('changing and cancelling', () => {
  test('P31 cancelling an order that is already gone is success', async () => {
    venue.on('/v5/order/cancel', {
      retCode: 110001,
      retMsg: 'order not exists or too late to cancel',
    });
    expect(await gateway.cancel({ symbol: 'BTCUSDT', orderId: 'order-1' }, 'cancel')).toEqual({
      state: 'already',
      orderId: 'order-1',
    });
  });

  test('P31 amending an order that is gone is not success', async () => {
    venue.on('/v5/order/amend', { retCode: 110001, retMsg: 'order not exists' });
    const change = { symbol: 'BTCUSDT', orderId: 'order-1', price: '51000' };
    expect(await gateway.amend(change, 'manual')).toMatchObject({ state: 'refused', code: 110001 });
  });

  test('an amendment names each field that is to change, its trigger and the stop it carries among them', async () => {
    const change = { symbol: 'BTCUSDT', orderId: 'order-1', quantity: '0.2' };
    const trigger = { triggerPrice: '51000', triggerBy: 'MarkPrice', stopLoss: '49000' } as const;
    await gateway.amend({ ...change, ...trigger }, 'protect');
    expect(sent('/v5/order/amend')[0]?.body).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      orderId: 'order-1',
      qty: '0.2',
      ...trigger,
    });
  });

  test('a trailing stop is sent with its distance, and the price it sleeps until', async () => {
    const trail = { trailingStop: '500', activePrice: '61500' };
    await gateway.setTradingStop({ symbol: 'BTCUSDT', positionIdx: 0, ...trail }, 'protect');
    expect(sent('/v5/position/trading-stop')[0]?.body).toMatchObject(trail);
  });

  test.each([
    [110060, 'not allowed', 'unamendable'],
    [110001, 'order not exists or too late to replace', 'gone'],
    [10001, 'can not set tp/sl/ts for zero position', 'gone'],
    [10001, 'StopLoss:5 set for Buy position should lower than base_price:4??LastPrice', 'passing'],
    [110092, 'expect Rising', 'passing'],
    [110007, 'ab not enough for new order', 'passing'],
    [110094, 'Order does not meet minimum order value 5USDT', 'lasting'],
    [10005, 'Permission denied', 'passing'],
    [199999, 'something new', 'lasting'],
  ])('M4 H6 what a refusal means: %i, %s: %s', async (retCode, retMsg, because) => {
    venue.on('/v5/order/amend', { retCode, retMsg });
    const change = { symbol: 'BTCUSDT', orderId: 'order-1', price: '51000' };
    expect(await gateway.amend(change, 'manual')).toMatchObject({ state: 'refused', because });
  });

  test('a stop that is set already is success, and removing one is sent as "0"', async () => {
    venue.on('/v5/position/trading-stop', { retCode: 34040, retMsg: 'not modified' });
    const stop = { symbol: 'BTCUSDT', positionIdx: 0, stopLoss: '0' } as const;
    expect(await gateway.setTradingStop(stop, 'protect')).toEqual({
      state: 'already',
      orderId: null,
    });
    expect(sent('/v5/position/trading-stop')[0]?.body).toEqual({
      category: 'linear',
      symbol: 'BTCUSDT',
      positionIdx: 0,
      tpslMode: 'Full',
      stopLoss: '0',
    });
  });

  test('P05 K9 two accounts never share a line: each signs with its own key', async () => {
    const other = await startLoopbackVenue('the-mirrors-own-key', 'the-mirrors-own-secret');
    other.on('/v5/order/cancel', { result: { orderId: 'order-1' } });
    venue.on('/v5/order/cancel', { result: { orderId: 'order-1' } });
    const mirror = watchGateway({ ...other.line, account: 'mirror' }).gateway;
    const order = { symbol: 'BTCUSDT', orderId: 'order-1' };
    const mirrors = await mirror.cancel(order, 'cancel');
    expect(sent('/v5/order/cancel')).toEqual([]);
    // Each venue takes one key only, so an accepted write was signed with it.
    expect([mirrors.state, (await gateway.cancel(order, 'cancel')).state]).toEqual([
      'accepted',
      'accepted',
    ]);
    const keysAt = ({ requests }: LoopbackVenue): unknown[] =>
      requests
        .filter(({ path }) => path === '/v5/order/cancel')
        .map(({ headers }) => headers['x-bapi-api-key']);
    expect(keysAt(other)).toEqual(['the-mirrors-own-key']);
    expect(keysAt(venue)).toEqual([venue.line.apiKey]);
    const crossed = watchGateway({ ...other.line, apiKey: venue.line.apiKey }).gateway;
    expect((await crossed.cancel(order, 'cancel')).state).toBe('refused');
    await crossed.stop();
    await mirror.stop();
    await other.stop();
  });
});
