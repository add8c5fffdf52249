import { expect, test } from 'vitest';
import {
  defaultSettings,
  playbookOf,
  settingsFrom,
  withChange,
} from '../../../src-main/desk/state/settings.ts';
import { commands } from '../../../src-preload/contract/commands/index.ts';

test('a change lays over what was set, and saved settings come back as they were', () => {
  const changed = withChange(defaultSettings, {
    ttlSeconds: { positions: 5 },
    backup: { keepRoutine: 3 },
  });
  expect(changed.ttlSeconds['positions']).toBe(5);
  expect(changed.ttlSeconds['orders']).toBe(defaultSettings.ttlSeconds['orders']);
  expect(changed.backup).toEqual({ ...defaultSettings.backup, keepRoutine: 3 });
  expect(settingsFrom(JSON.parse(JSON.stringify(changed)))).toEqual(changed);
});

test('F14 a kind that does not exist is not taken; unreadable settings leave the defaults', () => {
  expect(withChange(defaultSettings, { ttlSeconds: { nonsense: 5 } })).toEqual(defaultSettings);
  const inherited = withChange(defaultSettings, { ttlSeconds: { constructor: 5 } });
  expect(Object.keys(inherited.ttlSeconds)).toEqual(Object.keys(defaultSettings.ttlSeconds));
  expect(settingsFrom({ backup: 'lots' })).toEqual(defaultSettings);
  expect(settingsFrom({})).toEqual(defaultSettings);
});

test('an account has the usual playbook until something of its own is set, and keeps the rest', () => {
  const playbook = { account: 'main', change: { shares: ['60', '40'], stopDistance: null } };
  const changed = withChange(defaultSettings, { playbook });
  expect(playbookOf(changed, 'main')).toEqual({
    ...playbookOf(defaultSettings, 'main'),
    shares: ['60', '40'],
    stopDistance: null,
  });
  expect(playbookOf(changed, 'mirror')).toEqual(playbookOf(defaultSettings, 'mirror'));
  expect(settingsFrom(JSON.parse(JSON.stringify(changed)))).toEqual(changed);
});

test.each([
  ['shares that are not the whole', { shares: ['85', '5', '5'] }],
  ['a share of nothing', { shares: ['100', '0'] }],
  ['no take-profit at all', { shares: [] }],
  ['a stop at no distance', { stopDistance: '0' }],
  ['a stop that is no figure', { stopDistance: '-5' }],
  [
    'a trailing stop at no distance',
    { trailing: { afterTakeProfit: 1, distance: '0', unit: '%', by: 'steps' } },
  ],
])('a playbook with %s is refused', (_, change) => {
  const update = commands['settings.update'].input;
  expect(update.safeParse({ playbook: { account: 'main', change } }).success).toBe(false);
});

test.each([
  { shares: ['100'] },
  { shares: ['33.333334', '33.333333', '33.333333'] },
  { trailing: { afterTakeProfit: 2, distance: '1.5', unit: 'R', by: 'exchange' } },
])('a playbook with %j is taken', (change) => {
  const update = commands['settings.update'].input;
  expect(update.safeParse({ playbook: { account: 'main', change } }).success).toBe(true);
});
