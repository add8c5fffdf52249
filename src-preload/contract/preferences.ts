export const themes = ['system', 'dark', 'light'] as const;
export const densities = ['normal', 'compact'] as const;

/** How the operator has a table: ids are those of its columns; widths are CSS pixels. */
export interface TablePreferences {
  /** Columns in order; those left out come after, in their own order. */
  order: string[];
  /** Columns shown or hidden against their default. */
  shown: Record<string, boolean>;
  /** `null`: the table's own order. */
  sort: { id: string; desc: boolean } | null;
  widths: Record<string, number>;
}

/** How the screens look, kept by the desk for all of them. Nothing here is money. */
export interface PreferencesState {
  /** The view a new window opens with: the one last gone to in any window. */
  view: string;
  theme: (typeof themes)[number];
  density: (typeof densities)[number];
  wideRail: boolean;
  tables: Record<string, TablePreferences>;
}

/** What is named replaces what was; a table's parts and tables that are not named stay. */
export interface PreferencesChange extends Partial<Omit<PreferencesState, 'tables'>> {
  tables?: Record<string, Partial<TablePreferences>>;
}

export const plainTable: TablePreferences = { order: [], shown: {}, sort: null, widths: {} };

export const defaultPreferences: PreferencesState = {
  view: 'positions',
  theme: 'system',
  density: 'normal',
  wideRail: false,
  tables: {},
};

/** The rule by which a change is laid over what was, for the desk and for a screen that runs ahead of it. */
export function withPreferences<State extends PreferencesState>(
  before: State,
  change: PreferencesChange,
): State {
  const tables = { ...before.tables };
  for (const [id, parts] of Object.entries(change.tables ?? {})) {
    tables[id] = { ...(tables[id] ?? plainTable), ...parts };
  }
  return { ...before, ...change, tables };
}
