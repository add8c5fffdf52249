import { expect, test } from 'vitest';
import {
  defaultSettings,
  settingsFrom,
  withChange,
} from '../../../src-main/desk/state/settings.ts';

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
