import { describe, expect, it } from 'vitest';
import {
  addMargin,
  setAutoAddMargin,
  setLeverage,
  setMarginMode,
  switchMode,
} from '../../src-main/practice/engine/account/settings.ts';
import { setTradingStop } from '../../src-main/practice/engine/orders/trading-stop.ts';
import { bareWorld, refusalOf } from './support.ts';

const buy = { symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '1' };

describe('leverage', () => {
  const both = (leverage: string) => ({
    symbol: 'ETHUSDT',
    buyLeverage: leverage,
    sellLeverage: leverage,
  });

  it('changes, and says when it does not', () => {
    const { venue, main, position } = bareWorld();
    setLeverage(venue, main, both('20'));
    expect(position('ETHUSDT')?.leverage).toBe('20');
    expect(refusalOf(() => setLeverage(venue, main, both('20.00')))).toBe(
      '110043 leverage not modified',
    );
    expect(refusalOf(() => setLeverage(venue, main, both('101')))).toMatch(/^110013 /);
    expect(refusalOf(() => setLeverage(venue, main, { ...both('5'), sellLeverage: '6' }))).toMatch(
      /^10001 /,
    );
  });
});

describe('position mode', () => {
  const mode = (value: number, place: object = { symbol: 'ETHUSDT' }) => ({
    mode: value,
    ...place,
  });

  it('switches only when nothing is open, and says when it is as wanted', () => {
    const { venue, main, place, cancel } = bareWorld();
    expect(refusalOf(() => switchMode(venue, main, mode(0)))).toBe(
      '110025 Position mode is not modified',
    );
    expect(refusalOf(() => switchMode(venue, main, mode(1)))).toBe(
      '10001 params error: position_mode invalid',
    );
    const order = place({ ...buy, orderType: 'Limit', price: '2000' });
    expect(refusalOf(() => switchMode(venue, main, mode(3)))).toMatch(/^110028 /);
    cancel(order);
    place(buy);
    expect(refusalOf(() => switchMode(venue, main, mode(3)))).toMatch(/^110024 /);
    place({ ...buy, side: 'Sell', reduceOnly: true });
    expect(refusalOf(() => switchMode(venue, main, mode(3)))).toBe('accepted');
    expect(refusalOf(() => switchMode(venue, main, mode(3, { symbol: 'BTCPERP' })))).toMatch(
      /^110029 /,
    );
  });

  it('P08 in hedge mode the two sides live apart: closing one leaves the other alone', () => {
    const { venue, main, place, position, rowsOf } = bareWorld();
    switchMode(venue, main, mode(3, { coin: 'USDT' }));
    expect(refusalOf(() => place(buy))).toBe('10001 position idx not match position mode');
    place({ ...buy, positionIdx: 1, qty: '2' });
    place({ ...buy, side: 'Sell', positionIdx: 2 });
    const target = place({
      ...buy,
      side: 'Sell',
      positionIdx: 1,
      orderType: 'Limit',
      price: '2600',
      reduceOnly: true,
    });
    place({ ...buy, positionIdx: 2, reduceOnly: true });
    expect(position('ETHUSDT', 1)).toMatchObject({ side: 'Buy', size: '2' });
    expect(position('ETHUSDT', 2)).toMatchObject({ side: '', size: '0' });
    expect(target.status).toBe('New');
    const legs = rowsOf('position').slice(-2);
    expect(legs.map((row) => [row.positionIdx, row.size])).toEqual([
      [1, '2'],
      [2, '0'],
    ]);
  });

  it('each leg of a hedge has its own stop', () => {
    const { venue, main, place, price, position } = bareWorld();
    switchMode(venue, main, mode(3, { coin: 'USDT' }));
    price('ETHUSDT', '2500.00');
    place({ ...buy, positionIdx: 1 });
    place({ ...buy, side: 'Sell', positionIdx: 2 });
    const stop = (positionIdx: number, stopLoss: string) =>
      setTradingStop(venue, main, { symbol: 'ETHUSDT', positionIdx, stopLoss });
    stop(1, '2400');
    stop(2, '2600');
    expect(
      [...main.open.values()].map((leg) => [leg.positionIdx, leg.side, leg.triggerPrice]),
    ).toEqual([
      [1, 'Sell', '2400'],
      [2, 'Buy', '2600'],
    ]);
    price('ETHUSDT', '2390.00');
    expect(position('ETHUSDT', 1)?.size).toBe('0');
    expect(position('ETHUSDT', 2)).toMatchObject({ size: '1', stopLoss: '2600' });
    expect([...main.open.values()].map((leg) => leg.positionIdx)).toEqual([2]);
  });

  it('a closing order of a hedge leg never opens the other side', () => {
    const { venue, main, place, position } = bareWorld();
    switchMode(venue, main, mode(3, { coin: 'USDT' }));
    place({ ...buy, positionIdx: 1 });
    place({ ...buy, side: 'Sell', positionIdx: 1, qty: '5' });
    expect(position('ETHUSDT', 1)).toMatchObject({ side: '', size: '0' });
    expect(position('ETHUSDT', 2)).toBeUndefined();
  });
});

describe('margin', () => {
  it('mode and automatic adding say when they are as wanted', () => {
    const { venue, main } = bareWorld();
    expect(
      refusalOf(() => setMarginMode(venue, main, { setMarginMode: 'REGULAR_MARGIN' })),
    ).toMatch(/^110026 /);
    const add = { symbol: 'ETHUSDT', autoAddMargin: 0 };
    expect(refusalOf(() => setAutoAddMargin(venue, main, add))).toBe(
      '10001 auto add margin not modified',
    );
  });

  it('can be added to an isolated position only', () => {
    const { venue, main, place } = bareWorld();
    place(buy);
    const add = { symbol: 'ETHUSDT', margin: '100' };
    expect(refusalOf(() => addMargin(venue, main, add))).not.toBe('accepted');
    setMarginMode(venue, main, { setMarginMode: 'ISOLATED_MARGIN' });
    expect(addMargin(venue, main, add).addedMargin).toBe('100');
  });
});
