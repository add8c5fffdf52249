import { afterEach, beforeEach, expect, it } from 'vitest';
import { times, toStep } from '../../src-main/domain/numbers.ts';
import { type Practice, startPractice } from '../../src-main/practice/server.ts';
import { practiceCall, type Row, type Rows } from './support.ts';

let practice: Practice;
beforeEach(async () => {
  practice = await startPractice({ clock: 'stepped', speed: 0 });
});
afterEach(() => practice.stop());

const call = (path: string, body: Row): Promise<Row> => practiceCall(practice, path, body);
const main = async (): Promise<{ positions: Rows; orders: Rows }> => {
  const { accounts } = (await practiceCall(practice, 'truth')) as { accounts: Row[] };
  return accounts[0] as { positions: Rows; orders: Rows };
};

it('another hand places, cancels, and moves, removes and sets a stop', async () => {
  const order = { symbol: 'BTCUSDT', side: 'Buy', orderType: 'Limit', qty: '0.01', price: '90000' };
  const placed = await call('order', { account: 'main', ...order });
  expect(placed).toMatchObject({ status: 'New' });
  expect((await main()).orders.map((row) => row.orderId)).toContain(placed.orderId);
  const named = { account: 'main', orderId: placed.orderId };
  expect(await call('cancel', named)).toMatchObject({ status: 'Cancelled' });
  expect(await call('cancel', named)).toEqual({ error: 'no open order with this orderId' });
  expect(await call('order', { account: 'main', ...order, qty: '0' })).toHaveProperty('error');

  const stopOf = async () =>
    (await main()).positions.find((row) => row.symbol === 'BTCUSDT')?.stopLoss;
  const stop = { account: 'main', symbol: 'BTCUSDT' };
  expect(await stopOf()).not.toBe('');
  expect(await call('stop', { ...stop, price: null })).toEqual({ symbol: 'BTCUSDT', price: null });
  expect(await stopOf()).toBe('');
  await call('stop', { ...stop, price: '95000' });
  expect(await stopOf()).toBe('95000');
  expect(await call('stop', { account: 'main', symbol: 'ZECUSDT', price: '1' })).toEqual({
    error: 'no such position',
  });
});

it('a stop that is an order of its own is moved and removed as well', async () => {
  const before = (await main()).orders.find((row) => row.stopOrderType === 'Stop');
  const { symbol, side } = before ?? {};
  const { result } = (await (
    await fetch(
      `${practice.rest}/v5/market/instruments-info?category=linear&symbol=${String(symbol)}`,
    )
  ).json()) as { result: { list: { priceFilter: { tickSize: string } }[] } };
  const tick = result.list[0]?.priceFilter.tickSize ?? '1';
  const stops = async () =>
    (await main()).orders.filter((row) => row.symbol === symbol && row.stopOrderType === 'Stop');
  // A little further from the market, on the tick.
  const moved = toStep(
    times(String(before?.triggerPrice), side === 'Sell' ? '0.99' : '1.01'),
    tick,
    'nearest',
  );
  await call('stop', { account: 'main', symbol, price: moved });
  expect((await stops()).map((row) => Number(row.triggerPrice))).toEqual([Number(moved)]);
  await call('stop', { account: 'main', symbol, price: null });
  expect(await stops()).toEqual([]);
});
