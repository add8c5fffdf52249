import { preferenceCommands } from '../../src-preload/contract/commands/preferences.ts';
import {
  defaultPreferences,
  type PreferencesChange,
  type PreferencesState,
  withPreferences,
} from '../../src-preload/contract/preferences.ts';
import type { Clock } from '../domain/clock.ts';
import { Failure } from '../domain/failure.ts';

/** A column that is being dragged changes often: it is saved once it rests, ms. */
const SETTLES_MS = 1_000;

/** Tables that are remembered; the program has far fewer. */
const MOST_TABLES = 50;

const { input } = preferenceCommands['preferences.update'];

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

/**
 * The preferences as saved, over the defaults: part by part, so that one that cannot be read costs
 * nothing but itself. Those of a newer version are kept as they are, for when it comes back.
 */
export function preferencesFrom(saved: unknown): PreferencesState {
  const parts = entriesOf(saved).flatMap(([name, value]) =>
    name !== 'tables'
      ? [{ [name]: value }]
      : entriesOf(value).flatMap(([id, table]) =>
          entriesOf(table).map(([part, of]) => ({ tables: { [id]: { [part]: of } } })),
        ),
  );
  const kept: PreferencesState = { ...Object.fromEntries(entriesOf(saved)), ...defaultPreferences };
  return parts.reduce<PreferencesState>((state, part) => {
    const read = input.safeParse(part);
    return read.success ? withPreferences(state, read.data) : state;
  }, kept);
}

export interface Preferences {
  state(): PreferencesState;
  /** Answers the whole as it is now. Throws BAD_INPUT when more tables would be kept than there are. */
  update(change: PreferencesChange): PreferencesState;
  /** Saves at once what a moment later would be saved: the desk stops. */
  settle(): void;
  /** Saves all of them again: another database is in place, and how screens look is no part of it. */
  keep(): void;
}

/** How the screens look: the same for every window, and there again at the next start. */
export function createPreferences(options: {
  saved: unknown;
  save: (preferences: PreferencesState) => void;
  clock: Clock;
  onChange: () => void;
}): Preferences {
  let state = preferencesFrom(options.saved);
  let unsaved = false;
  let callOff = (): void => {};
  const keep = (): void => {
    callOff();
    unsaved = false;
    options.save(state);
  };
  const settle = (): void => {
    if (unsaved) keep();
  };
  return {
    state: () => state,
    update(change) {
      const next = withPreferences(state, change);
      if (Object.keys(next.tables).length > MOST_TABLES) {
        throw new Failure('BAD_INPUT', `No more than ${MOST_TABLES} tables are remembered.`);
      }
      state = next;
      unsaved = true;
      callOff();
      callOff = options.clock.after(SETTLES_MS, settle);
      options.onChange();
      return state;
    },
    settle,
    keep,
  };
}
