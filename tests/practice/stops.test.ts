import { describe, expect, it } from 'vitest';
import { amendOrder, cancelOrder } from '../../src-main/practice/engine/orders/change.ts';
import { fillByHand } from '../../src-main/practice/engine/orders/match.ts';
import { setTradingStop } from '../../src-main/practice/engine/orders/trading-stop.ts';
import type { Order } from '../../src-main/practice/engine/state/state.ts';
import { bareWorld, refusalOf } from './support.ts';

/** A long of 2 ETH at 2500. */
function long() {
  const world = bareWorld();
  world.price('ETHUSDT', '2500.00');
  world.place({ symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '2' });
  const stop = (request: object): void =>
    setTradingStop(world.venue, world.main, {
      symbol: 'ETHUSDT',
      positionIdx: 0,
      tpslMode: 'Full',
      ...request,
    });
  const legs = (): Order[] => [...world.main.open.values()];
  return { ...world, stop, legs };
}

describe('a position’s full TP and SL', () => {
  it('are set, moved and removed; the order behind them keeps its id', () => {
    const { stop, legs, position } = long();
    stop({ takeProfit: '2800', stopLoss: '2400' });
    expect(position('ETHUSDT')).toMatchObject({ takeProfit: '2800', stopLoss: '2400' });
    expect(legs()).toMatchObject([
      { stopOrderType: 'TakeProfit', side: 'Sell', triggerDirection: 1, qty: '2', price: '0' },
      { stopOrderType: 'StopLoss', side: 'Sell', triggerDirection: 2, qty: '2', reduceOnly: true },
    ]);
    const id = legs()[1]?.orderId;
    stop({ stopLoss: '2450' });
    expect(legs()[1]).toMatchObject({ orderId: id, triggerPrice: '2450' });
    stop({ takeProfit: '0' });
    expect(position('ETHUSDT')).toMatchObject({ takeProfit: '', stopLoss: '2450' });
    expect(legs()).toHaveLength(1);
  });

  it('answer 34040 when nothing would change', () => {
    const { stop } = long();
    stop({ stopLoss: '2400' });
    expect(refusalOf(() => stop({ stopLoss: '2400.00' }))).toBe('34040 not modified');
    expect(refusalOf(() => stop({ takeProfit: '0' }))).toBe('34040 not modified');
  });

  it('must lie on the right side, and need a position', () => {
    const { stop, venue, main } = long();
    expect(refusalOf(() => stop({ stopLoss: '2600' }))).toBe(
      '10001 StopLoss:26000000 set for Buy position should lower than base_price:25000000??LastPrice',
    );
    expect(refusalOf(() => stop({ takeProfit: '2400' }))).toBe(
      '10001 TakeProfit:24000000 set for Buy position should higher than base_price:25000000??LastPrice',
    );
    expect(
      refusalOf(() => setTradingStop(venue, main, { symbol: 'BTCUSDT', stopLoss: '1' })),
    ).toMatch(/^10001 /);
    expect(refusalOf(() => stop({ positionIdx: 1, stopLoss: '2400' }))).toBe(
      '10001 position idx not match position mode',
    );
  });

  it('P23 follow the size of the position', () => {
    const { stop, legs, place } = long();
    stop({ stopLoss: '2400' });
    place({ symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '1' });
    expect(legs()[0]?.qty).toBe('3');
    place({ symbol: 'ETHUSDT', side: 'Sell', orderType: 'Market', qty: '2.5' });
    expect(legs()[0]?.qty).toBe('0.5');
  });

  it('close the position when met, and the other one goes with it in the same frame', () => {
    const { stop, legs, price, position, frames } = long();
    stop({ takeProfit: '2800', stopLoss: '2400' });
    frames.length = 0;
    price('ETHUSDT', '2390.00');
    expect(position('ETHUSDT')).toMatchObject({ size: '0', takeProfit: '', stopLoss: '' });
    expect(legs()).toEqual([]);
    const closing = frames
      .filter((frame) => frame.topic === 'order')
      .map((frame) => frame.data as Record<string, unknown>[])
      .find((rows) => rows.some((row) => row.orderStatus === 'Filled'));
    expect(closing?.map((row) => [row.stopOrderType, row.orderStatus, row.cancelType])).toEqual([
      ['StopLoss', 'Filled', 'UNKNOWN'],
      ['TakeProfit', 'Deactivated', 'CancelByTpSlTsClear'],
    ]);
  });

  it('move when their order is amended, and leave the position row when it is cancelled', () => {
    const { stop, legs, venue, main, position } = long();
    stop({ stopLoss: '2400' });
    const named = { symbol: 'ETHUSDT', orderId: legs()[0]?.orderId };
    amendOrder(venue, main, { ...named, triggerPrice: '2430' });
    expect(position('ETHUSDT')?.stopLoss).toBe('2430');
    cancelOrder(venue, main, named);
    expect(position('ETHUSDT')?.stopLoss).toBe('');
  });

  it('come with the fill of an order that carries them', () => {
    const { venue, main, place, legs, position, price } = bareLegs();
    price('ETHUSDT', '2500.00');
    const entry = place({
      symbol: 'ETHUSDT',
      side: 'Buy',
      orderType: 'Limit',
      price: '2490',
      qty: '2',
      takeProfit: '2700',
      stopLoss: '2450',
    });
    expect(legs()).toHaveLength(1);
    fillByHand(venue, main, entry, '0.5');
    expect(position('ETHUSDT')).toMatchObject({ takeProfit: '2700', stopLoss: '2450' });
    fillByHand(venue, main, entry, null);
    expect(legs().map((leg) => [leg.stopOrderType, leg.qty])).toEqual([
      ['TakeProfit', '2'],
      ['StopLoss', '2'],
    ]);
  });
});

function bareLegs() {
  const world = bareWorld();
  return { ...world, legs: (): Order[] => [...world.main.open.values()] };
}

describe('partial TP and SL', () => {
  const partial = { tpslMode: 'Partial', tpSize: '0.5', slSize: '0.5' };

  it('only ever add legs; a limit leg waits with its price', () => {
    const { stop, legs, position } = long();
    stop({ ...partial, takeProfit: '2700', tpOrderType: 'Limit', tpLimitPrice: '2705' });
    stop({ ...partial, takeProfit: '2800' });
    expect(
      legs().map((leg) => [leg.stopOrderType, leg.orderType, leg.price, leg.timeInForce]),
    ).toEqual([
      ['PartialTakeProfit', 'Limit', '2705', 'GTC'],
      ['PartialTakeProfit', 'Market', '0', 'IOC'],
    ]);
    expect(position('ETHUSDT')?.takeProfit).toBe('');
  });

  it('given together are a pair: cancelling one deactivates both', () => {
    const { stop, legs, cancel, main } = long();
    stop({ ...partial, takeProfit: '2700', stopLoss: '2400' });
    const [takeProfit, stopLoss] = legs();
    if (takeProfit === undefined || stopLoss === undefined) throw new Error('no pair');
    cancel(takeProfit);
    expect([takeProfit.status, stopLoss.status]).toEqual(['Deactivated', 'Deactivated']);
    expect(takeProfit.updatedTime).toBe(stopLoss.updatedTime);
    expect(main.open.size).toBe(0);
  });

  it('when one of a pair triggers, the other goes', () => {
    const { stop, price, position, main } = long();
    stop({ ...partial, takeProfit: '2700', stopLoss: '2400' });
    price('ETHUSDT', '2700.00');
    expect(position('ETHUSDT')?.size).toBe('1.5');
    expect(main.open.size).toBe(0);
  });

  it('are at most twenty', () => {
    const { stop } = long();
    for (let at = 0; at < 20; at += 1) stop({ ...partial, takeProfit: String(2600 + at) });
    expect(refusalOf(() => stop({ ...partial, takeProfit: '2650' }))).toMatch(/^110061 /);
  });

  it('on an order appear with each fill, sized by it, under the parent’s link id', () => {
    const { venue, main, place, legs, price } = bareLegs();
    price('ETHUSDT', '2500.00');
    const entry = place({
      symbol: 'ETHUSDT',
      side: 'Buy',
      orderType: 'Limit',
      price: '2490',
      qty: '2',
      orderLinkId: 'parent',
      takeProfit: '2700',
      stopLoss: '2450',
      tpslMode: 'Partial',
    });
    fillByHand(venue, main, entry, '0.5');
    const added = legs().filter((leg) => leg.orderId !== entry.orderId);
    expect(added).toMatchObject([
      {
        stopOrderType: 'PartialTakeProfit',
        createType: 'CreateByPartialTakeProfit',
        qty: '0.5',
        parentOrderLinkId: 'parent',
        orderLinkId: '',
        closeOnTrigger: true,
      },
      { stopOrderType: 'PartialStopLoss', qty: '0.5' },
    ]);
  });
});

describe('a trailing stop', () => {
  it('ratchets with the best price, says so, and closes when the price turns', () => {
    const { stop, legs, price, position, rowsOf } = long();
    stop({ trailingStop: '50' });
    expect(legs()).toMatchObject([{ stopOrderType: 'TrailingStop', triggerPrice: '2450' }]);
    price('ETHUSDT', '2600.00');
    price('ETHUSDT', '2580.00');
    expect(legs()[0]?.triggerPrice).toBe('2550');
    price('ETHUSDT', '2549.00');
    expect(position('ETHUSDT')?.size).toBe('0');
    const trail = rowsOf('order').filter((row) => row.stopOrderType === 'TrailingStop');
    expect(trail.map((row) => row.triggerPrice)).toEqual(['2450', '2550', '2550', '2550']);
  });

  it('sleeps until its active price', () => {
    const { stop, legs, price } = long();
    stop({ trailingStop: '50', activePrice: '2700' });
    price('ETHUSDT', '2600.00');
    price('ETHUSDT', '2500.00');
    expect(legs()).toHaveLength(1);
    price('ETHUSDT', '2720.00');
    expect(legs()[0]).toMatchObject({ triggerPrice: '2670', activePrice: '' });
  });
});
