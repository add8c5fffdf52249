import { expect, test } from 'vitest';
import type { Answer } from '../../src-preload/contract/link.ts';
import {
  defaultPreferences,
  type PreferencesChange,
  type PreferencesState,
  withPreferences,
} from '../../src-preload/contract/preferences.ts';
import {
  createPreferences,
  firstLook,
  rememberLook,
} from '../../src-renderer/state/preferences.ts';

/** One screen's preferences and a desk whose answers the test gives, one by one. */
function screen(first = defaultPreferences) {
  const shown: PreferencesState[] = [];
  const refusals: string[] = [];
  const calls: {
    change: PreferencesChange;
    answer: (answer: Answer<PreferencesState>) => Promise<void>;
  }[] = [];
  const preferences = createPreferences({
    first,
    send: (change) =>
      new Promise((resolve) => {
        calls.push({
          change,
          answer: async (answer) => {
            resolve(answer);
            await new Promise((done) => setTimeout(done));
          },
        });
      }),
    onShown: (now) => shown.push(now),
    onRefused: (why) => refusals.push(why),
  });
  return { preferences, shown, calls, refusals, now: () => shown.at(-1) };
}

const done = (value: PreferencesState): Answer<PreferencesState> => ({ ok: true, value });
const failed = (code: string): Answer<never> => ({ ok: false, error: { code, message: code } });
const dark = { ...defaultPreferences, theme: 'dark' as const };

test('a change counts at once and never jumps back while it is under way', async () => {
  const { preferences, calls, shown } = screen();
  preferences.change({ theme: 'dark' });
  // The desk tells of another window's change before it has heard of this one.
  preferences.take({ ...defaultPreferences, wideRail: true });
  await calls[0]?.answer(done({ ...dark, wideRail: true }));
  preferences.take({ ...dark, wideRail: true });
  expect(shown.map(({ theme }) => theme)).toEqual(['dark', 'dark', 'dark', 'dark']);
  expect(shown.at(-1)?.wideRail).toBe(true);
});

test('one call is under way at a time; what is changed meanwhile goes out together', async () => {
  const { preferences, calls } = screen();
  preferences.change({ tables: { positions: { widths: { mark: 90 } } } });
  preferences.change({ tables: { positions: { widths: { mark: 95 } } } });
  preferences.change({ tables: { positions: { order: ['mark'] }, trades: { sort: null } } });
  expect(calls).toHaveLength(1);
  await calls[0]?.answer(done(withPreferences(defaultPreferences, calls[0].change)));
  expect(calls.slice(1).map(({ change }) => change)).toEqual([
    {
      tables: {
        positions: { widths: { mark: 95 }, order: ['mark'] },
        trades: { sort: null },
      },
    },
  ]);
});

test.each(['NOT_CONNECTED', 'CONNECTION_LOST'])(
  'what met no desk (%s) still counts here and is sent once there is one',
  async (code) => {
    const { preferences, calls, now } = screen();
    preferences.change({ theme: 'dark' });
    await calls[0]?.answer(failed(code));
    preferences.change({ wideRail: true });
    await calls[1]?.answer(failed(code));
    expect(now()).toMatchObject({ theme: 'dark', wideRail: true });
    expect(calls).toHaveLength(2);
    preferences.take(defaultPreferences);
    expect(now()).toMatchObject({ theme: 'dark', wideRail: true });
    preferences.reached();
    expect(calls[2]?.change).toMatchObject({ theme: 'dark', wideRail: true });
  },
);

test('what the desk refuses is said and no longer shown', async () => {
  const { preferences, calls, now, refusals } = screen();
  preferences.change({ theme: 'dark' });
  await calls[0]?.answer(failed('BAD_INPUT'));
  expect(now()?.theme).toBe('system');
  expect(refusals).toEqual(['BAD_INPUT']);
});

function memory(text: string | null) {
  let kept = text;
  return {
    getItem: () => kept,
    setItem: (_: string, value: string) => {
      kept = value;
    },
  };
}

test('a page begins as this browser saw it last, tables left to the desk', () => {
  const browser = memory(null);
  const tables = { positions: { order: ['mark'], shown: {}, sort: null, widths: {} } };
  rememberLook(browser, { ...dark, density: 'compact', view: 'cache', tables });
  expect(firstLook(browser)).toEqual({ ...dark, density: 'compact', view: 'cache', tables: {} });
});

test.each(['not json', 'null', '7', '{"theme":"sepia","density":7,"view":{},"wideRail":"yes"}'])(
  'a first look that cannot be read (%s) is the default one',
  (text) => expect(firstLook(memory(text))).toEqual(defaultPreferences),
);

test('a storage that is full costs nothing but the first look', () => {
  const full = {
    getItem: () => null,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  expect(() => rememberLook(full, dark)).not.toThrow();
});
