import { expect, test } from 'vitest';
import type { Cycle } from '../../../src-main/monitor/loop/loop.ts';
import { summary } from '../../../src-main/monitor/loop/summary.ts';

const urgency = { critical: 1, urgent: 0, active: 2, stable: 0, dormant: 57 };
const cycle = (durationMs: number): Cycle => ({
  startedAt: 1,
  durationMs,
  restCalls: 0,
  cacheAnswers: 60,
  monitors: 60,
  urgency,
  actions: 0,
});

test('the log line tells hit rate, calls, cycle time and the monitors by urgency', () => {
  const cache = { hitRate: 0.99876, callsPerMinute: 10.04, callsPerMinuteWithoutCache: 7_200 };
  const [text, facts] = summary([cycle(0.4), cycle(9.876), cycle(0.5)], cache);
  expect(text).toBe(
    'Cache: 99.88 % hits, 10 calls a minute. Loop: 3 cycles, 0.5 ms each, 60 monitors.',
  );
  expect(facts).toMatchObject({ slowestCycleMs: 9.88, urgency, callsPerMinuteWithoutCache: 7_200 });
});

test('before the first question and the first cycle nothing is made up', () => {
  const cache = { hitRate: null, callsPerMinute: 0, callsPerMinuteWithoutCache: 0 };
  expect(summary([], cache)[0]).toBe(
    'Cache: no lookups yet, 0 calls a minute. Loop: 0 cycles, - ms each, 0 monitors.',
  );
});
