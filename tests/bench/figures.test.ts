import { expect, test } from 'vitest';
import { exponentOf } from './scale.ts';
import { leastWaits } from './stop-limit.ts';
import { hitRateOf } from './whole-desk.ts';

const row = (kind: 'positions' | 'orders' | 'feeRates', hits: number, misses = 0) => ({
  account: 'main',
  kind,
  ttlMs: 15_000,
  ageMs: 0,
  hits,
  misses,
  coalesced: 0,
  refusedStale: 0,
  invalidations: 0,
  evictions: 0,
  restCalls: misses,
  callsSaved: hits,
  sweepDifferences: 0,
});

test('K4 a look at a position and its orders is one question, however many answers it counts', () => {
  const before = [row('positions', 100), row('orders', 100), row('feeRates', 0)];
  const after = [row('positions', 199), row('orders', 199), row('feeRates', 0, 1)];
  expect(hitRateOf(before, after)).toBe(0.99);
});

test('K5 of thirty fills in a second on one account the venue lets ten stops move at once', () => {
  const fills = Array.from({ length: 30 }, (_, n) => ({ at: n, lane: 'main trading-stop' }));
  expect(leastWaits(fills)).toEqual(fills.map((_, n) => Math.floor(n / 10) * (1_000 - 10)));
  const elsewhere = fills.map((fill, n) => ({ ...fill, lane: `account ${n % 3}` }));
  expect(Math.max(...leastWaits(elsewhere))).toBe(0);
});

test('K6 what a cycle costs anyway does not flatter the slope', () => {
  const fixed = 5_000;
  const seen = (size: number, power: number) => {
    const cpuUs = (size < 400 ? fixed : 0) + 20 * size ** power;
    return [size, { cpuUs }] as [number, { cpuUs: number }];
  };
  const sizes = [30, 100, 400, 1_000, 2_000, 5_000];
  expect(exponentOf(sizes.map((size) => seen(size, 1)))).toBeCloseTo(1, 6);
  expect(exponentOf(sizes.map((size) => seen(size, 1.2)))).toBeCloseTo(1.2, 6);
});
