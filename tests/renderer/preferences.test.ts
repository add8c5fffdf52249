import { expect, test } from 'vitest';
import { createPreferences, readPreferences } from '../../src-renderer/state/preferences.ts';

function memory(text: string | null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
  };
}

test('a choice is remembered over a visit', () => {
  const store = memory(null);
  createPreferences(store).set({ theme: 'light', columnShown: { leverage: true } });
  expect(readPreferences(store)).toMatchObject({
    theme: 'light',
    columnShown: { leverage: true },
    view: 'positions',
  });
});

test('what cannot be read or has another shape is left at its default', () => {
  expect(readPreferences(memory('not json')).theme).toBe('system');
  expect(readPreferences(memory('{"columnOrder":"x","theme":"dark"}'))).toMatchObject({
    columnOrder: [],
    theme: 'dark',
  });
  expect(readPreferences(memory('null')).view).toBe('positions');
});

test('a value this version does not know is left at its default', () => {
  expect(
    readPreferences(memory('{"view":"charts","theme":"sepia","density":"huge"}')),
  ).toMatchObject({
    view: 'positions',
    theme: 'system',
    density: 'normal',
  });
});

test('a storage that is full costs the memory of a choice, not the choice', () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  const preferences = createPreferences(full);
  preferences.set({ theme: 'dark' });
  expect(preferences.read().theme).toBe('dark');
});
