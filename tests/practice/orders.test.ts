import { describe, expect, it } from 'vitest';
import { totalsOf } from '../../src-main/practice/engine/money/margin.ts';
import {
  amendOrder,
  cancelAll,
  cancelOrder,
} from '../../src-main/practice/engine/orders/change.ts';
import { fillByHand } from '../../src-main/practice/engine/orders/match.ts';
import { bareWorld, refusalOf } from './support.ts';

const limit = (request: object = {}) => ({
  symbol: 'ETHUSDT',
  side: 'Buy',
  orderType: 'Limit',
  qty: '1',
  price: '2400',
  ...request,
});
const market = (request: object = {}) => ({
  symbol: 'ETHUSDT',
  side: 'Buy',
  orderType: 'Market',
  qty: '1',
  ...request,
});

describe('the life of an order', () => {
  it('runs New, PartiallyFilled, Filled, and tells what is left each time', () => {
    const { venue, main, place, rowsOf } = bareWorld();
    const order = place(limit());
    fillByHand(venue, main, order, '0.4');
    fillByHand(venue, main, order, null);
    const rows = rowsOf('order').map((row) => [row.orderStatus, row.cumExecQty, row.leavesQty]);
    expect(rows).toEqual([
      ['New', '0', '1'],
      ['PartiallyFilled', '0.4', '0.6'],
      ['Filled', '1', '0'],
    ]);
    expect(main.open.size).toBe(0);
    expect(main.endedById.get(order.orderId)?.status).toBe('Filled');
  });

  it('keeps its fills when it is cancelled half way', () => {
    const { venue, main, place, cancel } = bareWorld();
    const order = place(limit());
    fillByHand(venue, main, order, '0.4');
    cancel(order);
    expect(order).toMatchObject({ status: 'Cancelled', filled: '0.4', cancelType: 'CancelByUser' });
  });

  it('fills a resting order at its own price as maker when the market comes to it', () => {
    const { place, price, main, position } = bareWorld();
    place(limit());
    price('ETHUSDT', '2390.00');
    expect(main.executions).toMatchObject([
      { execPrice: '2400', isMaker: true, feeRate: '0.0002', execFee: '0.48' },
    ]);
    expect(position('ETHUSDT')).toMatchObject({ side: 'Buy', size: '1', entryValue: '2400' });
  });

  it('fills a market order at the other side of the book as taker, its price the cap 5 % away', () => {
    const { place, price, main } = bareWorld();
    price('ETHUSDT', '2500.00');
    const order = place(market());
    expect(order).toMatchObject({ status: 'Filled', price: '2625.01', timeInForce: 'IOC' });
    expect(main.executions).toMatchObject([
      { execPrice: '2500.01', isMaker: false, feeRate: '0.00055' },
    ]);
  });

  it('takes several prices when it is large', () => {
    const { place, price, main } = bareWorld();
    price('ETHUSDT', '2500.00');
    place(market({ qty: '60' }));
    expect(main.executions.map((row) => [Number(row.execQty), row.execPrice])).toEqual([
      [36, '2500.01'],
      [24, '2500.02'],
    ]);
  });

  it('ends PostOnly orders that would cross, and IOC orders that would rest', () => {
    const { place, price } = bareWorld();
    price('ETHUSDT', '2500.00');
    expect(place(limit({ price: '2510', timeInForce: 'PostOnly' }))).toMatchObject({
      status: 'Cancelled',
      rejectReason: 'EC_PostOnlyWillTakeLiquidity',
    });
    expect(place(limit({ timeInForce: 'IOC' }))).toMatchObject({
      status: 'Cancelled',
      rejectReason: 'EC_NoImmediateQtyToFill',
    });
    expect(place(limit({ timeInForce: 'FOK' }))).toMatchObject({
      status: 'Cancelled',
      rejectReason: 'EC_CancelForNoFullFill',
    });
  });

  it('moves a price beyond the price limit to it', () => {
    const { place, price } = bareWorld();
    price('ETHUSDT', '2500.00');
    expect(place(limit({ price: '2700' }))).toMatchObject({ price: '2550.00', status: 'Filled' });
  });
});

describe('what is refused', () => {
  it.each([
    ['an unknown symbol', { symbol: 'NOPEUSDT' }, '10001 params error: symbol invalid'],
    ['a bad side', { side: 'Long' }, '10001 params error: side invalid'],
    [
      'P29 less than the minimum quantity',
      { qty: '0' },
      '10001 The number of contracts exceeds minimum limit allowed',
    ],
    ['a quantity between steps', { qty: '0.015' }, '10001 Qty invalid'],
    ['a price between ticks', { price: '2400.005' }, '10001 params error: price invalid'],
    [
      'less than 5 USDT',
      { qty: '0.01', price: '200' },
      '110094 Order does not meet minimum order value 5USDT',
    ],
    [
      'P06 an index of the other position mode',
      { positionIdx: 1 },
      '10001 position idx not match position mode',
    ],
    ['more than the account can carry', { qty: '900' }, '110007 ab not enough for new order'],
    [
      'P27 reduce-only on a flat position',
      { reduceOnly: true, side: 'Sell' },
      '110017 current position is zero, cannot fix reduce-only order qty',
    ],
    ['P32 a trigger without direction', { triggerPrice: '2600' }, '10001 TriggerDirection invalid'],
    [
      'a link id with other signs',
      { orderLinkId: 'a b' },
      '10001 params error: orderLinkId invalid',
    ],
    [
      'a stop above the price of a long',
      { stopLoss: '2450' },
      '10001 StopLoss:24500000 set for Buy position should lower than base_price:24000000??LastPrice',
    ],
  ])('%s', (_name, change, refusal) => {
    const { place, main } = bareWorld();
    expect(refusalOf(() => place(limit(change)))).toBe(refusal);
    expect(main.open.size).toBe(0);
    expect(main.executions).toEqual([]);
  });

  it('a trigger on the wrong side of the price, with both in the text', () => {
    const { place, price } = bareWorld();
    price('ETHUSDT', '2500.00');
    const stop = (triggerPrice: string, triggerDirection: number) =>
      refusalOf(() => place(market({ triggerPrice, triggerDirection })));
    expect(stop('2400', 1)).toBe(
      '110092 expect Rising, but trigger_price[24000000] <= current[25000000]??LastPrice',
    );
    expect(stop('2600', 2)).toBe(
      '110093 expect Falling, but trigger_price[26000000] >= current[25000000]??LastPrice',
    );
    expect(stop('2600', 1)).toBe('accepted');
  });

  it('P30 a link id a second time, even after the first order is gone', () => {
    const { place, cancel } = bareWorld();
    cancel(place(limit({ orderLinkId: 'entry-1' })));
    expect(refusalOf(() => place(limit({ orderLinkId: 'entry-1' })))).toBe(
      '110072 OrderLinkedID is duplicate',
    );
  });

  it('P33 the eleventh conditional order of a symbol', () => {
    const { place } = bareWorld();
    for (let at = 0; at < 10; at += 1) {
      place(market({ triggerPrice: String(2600 + at), triggerDirection: 1 }));
    }
    expect(refusalOf(() => place(market({ triggerPrice: '2650', triggerDirection: 1 })))).toMatch(
      /^110009 /,
    );
  });

  it('P31 a change or a cancel that comes too late', () => {
    const { venue, main, place, cancel } = bareWorld();
    const order = place(limit());
    cancel(order);
    const named = { symbol: 'ETHUSDT', orderId: order.orderId };
    expect(refusalOf(() => cancelOrder(venue, main, named))).toBe(
      '110001 order not exists or too late to cancel',
    );
    expect(refusalOf(() => amendOrder(venue, main, { ...named, qty: '2' }))).toBe(
      '110001 order not exists or too late to replace',
    );
    expect(refusalOf(() => cancelOrder(venue, main, { symbol: 'ETHUSDT' }))).toBe(
      '10001 params error: OrderId or orderLinkId is required',
    );
  });

  it('P05 an order of the other account does not exist here', () => {
    const { venue, mirror, place } = bareWorld();
    const order = place(limit());
    const named = { symbol: 'ETHUSDT', orderId: order.orderId };
    expect(refusalOf(() => cancelOrder(venue, mirror, named))).toMatch(/^110001 /);
  });
});

describe('amending', () => {
  it('changes price and quantity in place, and refuses to change nothing', () => {
    const { venue, main, place } = bareWorld();
    const order = place(limit());
    const named = { symbol: 'ETHUSDT', orderId: order.orderId };
    amendOrder(venue, main, { ...named, price: '2410', qty: '1.5' });
    expect(order).toMatchObject({ price: '2410', qty: '1.5', status: 'New' });
    expect(refusalOf(() => amendOrder(venue, main, { ...named, price: '2410.00' }))).toBe(
      '10001 order not modified',
    );
  });

  it('across the market fills at once', () => {
    const { venue, main, place, price } = bareWorld();
    price('ETHUSDT', '2500.00');
    const order = place(limit());
    amendOrder(venue, main, { symbol: 'ETHUSDT', orderId: order.orderId, price: '2501' });
    expect(order.status).toBe('Filled');
    expect(main.openBySymbol.get('ETHUSDT')?.size).toBe(0);
  });

  it('cannot go below what has filled, nor touch the TP/SL of a part-filled order', () => {
    const { venue, main, place } = bareWorld();
    const order = place(limit({ takeProfit: '2800' }));
    fillByHand(venue, main, order, '0.5');
    const named = { symbol: 'ETHUSDT', orderId: order.orderId };
    expect(refusalOf(() => amendOrder(venue, main, { ...named, qty: '0.5' }))).toMatch(/^10001 /);
    expect(refusalOf(() => amendOrder(venue, main, { ...named, takeProfit: '2900' }))).toMatch(
      /^110059 /,
    );
  });
});

describe('reduce-only', () => {
  it('is cut to the position, refused on its own side, and cancelled when the position closes', () => {
    const { place, price, position, main } = bareWorld();
    price('ETHUSDT', '2500.00');
    place(market());
    const target = place(limit({ side: 'Sell', price: '2600', qty: '3', reduceOnly: true }));
    expect(target.qty).toBe('1');
    expect(refusalOf(() => place(limit({ reduceOnly: true })))).toBe(
      '110017 reduce-only order has same side with current position',
    );
    place(market({ side: 'Sell', reduceOnly: true }));
    expect(position('ETHUSDT')).toMatchObject({ side: '', size: '0' });
    expect(target).toMatchObject({ status: 'Cancelled', cancelType: 'CancelByReduceOnly' });
    expect(main.open.size).toBe(0);
  });

  it('closes everything with quantity 0 and closeOnTrigger', () => {
    const { place, position } = bareWorld();
    place(market({ qty: '2' }));
    place(market({ side: 'Sell', qty: '0', reduceOnly: true, closeOnTrigger: true }));
    expect(position('ETHUSDT')?.size).toBe('0');
  });

  it('never turns a position round, however many of them fill', () => {
    const { place, price, position } = bareWorld();
    price('ETHUSDT', '2500.00');
    place(market());
    for (const level of ['2530', '2520', '2510']) {
      place(limit({ side: 'Sell', price: level, qty: '0.6', reduceOnly: true }));
    }
    price('ETHUSDT', '2600.00');
    expect(position('ETHUSDT')).toMatchObject({ side: '', size: '0' });
  });

  it('only an ordinary order turns a position round, closing first', () => {
    const { place, price, position, main } = bareWorld();
    price('ETHUSDT', '2500.00');
    place(market());
    place(market({ side: 'Sell', qty: '3' }));
    expect(position('ETHUSDT')).toMatchObject({ side: 'Sell', size: '2' });
    expect(main.closedPnl).toMatchObject([{ closedSize: '1', qty: '3', side: 'Sell' }]);
  });
});

describe('margin', () => {
  it('is not asked for what closes a position, reduce-only or not', () => {
    const { venue, main, place, price } = bareWorld();
    price('ETHUSDT', '2500.00');
    place(market({ qty: '180' }));
    const { available } = totalsOf(venue, main);
    expect(Number(available)).toBeLessThan(8000);
    expect(refusalOf(() => place(limit({ side: 'Sell', price: '2600', qty: '180' })))).toBe(
      'accepted',
    );
    expect(totalsOf(venue, main).available).toBe(available);
    expect(refusalOf(() => place(limit({ price: '2400', qty: '40' })))).toBe(
      '110007 ab not enough for new order',
    );
  });
});

describe('conditional orders', () => {
  it('wait Untriggered without margin, trigger, then live on as ordinary ones', () => {
    const { place, price, rowsOf, position } = bareWorld();
    price('ETHUSDT', '2500.00');
    const order = place(market({ triggerPrice: '2600', triggerDirection: 1, qty: '2' }));
    expect(order).toMatchObject({ status: 'Untriggered', price: '0', stopOrderType: 'Stop' });
    price('ETHUSDT', '2599.99');
    expect(order.status).toBe('Untriggered');
    price('ETHUSDT', '2600.00');
    expect(rowsOf('order').map((row) => row.orderStatus)).toEqual([
      'Untriggered',
      'Triggered',
      'Filled',
    ]);
    expect(position('ETHUSDT')?.size).toBe('2');
  });

  it('are rejected when the margin is not there any more', () => {
    const { place, price } = bareWorld();
    price('ETHUSDT', '2500.00');
    const order = place(market({ triggerPrice: '2600', triggerDirection: 1, qty: '900' }));
    price('ETHUSDT', '2600.00');
    expect(order.status).toBe('Rejected');
  });

  it.each([
    ['MarkPrice', { mark: 239_900 }],
    ['IndexPrice', { index: 239_900 }],
  ])('look at the %s when told to', (triggerBy, own) => {
    const { place, price } = bareWorld();
    price('ETHUSDT', '2500.00');
    const order = place(
      market({ side: 'Sell', triggerPrice: '2400', triggerDirection: 2, triggerBy }),
    );
    price('ETHUSDT', '2500.00', { mark: 250_000, index: 250_000 });
    expect(order.status).toBe('Untriggered');
    price('ETHUSDT', '2500.00', own);
    expect(order.status).toBe('Filled');
  });

  it('become Deactivated, not Cancelled, when cancelled before their time', () => {
    const { place, cancel } = bareWorld();
    const order = place(market({ triggerPrice: '2600', triggerDirection: 1 }));
    cancel(order);
    expect(order).toMatchObject({ status: 'Deactivated', cancelType: 'CancelByUser' });
  });

  it('a gap through a stop fills at the price behind the gap', () => {
    const { place, price, main } = bareWorld();
    price('ETHUSDT', '2500.00');
    place(market());
    place(market({ side: 'Sell', triggerPrice: '2450', triggerDirection: 2, reduceOnly: true }));
    price('ETHUSDT', '2200.00');
    expect(main.executions.at(-1)).toMatchObject({ execPrice: '2200.00', closedSize: '1' });
  });
});

describe('cancel-all', () => {
  it('takes what its filter names and no more', () => {
    const build = () => {
      const world = bareWorld();
      world.price('ETHUSDT', '2500.00');
      world.place(market());
      world.place(limit({ side: 'Sell', price: '2600', reduceOnly: true }));
      world.place(market({ side: 'Sell', triggerPrice: '2450', triggerDirection: 2 }));
      world.place(limit({ symbol: 'BTCUSDT', price: '100000', qty: '0.01' }));
      return world;
    };
    const left = (request: object): string[] => {
      const { venue, main } = build();
      cancelAll(venue, main, { ...request });
      return [...main.open.values()].map((order) => `${order.symbol} ${order.status}`);
    };
    expect(left({ symbol: 'ETHUSDT', orderFilter: 'Order' })).toEqual([
      'ETHUSDT Untriggered',
      'BTCUSDT New',
    ]);
    expect(left({ symbol: 'ETHUSDT', orderFilter: 'StopOrder' })).toEqual([
      'ETHUSDT New',
      'BTCUSDT New',
    ]);
    expect(left({ baseCoin: 'BTC' })).toEqual(['ETHUSDT New', 'ETHUSDT Untriggered']);
    expect(left({ settleCoin: 'USDT' })).toEqual([]);
  });
});
