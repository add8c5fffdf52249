import type { Answer } from '../../src-preload/contract/link.ts';
import {
  defaultPreferences,
  densities,
  type PreferencesChange,
  type PreferencesState,
  themes,
  withPreferences,
} from '../../src-preload/contract/preferences.ts';

/** The call never reached a desk, or nobody knows whether it did: it may be sent again. */
const UNREACHED = new Set(['NOT_CONNECTED', 'CONNECTION_LOST']);

const joined = (first: PreferencesChange | null, then: PreferencesChange): PreferencesChange => {
  const tables = { ...first?.tables };
  for (const [id, parts] of Object.entries(then.tables ?? {})) {
    tables[id] = { ...tables[id], ...parts };
  }
  return { ...first, ...then, tables };
};

/**
 * The preferences as this screen shows them: the desk's word with its own changes laid over it until
 * the desk has taken them. A change counts at once, without a desk too; it is sent when there is one.
 */
export function createPreferences(options: {
  /** What is shown until the desk has spoken. */
  first: PreferencesState;
  send: (change: PreferencesChange) => Promise<Answer<PreferencesState>>;
  onShown: (shown: PreferencesState) => void;
  onRefused: (why: string) => void;
}) {
  let kept = options.first;
  let underWay: PreferencesChange | null = null;
  let waiting: PreferencesChange | null = null;

  const show = (): void => {
    const mine = [underWay, waiting].filter((change) => change !== null);
    options.onShown(mine.reduce(withPreferences, kept));
  };

  const send = async (): Promise<void> => {
    if (underWay || !waiting) return;
    underWay = waiting;
    waiting = null;
    const answer = await options.send(underWay);
    if (answer.ok) kept = answer.value;
    else if (UNREACHED.has(answer.error.code)) waiting = joined(underWay, waiting ?? {});
    else options.onRefused(answer.error.message);
    underWay = null;
    show();
    if (answer.ok) void send();
  };

  return {
    /** What the desk says they are. */
    take(said: PreferencesState): void {
      kept = said;
      show();
    },
    change(change: PreferencesChange): void {
      waiting = joined(waiting, change);
      show();
      void send();
    },
    /** The desk can be reached: what waited is sent. */
    reached: () => void send(),
  };
}

const KEY = 'holdfast.first-look';

export type Memory = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * What this browser saw last, so that a page does not begin in another theme than it goes on in. The
 * desk's word replaces it within a moment.
 */
export function firstLook(memory: Memory): PreferencesState {
  try {
    const seen = JSON.parse(memory.getItem(KEY) ?? '{}') as Partial<PreferencesState>;
    return {
      ...defaultPreferences,
      theme: themes.find((one) => one === seen.theme) ?? defaultPreferences.theme,
      density: densities.find((one) => one === seen.density) ?? defaultPreferences.density,
      wideRail: seen.wideRail === true,
      view: typeof seen.view === 'string' ? seen.view : defaultPreferences.view,
    };
  } catch {
    return defaultPreferences;
  }
}

export function rememberLook(memory: Memory, look: PreferencesState): void {
  const { theme, density, wideRail, view } = look;
  try {
    memory.setItem(KEY, JSON.stringify({ theme, density, wideRail, view }));
  } catch {
    // A storage that is full or forbidden costs a flash at the next start, nothing else.
  }
}
