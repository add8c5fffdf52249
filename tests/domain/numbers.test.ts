import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compare,
  type Decimal,
  decimalsOf,
  dividedBy,
  isDecimal,
  isMultiple,
  minus,
  plus,
  readDecimal,
  times,
  toStep,
} from '../../src-main/domain/numbers.ts';

/** Decimals as a venue sends them, without floats on the way. */
const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.integer({ min: 0, max: 8 }))
  .map(([negative, digits, places]): Decimal => {
    const text = digits.toString().padStart(places + 1, '0');
    const whole = places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
    return negative && digits > 0n ? `-${whole}` : whole;
  });

/** With more digits than a double is sure to hold. */
const longer = fc
  .tuple(decimal, fc.integer({ min: 0, max: 9_999 }))
  .map(([value, more]): Decimal => `${value}${value.includes('.') ? '' : '.'}${more}`);

const step = fc.constantFrom('1', '10', '0.1', '0.5', '0.10', '0.001', '0.0000001', '100');

test('P28 rounding gives whole steps, never more digits than the step, and off by less than one step', () => {
  fc.assert(
    fc.property(
      decimal,
      step,
      fc.constantFrom('down' as const, 'up' as const, 'nearest' as const),
      (value, by, rounding) => {
        const result = toStep(value, by, rounding);
        expect(isMultiple(result, by)).toBe(true);
        expect(decimalsOf(result)).toBe(decimalsOf(by));
        const off = minus(result, value).replace('-', '');
        expect(compare(off, by)).toBe(-1);
      },
    ),
  );
});

test('rounding down is towards zero and up away from it, for losses as for gains', () => {
  expect(toStep('1.239', '0.01', 'down')).toBe('1.23');
  expect(toStep('-1.239', '0.01', 'down')).toBe('-1.23');
  expect(toStep('1.231', '0.01', 'up')).toBe('1.24');
  expect(toStep('-1.231', '0.01', 'up')).toBe('-1.24');
  expect(toStep('0.2345', '0.010', 'down')).toBe('0.230');
});

test('sums and products are exact where floats are not', () => {
  expect(plus('0.1', '0.2')).toBe('0.3');
  expect(times('1.1', '1.1')).toBe('1.21');
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      expect(compare(minus(plus(a, b), b), a)).toBe(0);
    }),
  );
});

test('no result is ever printed with an exponent', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      expect(isDecimal(times(a, b))).toBe(true);
      if (compare(b, '0') !== 0) expect(isDecimal(dividedBy(a, b))).toBe(true);
    }),
  );
  expect(times('0.00000001', '0.00000001')).toBe('0.0000000000000001');
});

test('what is not a plain decimal is told apart', () => {
  for (const bad of ['', ' 1', '1e5', 'NaN', '.5', '5.', '1,000', 'Infinity', 1, null, undefined])
    expect(isDecimal(bad), String(bad)).toBe(false);
  for (const good of ['0', '-1', '0.10', '100.000']) expect(isDecimal(good), good).toBe(true);
});

test('a JS float is refused: it has already lost the digits that matter', () => {
  expect(() => plus(0.1 as unknown as Decimal, '0.2')).toThrow();
});

test('E2 every spelling of a decimal that JSON sources emit is read, as the same number', () => {
  const digits = fc.stringMatching(/^\d{0,12}$/);
  const spelled = fc
    .record({
      sign: fc.constantFrom('', '-', '+'),
      whole: digits,
      point: fc.constantFrom('', '.'),
      fraction: digits,
      exponent: fc.constantFrom('', 'e0', 'e-7', 'E+3', 'e12', 'e-12'),
    })
    .map((part) => ({ ...part, fraction: part.point === '' ? '' : part.fraction }))
    .filter(({ whole, fraction }) => whole + fraction !== '');
  fc.assert(
    fc.property(spelled, ({ sign, whole, point, fraction, exponent }) => {
      const read = readDecimal(sign + whole + point + fraction + exponent);
      expect(isDecimal(read)).toBe(true);
      // Worked out in whole numbers: digits times a power of ten.
      const power = Number(exponent.slice(1) || 0) - fraction.length;
      const value =
        BigInt(whole + fraction) * 10n ** BigInt(power + 30) * (sign === '-' ? -1n : 1n);
      const [left = '', right = ''] = (read ?? '').split('.');
      expect(BigInt(left + right.padEnd(30, '0'))).toBe(value);
      expect(readDecimal(read)).toBe(read);
    }),
  );
});

test('E2 what is written plainly stays as written, and what is no number is none', () => {
  for (const same of ['0', '0.10', '100.000', '-12.5', '0.00'])
    expect(readDecimal(same)).toBe(same);
  expect(['-0', '-0.00', '+1', '.1', '1.', '1e-7'].map(readDecimal)).toEqual([
    '0',
    '0.00',
    '1',
    '0.1',
    '1',
    '0.0000001',
  ]);
  expect([0.1, 1e-7, -3, 0].map(readDecimal)).toEqual(['0.1', '0.0000001', '-3', '0']);
  const bad = ['', '.', '+', 'e5', '1e', ' 1', '1 ', '0x10', 'NaN', '1,000', '1e9999', '--1'];
  for (const one of bad) expect(readDecimal(one), one).toBeNull();
  for (const one of [null, {}, true, Number.NaN, Number.POSITIVE_INFINITY, 0.1 + 0.2]) {
    expect(readDecimal(one)).toBeNull();
  }
});

test('short decimals and long ones are added, taken away and multiplied as one library does it', () => {
  const Exact = Big();
  Object.assign(Exact, { NE: -60, PE: 60 });
  const any = fc.oneof(decimal, decimal, longer);
  fc.assert(
    fc.property(any, any, (a, b) => {
      expect(plus(a, b)).toBe(new Exact(a).plus(b).toString());
      expect(minus(a, b)).toBe(new Exact(a).minus(b).toString());
      expect(times(a, b)).toBe(new Exact(a).times(b).toString());
    }),
    { numRuns: 5_000 },
  );
  expect(plus('9007199254740991', '1')).toBe('9007199254740992');
  expect(plus('999999999999999', '0.00000000000001')).toBe('999999999999999.00000000000001');
  expect(minus('0.10', '0.1')).toBe('0');
  expect(times('-0.10', '0.50')).toBe('-0.05');
  for (const bad of ['', 'much', '0x10', ' 1']) expect(() => plus(bad, '1')).toThrow();
});

test('comparing is exact, whether a double holds the digits or not, and refuses what is no number', () => {
  const asInteger = (value: Decimal): bigint => {
    const [whole = '', places = ''] = value.split('.');
    return BigInt(`${whole}${places.padEnd(30, '0')}`);
  };
  const either = fc.oneof(decimal, longer);
  fc.assert(
    fc.property(either, either, (a, b) => {
      const [one, other] = [asInteger(a), asInteger(b)];
      expect(compare(a, b)).toBe(one < other ? -1 : one > other ? 1 : 0);
    }),
    { numRuns: 2_000 },
  );
  expect(compare('9007199254740993', '9007199254740992')).toBe(1);
  expect(compare('0.100000000000001', '0.1000000000000010')).toBe(0);
  expect(compare('0.10', '0.1')).toBe(0);
  expect(compare('-0.1', '0')).toBe(-1);
  for (const bad of ['', 'much', 'NaN']) expect(() => compare(bad, '1')).toThrow();
});
