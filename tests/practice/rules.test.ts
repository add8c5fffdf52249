import { describe, expect, it } from 'vitest';
import { times } from '../../src-main/domain/numbers.ts';
import { deleverage } from '../../src-main/practice/engine/account/deleverage.ts';
import { delist } from '../../src-main/practice/engine/account/delist.ts';
import {
  setLeverage,
  setLimitAction,
  switchMode,
} from '../../src-main/practice/engine/account/settings.ts';
import { totalsOf } from '../../src-main/practice/engine/money/margin.ts';
import { tiersOf } from '../../src-main/practice/engine/money/tiers.ts';
import { amendOrder } from '../../src-main/practice/engine/orders/change.ts';
import type { Order } from '../../src-main/practice/engine/state/state.ts';
import { startPractice } from '../../src-main/practice/server.ts';
import { bareWorld, clientOf, practiceCall, type Row, refusalOf, socketTo } from './support.ts';

const market = (more: Row = {}): Row => ({
  symbol: 'ETHUSDT',
  side: 'Buy',
  orderType: 'Market',
  qty: '1',
  ...more,
});
const limit = (more: Row = {}): Row => market({ orderType: 'Limit', price: '2400', ...more });

function eth(balance = '500000') {
  const world = bareWorld();
  world.main.coins.USDT = { walletBalance: balance, cumRealised: '0' };
  world.price('ETHUSDT', '2500.00');
  return world;
}

it('X3 a large FOK order fills whole or not at all', () => {
  const { place } = eth();
  // 300 ETH take three prices: the best, one and two ticks further.
  const near = place(limit({ price: '2500.01', qty: '300', timeInForce: 'FOK' }));
  expect(near).toMatchObject({ status: 'Cancelled', filled: '0' });
  expect(near.rejectReason).toBe('EC_CancelForNoFullFill');
  const far = place(limit({ price: '2500.50', qty: '300', timeInForce: 'FOK' }));
  expect(far).toMatchObject({ status: 'Filled', filled: '300' });
});

describe('X4 an amended order is held against the rules of a new one', () => {
  const amend = (world: ReturnType<typeof eth>, order: Order, change: Row): string =>
    refusalOf(() =>
      amendOrder(world.venue, world.main, { symbol: 'ETHUSDT', orderId: order.orderId, ...change }),
    );

  it('X4 most quantity, least value, margin, sides of TP and SL, price', () => {
    const world = eth('52000');
    const order = world.place(limit());
    const { maxQty = '0', minQty = '0' } = world.venue.contracts.get('ETHUSDT') ?? {};
    expect(amend(world, order, { qty: times(maxQty, '2') })).toMatch(/^10001 .*maximum/);
    const small = world.place(limit({ price: '600', qty: minQty }));
    expect(amend(world, small, { price: '300' })).toMatch(/^110094 /);
    expect(amend(world, order, { qty: '250' })).toMatch(/^110007 /);
    expect(amend(world, order, { takeProfit: '2300' })).toMatch(/^10001 TakeProfit/);
    expect(amend(world, order, { stopLoss: '2450' })).toMatch(/^10001 StopLoss/);
    expect(amend(world, order, { price: '99999999' })).toMatch(/^110003 /);
    expect(order).toMatchObject({ qty: '1', price: '2400', takeProfit: '', stopLoss: '' });
    expect(amend(world, order, { qty: '2', price: '2410', takeProfit: '2600' })).toBe('accepted');
  });
});

describe('X5 orders that only reduce', () => {
  it('X5 stand together for no more than the position; the one that fills last gives way', () => {
    const { place, position, main } = eth();
    place(market({ qty: '2' }));
    const sell = (price: string, qty: string) =>
      place(limit({ side: 'Sell', price, qty, reduceOnly: true }));
    const near = sell('2600', '1');
    const far = sell('2700', '1');
    expect(refusalOf(() => sell('2800', '1'))).toBe('110017 orderQty will be truncated to zero');
    const between = sell('2650', '0.4');
    expect([near.qty, between.qty, far.qty]).toEqual(['1', '0.4', '0.6']);
    place(market({ side: 'Sell', qty: '0.8', reduceOnly: true }));
    expect(position('ETHUSDT')?.size).toBe('1.2');
    expect([near.qty, between.qty]).toEqual(['1', '0.2']);
    expect(far).toMatchObject({ status: 'Cancelled', cancelType: 'CancelByReduceOnly' });
    expect(main.open.size).toBe(2);
  });

  it('X5 larger than one order may be, it becomes several', () => {
    const world = eth('900000000');
    const { maxMarketQty = '0' } = world.venue.contracts.get('ETHUSDT') ?? {};
    setLeverage(world.venue, world.main, {
      symbol: 'ETHUSDT',
      buyLeverage: '2',
      sellLeverage: '2',
    });
    const half = times(maxMarketQty, '0.6');
    world.place(market({ qty: half }));
    world.place(market({ qty: half }));
    const closing = world.place(
      market({
        side: 'Sell',
        qty: '0',
        reduceOnly: true,
        closeOnTrigger: true,
        orderLinkId: 'all',
      }),
    );
    expect(world.position('ETHUSDT')?.size).toBe('0');
    expect(closing).toMatchObject({ qty: maxMarketQty, orderLinkId: 'all', status: 'Filled' });
    const parts = world.main.ended.filter((order) => order.side === 'Sell');
    expect(parts.map((order) => order.orderLinkId)).toEqual(['all', '']);
  });
});

describe('X6 the mark', () => {
  it('X6 follows the index with a little noise of its own', async () => {
    const { world, venue } = bareWorld();
    const quote = venue.market.quote('BTCUSDT');
    if (quote === undefined) throw new Error('no quote');
    const off: number[] = [];
    for (let step = 0; step < 200; step += 1) {
      await world.push(1000);
      off.push(quote.mark / quote.last - 1);
    }
    expect(off.filter((share) => share !== 0).length).toBeGreaterThan(150);
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(0.001);
  });

  it('X6 may diverge: then a mark stop triggers and a last-price stop does not', () => {
    const { world, place } = eth();
    place(market({ qty: '2' }));
    const stop = (triggerBy: string) =>
      place(
        market({
          side: 'Sell',
          triggerPrice: '2450',
          triggerDirection: 2,
          triggerBy,
          reduceOnly: true,
        }),
      );
    const [byMark, byLast] = [stop('MarkPrice'), stop('LastPrice')];
    world.divergeMark('ETHUSDT', 0.97, 60_000);
    expect([byMark.status, byLast.status]).toEqual(['Filled', 'Untriggered']);
    world.clearFaults();
    const quote = world.venue.market.quote('ETHUSDT');
    expect(quote?.mark).toBe(quote?.last);
  });
});

describe('X7 risk', () => {
  it('X7 tiers: more maintenance margin, less leverage, and an end', () => {
    const { venue, main, place, position } = eth('90000000');
    setLeverage(venue, main, { symbol: 'ETHUSDT', buyLeverage: '100', sellLeverage: '100' });
    expect(refusalOf(() => place(market({ qty: '1800' })))).toMatch(/^110090 .*leverage to /);
    setLeverage(venue, main, { symbol: 'ETHUSDT', buyLeverage: '10', sellLeverage: '10' });
    place(market({ qty: '1000' }));
    const contract = venue.contracts.get('ETHUSDT');
    if (contract === undefined) throw new Error('no contract');
    const [first, second] = tiersOf(contract);
    const before =
      Number(totalsOf(venue, main).maintenance) / Number(position('ETHUSDT')?.entryValue);
    place(market({ qty: '500' }));
    const after =
      Number(totalsOf(venue, main).maintenance) / Number(position('ETHUSDT')?.entryValue);
    expect(after).toBeGreaterThan(before);
    expect(Number(second?.deduction)).toBeGreaterThan(Number(first?.deduction));
    expect(
      refusalOf(() =>
        setLeverage(venue, main, { symbol: 'ETHUSDT', buyLeverage: '80', sellLeverage: '80' }),
      ),
    ).toMatch(/^110013 /);
  });

  it('X7 a price outside the contract’s range, and beyond the limit where it may not be moved', () => {
    const { venue, main, place } = eth();
    expect(refusalOf(() => place(limit({ price: '99999999' })))).toMatch(/^110003 /);
    expect(place(limit({ price: '3500', timeInForce: 'PostOnly' })).status).toBe('Cancelled');
    setLimitAction(venue, main, { modifyEnable: false });
    expect(refusalOf(() => place(limit({ price: '3500' })))).toMatch(/^110121 /);
    expect(refusalOf(() => place(limit({ side: 'Sell', price: '1500' })))).toMatch(/^110120 /);
  });

  it('X7 a cross account that is liquidated loses the orders of every symbol first', () => {
    const { place, price, position, main } = eth('52000');
    place(market({ qty: '180' }));
    const other = place({
      symbol: 'SOLUSDT',
      side: 'Buy',
      orderType: 'Limit',
      qty: '1',
      price: '100',
    });
    price('ETHUSDT', '2215.00');
    expect(other).toMatchObject({ status: 'Cancelled', cancelType: 'CancelAllBeforeLiq' });
    expect(position('ETHUSDT')?.size).toBe('0');
    const bust = main.executions.at(-1);
    expect(bust?.execType).toBe('BustTrade');
    // Taken over where the margin it held was used up, not at the mark.
    expect(Number(bust?.execPrice)).toBeLessThan(2215);
  });

  it('X7 deleveraging takes a share at the mark, as its own kind of execution', () => {
    const { venue, main, place, position, rowsOf } = eth();
    place(market({ qty: '2', stopLoss: '2300' }));
    const held = position('ETHUSDT');
    if (held === undefined) throw new Error('nothing held');
    deleverage(venue, main, held, '0.5');
    expect(held).toMatchObject({ size: '1', side: 'Buy', stopLoss: '' });
    expect(main.executions.at(-1)).toMatchObject({
      execType: 'AdlTrade',
      createType: 'CreateByAdl_PassThrough',
      execQty: '1.00',
    });
    expect(rowsOf('order').some((row) => row.cancelType === 'CancelAllBeforeAdl')).toBe(true);
  });

  it('X7 a switch of the position mode is pushed', () => {
    const { venue, main, rowsOf, frames } = eth();
    frames.length = 0;
    switchMode(venue, main, { symbol: 'ETHUSDT', mode: '3' });
    expect(rowsOf('position').map((row) => row.positionIdx)).toEqual([1, 2]);
  });

  it('a leg that was never traded bears no mark of time, one that was closed does', async () => {
    const practice = await startPractice({ scenario: 'empty', clock: 'stepped' });
    const client = clientOf(practice);
    const marks = async () => {
      const { body } = await client.get('/v5/position/list', 'category=linear&symbol=ETHUSDT');
      const [row] = (body.result as { list: Row[] }).list;
      return { seq: Number(row?.seq) >= 0, updated: row?.updatedTime !== '', size: row?.size };
    };
    expect(await marks()).toEqual({ seq: false, updated: false, size: '0' });
    const order = { category: 'linear', symbol: 'ETHUSDT', orderType: 'Market', qty: '1' };
    await client.post('/v5/order/create', { ...order, side: 'Buy' });
    await client.post('/v5/order/create', { ...order, side: 'Sell' });
    expect(await marks()).toEqual({ seq: true, updated: true, size: '0' });
    await practice.stop();
  });

  it('X7 a delisted contract settles, and is no longer known by name', async () => {
    const { venue, main, place, position } = eth();
    place(market());
    const resting = place(limit());
    const contract = venue.contracts.get('ETHUSDT');
    if (contract === undefined) throw new Error('no contract');
    delist(venue, contract);
    expect(position('ETHUSDT')?.size).toBe('0');
    expect(resting).toMatchObject({ status: 'Cancelled', cancelType: 'CancelBySettle' });
    expect(main.executions.at(-1)).toMatchObject({ execType: 'Settle', execFee: '0' });
    expect(refusalOf(() => place(market()))).toMatch(/^10001 /);

    const practice = await startPractice({ scenario: 'empty', clock: 'stepped' });
    const client = clientOf(practice);
    const order = {
      category: 'linear',
      symbol: 'ETHUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '1',
    };
    await client.post('/v5/order/create', order);
    await practiceCall(practice, 'fault', { kind: 'delist', symbol: 'ETHUSDT' });
    const asked = async (path: string, query: string) => (await client.get(path, query)).body;
    const named = 'category=linear&symbol=ETHUSDT';
    for (const path of ['/v5/order/realtime', '/v5/position/list', '/v5/market/tickers'])
      expect([path, (await asked(path, named)).retCode]).toEqual([path, 10001]);
    expect((await client.post('/v5/order/create', order)).body.retCode).toBe(10001);
    expect((await asked('/v5/order/history', named)).result.list).toHaveLength(2);
    const all = (await asked('/v5/market/instruments-info', 'category=linear&limit=1000')).result;
    expect(all.list?.some((row) => row.symbol === 'ETHUSDT')).toBe(false);
    const socket = await socketTo(practice.wsPublic);
    socket.say({ op: 'subscribe', args: ['tickers.ETHUSDT', 'tickers.BTCUSDT'] });
    const reply = await socket.until((message) => message.op === 'subscribe');
    expect(reply).toMatchObject({
      success: false,
      ret_msg: 'error:handler not found,topic:tickers.ETHUSDT',
    });
    socket.close();
    await practice.stop();
  });
});
