import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import {
  type PreferencesState,
  plainTable,
  type TablePreferences,
} from '../../src-preload/contract/preferences.ts';
import type { ListSlices, ObjectSlices } from '../../src-preload/contract/slices.ts';
import type { Actions } from './actions.ts';
import type { DeskState } from './desk-state.ts';
import { type Rows, rowsOf, valueOf } from './slices.ts';
import type { DeskStore, Screen } from './store.ts';

const ScreenContext = createContext<Screen | null>(null);

export const DeskProvider = ({ screen, children }: { screen: Screen; children: ReactNode }) => (
  <ScreenContext value={screen}>{children}</ScreenContext>
);

function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error('The desk is used outside of DeskProvider.');
  return screen;
}

/**
 * A part of what the screen shows; the component is drawn again only when that part changes, so let
 * `select` answer something that stays the same object while it does.
 */
export const useDesk = <Picked,>(select: (state: DeskState) => Picked): Picked =>
  useStore(useScreen().store, select);

/** The rows of a list slice; `null` until it has come. */
export const useRows = <Name extends keyof ListSlices>(name: Name): Rows<ListSlices[Name]> | null =>
  useDesk(({ slices }) => rowsOf(slices, name));

/** One row of a list slice: the component is drawn again only when this row changes. */
export const useRow = <Name extends keyof ListSlices>(
  name: Name,
  key: string,
): ListSlices[Name] | null => useDesk(({ slices }) => rowsOf(slices, name)?.get(key) ?? null);

/** An object slice; `null` until it has come. */
export const useValue = <Name extends keyof ObjectSlices>(name: Name): ObjectSlices[Name] | null =>
  useDesk(({ slices }) => valueOf(slices, name));

export const useConnection = () => useDesk(({ connection }) => connection);

export const usePreferences = (): PreferencesState => useDesk(({ preferences }) => preferences);

/** How the operator has one table. Changed with `prefer({ tables: { [id]: ... } })`. */
export const useTablePreferences = (id: string): TablePreferences =>
  useDesk(({ preferences }) => preferences.tables[id] ?? plainTable);

/** The time, ms since 1970 UTC, ticking once a second. */
export const useNow = (): number => useDesk(({ now }) => now);

/** What can be done; the same functions at every drawing. */
export const useActions = (): Actions => useScreen().actions;

/** The store itself, for what follows it outside of drawing. */
export const useDeskStore = (): DeskStore => useScreen().store;
