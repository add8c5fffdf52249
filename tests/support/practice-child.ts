import type { ScenarioName } from '../../src-main/practice/server.ts';
import { startPractice } from '../../src-main/practice/server.ts';
import { quickClock } from './quick-clock.ts';

/**
 * The practice exchange in a process of its own, for measurements: it also notes when it wrote the
 * first private frame about each order's execution, in its own ms, and hands that over when asked.
 *
 *   node practice-child.ts SCENARIO LATENCY_MS SPEED ACCOUNTS FACTOR EPOCH
 */
const [, , scenario = 'desk', latency = '0', speed = '1', count = '2', factor = '1', epoch = '0'] =
  process.argv;
const executedAt: Record<string, number> = {};
const exchange = await startPractice({
  scenario: scenario as ScenarioName,
  latencyMs: Number(latency),
  speed: Number(speed),
  accounts: Number(count),
  ...(factor === '1' ? {} : { timers: quickClock(Number(factor), Number(epoch)) }),
  onFrame(frame) {
    if (frame.topic !== 'execution') return;
    const at = performance.timeOrigin + performance.now();
    for (const row of frame.data as { orderId: string }[]) executedAt[row.orderId] ??= at;
  },
});
process.on('message', (message) => {
  if (message === 'executions') process.send?.({ executedAt });
});
process.once('disconnect', () => process.exit(0));
const { rest, wsPublic, wsPrivate, accounts } = exchange;
process.send?.({ ready: { rest, wsPublic, wsPrivate, accounts } });
