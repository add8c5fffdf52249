import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareDecimals } from '../../src-renderer/parts/decimal.ts';

test('decimals that a float cannot tell apart are still told apart', () => {
  expect(compareDecimals('0.10000000000000000001', '0.1')).toBe(1);
  expect(compareDecimals('9007199254740992', '9007199254740993')).toBe(-1);
  expect(compareDecimals('2.0', '2')).toBe(0);
  expect(compareDecimals('0', '-0.00')).toBe(0);
});

test('the order is the exact one, near or far', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 22n), max: 10n ** 22n }), fc.nat({ max: 18 }))
    .map(([digits, scale]) => new Big(digits.toString()).div(new Big(10).pow(scale)).toFixed());
  const pair = fc.oneof(
    fc.tuple(decimal, decimal),
    decimal.map((value): [string, string] => [
      value,
      new Big(value).plus('0.000000000001').toFixed(),
    ]),
  );
  fc.assert(
    fc.property(pair, ([a, b]) => {
      expect(compareDecimals(a, b)).toBe(new Big(a).cmp(b));
    }),
  );
});
