import { useSyncExternalStore } from 'react';

export type ViewName = 'positions' | 'cache' | 'backups';

/** What a screen remembers between visits. It lives in this browser only; nothing here is money. */
export interface Preferences {
  view: ViewName;
  theme: 'system' | 'dark' | 'light';
  density: 'normal' | 'compact';
  wideRail: boolean;
  sort: { id: string; desc: boolean };
  /** Order of the columns of the positions table; those left out come after, in their own order. */
  columnOrder: string[];
  /** Columns shown or hidden against their default. */
  columnShown: Record<string, boolean>;
}

const defaults: Preferences = {
  view: 'positions',
  theme: 'system',
  density: 'normal',
  wideRail: false,
  sort: { id: 'nearest', desc: false },
  columnOrder: [],
  columnShown: {},
};

const KEY = 'holdfast.preferences';

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** The words a choice may be; one from another version is not taken. */
const words: Partial<Record<string, readonly string[]>> = {
  view: ['positions', 'cache', 'backups'],
  theme: ['system', 'dark', 'light'],
  density: ['normal', 'compact'],
};

function fits(name: string, value: unknown, usual: unknown): boolean {
  const known = words[name];
  if (known) return typeof value === 'string' && known.includes(value);
  return (
    typeof value === typeof usual && value !== null && Array.isArray(value) === Array.isArray(usual)
  );
}

/** Reads what was remembered; anything unreadable or of another shape is left at its default. */
export function readPreferences(store: Store): Preferences {
  try {
    const saved = JSON.parse(store.getItem(KEY) ?? '{}') as Record<string, unknown>;
    const fitting = Object.entries(defaults).flatMap(([name, usual]) =>
      fits(name, saved[name], usual) ? [[name, saved[name]]] : [],
    );
    return { ...defaults, ...(Object.fromEntries(fitting) as Partial<Preferences>) };
  } catch {
    return defaults;
  }
}

export function createPreferences(store: Store) {
  let current = readPreferences(store);
  const listeners = new Set<() => void>();
  return {
    read: () => current,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    set(change: Partial<Preferences>) {
      current = { ...current, ...change };
      try {
        store.setItem(KEY, JSON.stringify(current));
      } catch {
        // A full or forbidden storage costs the memory of this choice, not the choice.
      }
      for (const listener of listeners) listener();
    },
  };
}

/** Made on first use: importing this module touches no browser. */
let shared: ReturnType<typeof createPreferences> | null = null;
export function preferences(): ReturnType<typeof createPreferences> {
  shared ??= createPreferences(window.localStorage);
  return shared;
}

export const usePreferences = (): Preferences =>
  useSyncExternalStore(preferences().subscribe, preferences().read);
