import { expect, test } from 'vitest';
import { createAlerts } from '../../src-main/alerts/alerts.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { AlertRecord } from '../../src-main/persistence/records.ts';
import { manualClock } from '../support/manual-clock.ts';

function setUp() {
  const saved: AlertRecord[] = [];
  const clock = manualClock();
  let id = 0;
  const alerts = createAlerts({
    clock,
    log: silentLog,
    newId: () => String(++id),
    known: [],
    save: (alert) => saved.push(alert),
    onChange: () => {},
  });
  const unprotected = (account: string, symbol: string, about = '0') =>
    alerts.raise({
      severity: 'critical',
      rule: 'unprotected',
      account,
      symbol,
      about,
      text: `${symbol} has no stop.`,
    });
  const drifted = () =>
    alerts.raise({
      severity: 'warning',
      rule: 'take-profit-drift',
      account: 'main',
      symbol: 'BTCUSDT',
      text: 'The take-profits do not fit.',
    });
  return { alerts, clock, saved, unprotected, drifted };
}

test('P50 the same trouble is said once, and again only after the cool-down', () => {
  const { clock, saved, drifted } = setUp();
  for (let second = 0; second < 29 * 60; second += 30) {
    drifted();
    clock.advance(30_000);
  }
  expect(saved.length).toBe(1);
  clock.advance(5 * 60_000);
  drifted();
  expect(saved.length).toBe(2);
});

test('M5 what is critical is said again every five minutes while it stands', () => {
  const { clock, saved, unprotected } = setUp();
  for (let second = 0; second < 16 * 60; second += 1) {
    unprotected('main', 'BTCUSDT');
    clock.advance(1_000);
  }
  expect(saved.map(({ at }) => (at - (saved[0]?.at ?? 0)) / 60_000)).toEqual([0, 5, 10, 15]);
});

test('M5 the other leg of a symbol is another subject', () => {
  const { saved, unprotected } = setUp();
  unprotected('main', 'BTCUSDT', '1');
  unprotected('main', 'BTCUSDT', '2');
  unprotected('main', 'BTCUSDT', '1');
  expect(saved.length).toBe(2);
});

test('P48 the same rule on another account or symbol is heard at once', () => {
  const { alerts, unprotected } = setUp();
  unprotected('main', 'BTCUSDT');
  unprotected('mirror', 'BTCUSDT');
  unprotected('main', 'ETHUSDT');
  expect(alerts.recent().map((alert) => [alert.account, alert.symbol])).toEqual([
    ['main', 'ETHUSDT'],
    ['mirror', 'BTCUSDT'],
    ['main', 'BTCUSDT'],
  ]);
});

test('F11 a clock set back by an hour mutes no alarm', () => {
  const { clock, saved, unprotected } = setUp();
  unprotected('main', 'BTCUSDT');
  clock.setBack(60 * 60_000);
  clock.advance(4 * 60_000);
  unprotected('main', 'BTCUSDT');
  expect(saved.length).toBe(1);
  clock.advance(60_000);
  unprotected('main', 'BTCUSDT');
  expect(saved.length).toBe(2);
});

test('E1 what had ended meanwhile is told anew, however soon', () => {
  const { alerts, saved } = setUp();
  const odd = { severity: 'critical', rule: 'not-understood', account: 'main' } as const;
  for (let time = 0; time < 2; time++)
    alerts.raise({ ...odd, symbol: 'BTCUSDT', text: 'Not understood.', anew: true });
  expect(saved.length).toBe(2);
  // How it came to be told is not kept with what was told.
  expect(saved[0]).not.toHaveProperty('anew');
});
