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

test('P64 breakeven is the leg’s own: fees both ways and a margin, never the venue’s figure', () => {
  // 100 x 1.00055 / 0.99945 x 1.0001 = 100.12006..., up to the tick.
  const long = { side: 'long', entryPrice: '100', feeIn: '0.00055', feeOut: '0.00055' } as const;
  expect(legBreakeven({ ...long, tickSize: '0.01' })).toBe('100.13');
  expect(legBreakeven({ ...long, tickSize: '0.5' })).toBe('100.5');
  // 100 x 0.99945 / 1.00055 x 0.9999 = 99.88007..., down to the tick.
  expect(legBreakeven({ ...long, side: 'short', tickSize: '0.01' })).toBe('99.88');
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

test('of two stops at most one is the better', () => {
  const price = fc.integer({ min: 1, max: 1_000 }).map(String);
  fc.assert(
    fc.property(price, price, (a, b) => {
      expect(isBetterStop('long', a, b) && isBetterStop('short', a, b)).toBe(false);
      if (a !== b) expect(isBetterStop('long', a, b)).toBe(isBetterStop('short', b, a));
    }),
    { seed: 3 },
  );
});
