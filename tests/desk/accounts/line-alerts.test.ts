import { expect, test } from 'vitest';
import { afterSweep, lineAlerts } from '../../../src-main/desk/accounts/line-alerts.ts';

const NOW = 1_000_000;
const well = {
  stream: 'ready' as const,
  streamReason: null,
  stoppedUntil: null,
  clockTrusted: true,
  clockOffsetMs: 3,
};
const rules = (status: Partial<Parameters<typeof lineAlerts>[1]>, downMs = 60_000) =>
  lineAlerts('main', { ...well, ...status }, { downMs, now: NOW }).map(({ rule }) => rule);

test('a line that is well has nothing to tell', () => {
  expect(rules({})).toEqual([]);
});

test('a ban is told while it lasts, with how long', () => {
  expect(rules({ stoppedUntil: NOW + 1 })).toEqual(['banned']);
  expect(rules({ stoppedUntil: NOW })).toEqual([]);
  const [alert] = lineAlerts(
    'main',
    { ...well, stoppedUntil: NOW + 9 * 60_000 },
    { downMs: 0, now: NOW },
  );
  expect(alert).toMatchObject({ severity: 'critical', account: 'main' });
  expect(alert?.text).toContain('another 9 min');
});

test('a stream is told once it has been down for 30 s, and with its reason', () => {
  expect(rules({ stream: 'down' }, 29_999)).toEqual([]);
  expect(rules({ stream: 'connecting' }, 30_000)).toEqual(['stream-down']);
  const [alert] = lineAlerts(
    'main',
    { ...well, stream: 'down', streamReason: 'The stream was cut off.' },
    { downMs: 40_000, now: NOW },
  );
  expect(alert?.text).toContain('40 s. The stream was cut off.');
});

test('P61 a clock that cannot be trusted is told, one that was not measured yet is not', () => {
  expect(rules({ clockTrusted: false, clockOffsetMs: 12_000 })).toEqual(['clock-off']);
  expect(rules({ clockTrusted: false, clockOffsetMs: null })).toEqual([]);
});

test('a sweep that finds much ends arming and says so critically; a little is told, and watching goes on', () => {
  expect(afterSweep('main', 5, 'armed')).toMatchObject({
    disarm: true,
    alert: { severity: 'critical', rule: 'disarmed', account: 'main' },
  });
  expect(afterSweep('main', 4, 'armed')).toMatchObject({
    disarm: false,
    alert: { severity: 'warning', rule: 'sweep-differences' },
  });
  expect(afterSweep('main', 50, 'watch').disarm).toBe(false);
});
