import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Decimal,
  decimalsOf,
  fromNumber,
  isMultiple,
  less,
  minus,
  plus,
  times,
} from '../../../src-main/domain/numbers.ts';
import { isBetterStop, legBreakeven } from '../../../src-main/monitor/rules/breakeven.ts';
import { detect } from '../../../src-main/monitor/rules/detect.ts';
import {
  afterFirstTakeProfit,
  type PlaybookView,
} from '../../../src-main/monitor/rules/playbook.ts';
import { aFill, aPosition } from '../../cache/rows.ts';
import { contract } from '../goals/facts.ts';
import { anEntry, aStop, aView, found, ladder } from '../rows.ts';

const fee = { symbol: 'BTCUSDT', maker: '0.0002', taker: '0.00055' };
const view = (of: Partial<PlaybookView> = {}): PlaybookView => ({
  position: aPosition({ size: '0.15', stopLoss: '95', markPrice: '102' }),
  orders: ladder().slice(1),
  price: '102',
  fee,
  contract: { ...contract, tickSize: '0.01' },
  amendRefused: false,
  ...of,
});
const monitor = () => found(aPosition({ stopLoss: '95' }), [...ladder(), anEntry('e1', '98', '1')]);
const actions = (of: Partial<PlaybookView>) =>
  afterFirstTakeProfit(monitor(), view(of)).steps.map((step) => step.action);

test('P64 breakeven is the leg’s own: fees both ways and a margin, never the venue’s figure', () => {
  // 100 x 1.00055 / 0.99945 x 1.0001 = 100.12006..., up to the tick.
  const long = { side: 'long', entryPrice: '100', feeIn: '0.00055', feeOut: '0.00055' } as const;
  expect(legBreakeven({ ...long, tickSize: '0.01' })).toBe('100.13');
  expect(legBreakeven({ ...long, tickSize: '0.5' })).toBe('100.5');
  // 100 x 0.99945 / 1.00055 x 0.9999 = 99.88007..., down to the tick.
  expect(legBreakeven({ ...long, side: 'short', tickSize: '0.01' })).toBe('99.88');
  const venue = view({ position: aPosition({ stopLoss: '95', venueBreakEvenPrice: '89.4' }) });
  expect(afterFirstTakeProfit(monitor(), venue).breakeven).toBe('100.13');
});

test('P64 P28 closing the rest at breakeven never loses, and is a price the venue takes', () => {
  const cents = (from: number, to: number): fc.Arbitrary<Decimal> =>
    fc.integer({ min: from, max: to }).map((value) => times(fromNumber(value), '0.01'));
  const leg = fc.record({
    side: fc.constantFrom('long' as const, 'short' as const),
    entryPrice: cents(1, 20_000_000),
    feeIn: fc.constantFrom('0', '0.0001', '0.0002', '0.00055', '0.001'),
    feeOut: fc.constantFrom('0', '0.0001', '0.0002', '0.00055', '0.001'),
    tickSize: fc.constantFrom('0.0001', '0.01', '0.05', '0.1', '0.5'),
  });
  fc.assert(
    fc.property(leg, (leg) => {
      const price = legBreakeven(leg);
      const { entryPrice, feeIn, feeOut, side, tickSize } = leg;
      const result =
        side === 'long'
          ? minus(times(price, minus('1', feeOut)), times(entryPrice, plus('1', feeIn)))
          : minus(times(entryPrice, minus('1', feeIn)), times(price, plus('1', feeOut)));
      expect(less(result, '0')).toBe(false);
      expect(isMultiple(price, tickSize)).toBe(true);
      expect(decimalsOf(price)).toBe(decimalsOf(tickSize));
    }),
    { seed: 64, numRuns: 500 },
  );
});

test('the stop on the position is moved to breakeven first, then the open entries are cancelled', () => {
  expect(actions({ orders: [...ladder().slice(1), anEntry('e1', '98', '1')] })).toEqual([
    {
      do: 'set-stop',
      symbol: 'BTCUSDT',
      positionIdx: 0,
      price: '100.13',
      triggerBy: 'LastPrice',
    },
    { do: 'cancel', symbol: 'BTCUSDT', positionIdx: 0, orderId: 'e1' },
  ]);
});

test('a stop only ever moves in the better direction', () => {
  expect(actions({ position: aPosition({ stopLoss: '100.13' }) })).toEqual([]);
  expect(actions({ position: aPosition({ stopLoss: '101' }) })).toEqual([]);
  expect(actions({ position: aPosition({ stopLoss: '100.12' }) })).toHaveLength(1);
  const short = found(aPosition({ side: 'short', stopLoss: '105' }), []);
  const better = view({
    position: aPosition({ side: 'short', stopLoss: '99' }),
    orders: [],
    price: '98',
  });
  expect(afterFirstTakeProfit(short, better).steps).toEqual([]);
  const price = fc.integer({ min: 1, max: 1_000 }).map(String);
  fc.assert(
    fc.property(price, price, (a, b) => {
      expect(isBetterStop('long', a, b) && isBetterStop('short', a, b)).toBe(false);
      if (a !== b) expect(isBetterStop('long', a, b)).toBe(isBetterStop('short', b, a));
    }),
    { seed: 3 },
  );
});

test('a price already beyond breakeven leaves the old stop and says so', () => {
  const plan = afterFirstTakeProfit(monitor(), view({ price: '100.05' }));
  expect(plan.steps).toEqual([]);
  expect(plan.blocked).toBe('the price 100.05 is below the breakeven of 100.13');
  expect(afterFirstTakeProfit(monitor(), view({ price: null })).blocked).toBe(
    'the price is not known: No price of BTCUSDT has come in',
  );
});

test('P22 a stop order is amended; refused, the new one is placed before the old one is cancelled', () => {
  const stopped = { position: aPosition({ size: '0.15' }), orders: [aStop('s', '95', '1')] };
  expect(actions(stopped)).toMatchObject([{ do: 'amend-stop', orderId: 's', price: '100.13' }]);
  const plan = afterFirstTakeProfit(monitor(), view({ ...stopped, amendRefused: true }));
  expect(plan.steps).toMatchObject([
    {
      action: {
        do: 'place-stop',
        side: 'Sell',
        quantity: '0.15',
        price: '100.13',
        triggerDirection: 2,
      },
    },
    { action: { do: 'cancel', orderId: 's' }, afterPrevious: true },
  ]);
});

test('P27 nothing is wanted of a flat position but that its entries go', () => {
  const plan = afterFirstTakeProfit(
    monitor(),
    view({ position: null, orders: [anEntry('e1', '98', '1')] }),
  );
  expect(plan.steps.map((step) => step.action.do)).toEqual(['cancel']);
  expect(plan.breakeven).toBeNull();
});

test('P08 only own entries are cancelled: not the ladder, not the stop, not an order never adopted', () => {
  const orders = [
    ...ladder(),
    aStop('s', '95', '1'),
    anEntry('e1', '98', '1'),
    anEntry('later', '97', '1'),
  ];
  const cancels = actions({ orders }).filter((action) => action.do === 'cancel');
  expect(cancels).toMatchObject([{ orderId: 'e1' }]);
});

test('P35 sizes are the account’s own: a replaced stop is for what is really open', () => {
  const orders = [aStop('s', '95', '1')];
  for (const size of ['0.15', '0.051', '3']) {
    const [place] = actions({ position: aPosition({ size }), orders, amendRefused: true });
    expect(place).toMatchObject({ do: 'place-stop', quantity: size });
  }
});

test('P13 P14 whatever is filled in whatever order, the ladder never closes more than was ordered', () => {
  const fills = fc.array(
    fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 85 })),
    {
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(fills, (fills) => {
      let current = found(aPosition({ stopLoss: '95' }), ladder());
      const totals = [0, 0, 0, 0];
      for (const [rung, hundredths] of fills) {
        const order = ladder()[rung];
        if (!order) continue;
        totals[rung] = Math.min(Number(order.quantity) * 100, (totals[rung] ?? 0) + hundredths);
        const total = times(fromNumber(Math.round(totals[rung] ?? 0)), '0.01');
        const rows = ladder().flatMap((row, n) =>
          Math.round(totals[n] ?? 0) < Math.round(Number(row.quantity) * 100) ? [row] : [],
        );
        const fill = aFill(order, '0.01', total, { execId: `${rung}/${total}` });
        const result = detect(current, aView({ orders: rows, executions: [fill] }));
        expect(result.findings.filter((one) => one.kind === 'overfilled')).toEqual([]);
        current = result.monitor;
      }
      current.takeProfits.forEach((one, n) => {
        expect(Number(one.filledQuantity)).toBeCloseTo((totals[n] ?? 0) / 100, 8);
        expect(less(one.quantity, one.filledQuantity)).toBe(false);
      });
    }),
    { seed: 24, numRuns: 100 },
  );
});
