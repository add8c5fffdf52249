import { expect, test } from 'vitest';
import {
  age,
  ago,
  clock,
  day,
  dayAndClock,
  exactSpan,
  span,
} from '../../src-renderer/parts/time-text.ts';

const plain = (text: string): string => text.replaceAll('\u2009', ' ');
const at = (...parts: [number, number, number, number, number, number?, number?]): number =>
  new Date(...parts).getTime();
const now = at(2026, 10, 20, 14, 5, 9);

test('an age is said in the one unit that matters', () => {
  expect(plain(span(999))).toBe('0 s');
  expect(plain(span(61_000))).toBe('1 min');
  expect(plain(exactSpan((19 * 60 + 12) * 1000))).toBe('19 min 12 s');
  expect(plain(exactSpan(3 * 3_600_000 + 4 * 60_000))).toBe('3 h 4 min');
  expect(age(null, now)).toBe('—');
  expect(ago(null, now)).toBe('never');
});

test('a fact from a clock ahead of ours is not given a negative age', () => {
  expect(plain(age(now + 5_000, now))).toBe('0 s');
});

test('days are named by the calendar, not by 24 hours', () => {
  expect(day(at(2026, 10, 20, 0, 0, 1), now)).toBe('');
  expect(day(at(2026, 10, 19, 23, 59, 59), now)).toBe('Yesterday');
  expect(dayAndClock(at(2026, 10, 16, 8, 30, 0), now)).toBe('Mon 16, 08:30');
  expect(day(at(2025, 4, 3, 8, 30, 0), now)).toBe('3 May 2025');
  expect(clock(at(2026, 10, 20, 4, 5, 6, 7), true)).toBe('04:05:06.007');
});
