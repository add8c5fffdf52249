import { expect, test } from 'vitest';
import { everyMs } from '../../../src-main/monitor/rules/urgency.ts';
import { newWatch, reschedule } from '../../../src-main/monitor/watch/watch.ts';
import { aPosition } from '../../cache/rows.ts';
import { aStop, found, ladder } from '../rows.ts';

const look = {
  known: true,
  position: null,
  flat: null,
  orders: [],
  version: 0,
  asOf: 0,
  wholeAsOf: 0,
  executionsAsOf: 0,
  source: 'stream',
  confirmed: true,
} as const;

test('what is looked at all together is due again spread over the time of its level, none later', () => {
  const start = 1_750_000_000_000;
  const watches = Array.from({ length: 600 }, (_, n) => {
    const symbol = `S${n}USDT`;
    const orders = [...ladder(), aStop('s', '95', '1')].map((order) => ({ ...order, symbol }));
    const watch = newWatch(found(aPosition({ symbol }), orders), look, start);
    watch.mark = '100';
    return watch;
  });
  const judged: number[] = [];
  // Adopted, and once more all in one moment when the stream comes back; then each when it is due.
  for (const watch of watches) reschedule(watch, start - 500);
  for (const watch of watches) reschedule(watch, start);
  for (let second = 1; second <= 30; second += 1) {
    const startedAt = start + second * 1_000;
    const due = watches.filter((watch) => watch.dueAt <= startedAt);
    for (const [n, watch] of due.entries()) {
      expect(watch.urgency).toBe('urgent');
      expect(startedAt - watch.checkedAt).toBeLessThan(everyMs.urgent + 1_000);
      // Looking takes its time.
      reschedule(watch, startedAt + Math.floor(n / 100));
    }
    judged.push(due.length);
  }
  const usual = (watches.length * 1_000) / everyMs.urgent;
  expect(Math.max(...judged)).toBeLessThan(usual * 1.4);
  expect(judged.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(usual * 29);
});
