import { expect, test } from 'vitest';
import { createPreferences, preferencesFrom } from '../../src-main/desk/preferences.ts';
import { commands } from '../../src-preload/contract/commands/index.ts';
import { defaultPreferences } from '../../src-preload/contract/preferences.ts';
import { manualClock } from '../support/manual-clock.ts';

const open = (saved?: unknown) => {
  const saves: unknown[] = [];
  const clock = manualClock();
  const preferences = createPreferences({
    saved,
    clock,
    save: (state) => saves.push(JSON.parse(JSON.stringify(state))),
    onChange: () => {},
  });
  return { preferences, saves, clock };
};

test('a change is saved whole, comes back as it was, and touches nothing else', () => {
  const { preferences, saves, clock } = open();
  preferences.update({ theme: 'light', tables: { positions: { order: ['stop', 'mark'] } } });
  preferences.update({ tables: { positions: { widths: { mark: 120 } }, trades: {} } });
  expect(saves).toEqual([]);
  clock.advance(1_000);
  expect(saves).toHaveLength(1);
  const { preferences: again } = open(saves.at(-1));
  expect(again.state()).toEqual(preferences.state());
  expect(again.state()).toMatchObject({
    theme: 'light',
    density: 'normal',
    tables: { positions: { order: ['stop', 'mark'], widths: { mark: 120 }, sort: null } },
  });
});

test('what cannot be read costs nothing but itself', () => {
  const read = preferencesFrom({
    theme: 'sepia',
    density: 'compact',
    tables: {
      positions: { order: 'x', shown: { mark: false }, widths: { mark: 1e9 } },
      'no name!': { order: [] },
      trades: 7,
    },
  });
  expect(read).toEqual({
    ...defaultPreferences,
    density: 'compact',
    tables: { positions: { order: [], shown: { mark: false }, sort: null, widths: {} } },
  });
  for (const broken of [undefined, null, 7, 'text', []])
    expect(preferencesFrom(broken)).toMatchObject(defaultPreferences);
});

test('what a newer version added is kept over a save of this one', () => {
  const { preferences, saves } = open({ theme: 'dark', palette: 'blue-orange' });
  preferences.update({ wideRail: true });
  preferences.settle();
  expect(saves).toEqual([
    { ...defaultPreferences, theme: 'dark', wideRail: true, palette: 'blue-orange' },
  ]);
});

test('what is kept is bounded', () => {
  const { input } = commands['preferences.update'];
  const refused = (change: object) => !input.safeParse(change).success;
  const many = <Value>(n: number, value: Value): Record<string, Value> =>
    Object.fromEntries(Array.from({ length: n }, (_, at) => [`c${at}`, value]));
  expect(refused({ theme: 'sepia' })).toBe(true);
  expect(refused({ view: 'x'.repeat(41) })).toBe(true);
  expect(refused({ stranger: true })).toBe(true);
  expect(refused({ tables: { t: { widths: { c: -3 } } } })).toBe(true);
  expect(refused({ tables: { t: { shown: many(101, true) } } })).toBe(true);
  expect(refused({ tables: many(51, {}) })).toBe(true);
  expect(refused({ tables: { 'no name!': {} } })).toBe(true);
  const { preferences } = open();
  preferences.update({ tables: many(50, {}) });
  expect(() => preferences.update({ tables: { onemore: {} } })).toThrow('50 tables');
  expect(Object.keys(preferences.state().tables)).toHaveLength(50);
});
