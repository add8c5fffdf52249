import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  bytes,
  exact,
  grouped,
  milliseconds,
  money,
  percent,
  plural,
  quantity,
  signOf,
  THIN,
} from '../../src-renderer/parts/number-text.ts';

const plain = (text: string): string => text.replaceAll(THIN, ' ');

test('thousands stand apart and minus is a minus', () => {
  expect(plain(grouped('1234567.8901'))).toBe('1 234 567.8901');
  expect(plain(grouped('-1234.5'))).toBe('−1 234.5');
  expect(plain(grouped('999'))).toBe('999');
});

test('no digit of a price is lost, however long', () => {
  expect(plain(exact('0.00000001234567890123456789', 8))).toBe('0.00000001234567890123456789');
  expect(plain(exact('104118.2', 2))).toBe('104 118.20');
  expect(exact(null, 2)).toBe('—');
});

test('grouping only adds spaces: taken out again, the digits are the ones given', () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.nat({ max: 12 }), (digits, decimals) => {
      const text = decimals === 0 ? String(digits) : `${digits}.${'7'.repeat(decimals)}`;
      expect(grouped(text).replaceAll(THIN, '').replace('−', '-')).toBe(text);
    }),
  );
});

test('amounts beyond what a float can hold keep every digit', () => {
  expect(plain(money('9007199254740993.01'))).toBe('9 007 199 254 740 993.01');
});

test('unknown is a dash, never a zero, and a rounded nothing has no sign', () => {
  expect(money(null)).toBe('—');
  expect(money('-0.001', true)).toBe('0.00');
  expect(money('0.005', true)).toBe('0.00');
  expect(money('12.5', true)).toBe('+12.50');
  expect(money('-12.5', true)).toBe('−12.50');
  expect(percent(null, 1)).toBe('—');
  expect(percent(Number.NaN, 1)).toBe('—');
  expect(plain(percent(-0.00001, 1, true))).toBe('0.0 %');
});

test('quantities drop trailing zeros only', () => {
  expect(plain(quantity('24310.000'))).toBe('24 310');
  expect(quantity('0.0100')).toBe('0.01');
});

test('the sign of a long decimal is read exactly', () => {
  expect(signOf('-0.00000000000000000000001')).toBe(-1);
  expect(signOf('0.000')).toBe(0);
  expect(signOf(null)).toBe(0);
});

test('bytes, durations and counts are said in the unit that fits', () => {
  expect(plain(bytes(999))).toBe('999 B');
  expect(plain(bytes(1_900_000))).toBe('1.9 MB');
  expect(plain(bytes(999_700))).toBe('1.0 MB');
  expect(plain(bytes(500_000_000))).toBe('500 MB');
  expect(plain(milliseconds(0.62))).toBe('0.6 ms');
  expect(plain(milliseconds(1_432))).toBe('1.4 s');
  expect(plural(1, 'position')).toBe('1 position');
  expect(plain(plural(1200, 'position'))).toBe('1 200 positions');
});
