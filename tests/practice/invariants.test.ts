import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { greater, isZero, minus } from '../../src-main/domain/numbers.ts';
import {
  amendOrder,
  cancelAll,
  cancelOrder,
} from '../../src-main/practice/engine/orders/change.ts';
import { isLeg } from '../../src-main/practice/engine/orders/legs.ts';
import { setTradingStop } from '../../src-main/practice/engine/orders/trading-stop.ts';
import type { Order } from '../../src-main/practice/engine/state/state.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import { bareWorld, type Row } from './support.ts';

const symbol = 'ETHUSDT';
/** Prices around 2,500 in whole dollars, quantities in tenths. */
const level = fc.integer({ min: 2300, max: 2700 }).map(String);
const amount = fc.integer({ min: 1, max: 40 }).map((tenths) => (tenths / 10).toFixed(1));
const side = fc.constantFrom('Buy', 'Sell');

const command = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('price' as const), to: level }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('limit' as const),
      side,
      price: level,
      qty: amount,
      reduceOnly: fc.boolean(),
      timeInForce: fc.constantFrom('GTC', 'GTC', 'IOC', 'PostOnly'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('market' as const),
      side,
      qty: amount,
      takeProfit: fc.option(level, { nil: '' }),
      stopLoss: fc.option(level, { nil: '' }),
      tpslMode: fc.constantFrom('Full', 'Partial'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('stop' as const),
      side,
      qty: amount,
      triggerPrice: level,
      triggerDirection: fc.constantFrom(1, 2),
      reduceOnly: fc.boolean(),
      triggerBy: fc.constantFrom('LastPrice', 'MarkPrice', 'IndexPrice'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('levels' as const),
      tpslMode: fc.constantFrom('Full', 'Partial'),
      takeProfit: fc.option(level, { nil: '' }),
      stopLoss: fc.option(level, { nil: '0' }),
      trailingStop: fc.constantFrom('', '', '40', '0'),
      tpSize: amount,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), at: fc.nat(20) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('amend' as const),
      at: fc.nat(20),
      price: level,
      qty: amount,
      triggerPrice: level,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancelAll' as const) }) },
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;
type Bare = ReturnType<typeof bareWorld>;

function run(world: Bare, idx: (side: string, reduces: boolean) => number, one: Command): void {
  const { venue, main, place, price } = world;
  const { kind, ...request } = one;
  const nth = (at: number): Order | undefined =>
    [...main.open.values()][at % Math.max(1, main.open.size)];
  const typed = request as Row;
  const positionIdx = 'side' in one ? idx(one.side, typed.reduceOnly === true) : idx('Buy', false);
  if (kind === 'price') price(symbol, `${one.to}.00`);
  else if (kind === 'limit') place({ symbol, orderType: 'Limit', positionIdx, ...typed });
  else if (kind === 'market' || kind === 'stop')
    place({ symbol, orderType: 'Market', positionIdx, ...typed });
  else if (kind === 'levels') setTradingStop(venue, main, { symbol, positionIdx, ...typed });
  else if (kind === 'cancelAll') cancelAll(venue, main, { symbol });
  else {
    const orderId = nth(one.at)?.orderId ?? 'none';
    if (kind === 'cancel') cancelOrder(venue, main, { symbol, orderId });
    else
      amendOrder(venue, main, {
        symbol,
        orderId,
        price: one.price,
        qty: one.qty,
        triggerPrice: one.triggerPrice,
      });
  }
}

/** What must hold after every command. */
function check({ main, venue }: Bare): void {
  const open = [...main.open.values()];
  expect(new Set(open)).toEqual(new Set(main.openBySymbol.get(symbol) ?? []));
  const last = venue.market.quote(symbol)?.last ?? 0;
  for (const order of open) {
    expect(['New', 'PartiallyFilled', 'Untriggered']).toContain(order.status);
    expect(greater(minus(order.qty, order.filled), '0')).toBe(true);
    const position = main.positions.get(`${symbol}|${order.positionIdx}`);
    if (isLeg(order)) {
      expect([position?.side, greater(order.qty, position?.size ?? '0')]).toEqual([
        order.side === 'Sell' ? 'Buy' : 'Sell',
        false,
      ]);
    }
    if (order.reduceOnly && order.status !== 'Untriggered') {
      expect(greater(minus(order.qty, order.filled), position?.size ?? '0')).toBe(false);
      expect(position?.side).not.toBe(order.side);
    }
    const sleeps = order.activePrice !== '' || order.triggerBy !== 'LastPrice';
    if (order.status === 'Untriggered' && !sleeps) {
      const trigger = Number(order.triggerPrice) * 100;
      const met = order.triggerDirection === 1 ? last >= trigger : last <= trigger;
      expect([order.stopOrderType, order.triggerPrice, last, met]).toEqual([
        order.stopOrderType,
        order.triggerPrice,
        last,
        false,
      ]);
    }
  }
  for (const position of main.positions.values()) {
    expect(isZero(position.size)).toBe(position.side === '');
    expect(isZero(position.size)).toBe(isZero(position.entryValue));
    const legs = open.filter((order) => isLeg(order) && order.positionIdx === position.idx);
    const full = (kind: string) => legs.filter((leg) => leg.stopOrderType === kind);
    expect(full('StopLoss').map((leg) => leg.triggerPrice)).toEqual(
      position.stopLoss === '' ? [] : [position.stopLoss],
    );
    expect(full('TakeProfit').map((leg) => leg.triggerPrice)).toEqual(
      position.takeProfit === '' ? [] : [position.takeProfit],
    );
    for (const leg of legs) if (leg.tpslMode === 'Full') expect(leg.qty).toBe(position.size);
  }
  expect(main.ended.every((order) => !main.open.has(order.orderId))).toBe(true);
}

function play(commands: Command[], hedge: boolean): void {
  const world = bareWorld();
  if (hedge) world.main.hedgeCoins.add('USDT');
  world.price(symbol, '2500.00');
  for (const one of commands) {
    const idx = (orderSide: string, reduces: boolean): number =>
      hedge ? ((orderSide === 'Buy') === reduces ? 2 : 1) : 0;
    try {
      run(world, idx, one);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
    }
    check(world);
  }
}

describe('after any commands and prices', () => {
  it('P55 books and positions agree, one full stop at most, nothing that should have triggered waits', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 40 }), (commands) =>
        play(commands, false),
      ),
      { numRuns: 60 },
    );
  });

  it('in hedge mode too', () => {
    fc.assert(
      fc.property(fc.array(command, { minLength: 5, maxLength: 40 }), (commands) =>
        play(commands, true),
      ),
      { numRuns: 40 },
    );
  });
});
