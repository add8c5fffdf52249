import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import type { ListSlices, ObjectSlices } from '../../src-preload/contract/slices.ts';
import type { DeskClient } from '../client/connection.ts';
import type { Rows } from './slices.ts';
import type { DeskState, DeskStore } from './store.ts';

interface Desk {
  client: DeskClient;
  store: DeskStore;
}

const DeskContext = createContext<Desk | null>(null);

export function DeskProvider({ client, store, children }: Desk & { children: ReactNode }) {
  const desk = useMemo(() => ({ client, store }), [client, store]);
  return <DeskContext value={desk}>{children}</DeskContext>;
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('useDesk is used outside of DeskProvider.');
  return desk;
}

export const useDeskState = <Picked,>(select: (state: DeskState) => Picked): Picked =>
  useStore(useDesk().store, select);

/** The rows of a list slice; `null` until it has come. */
export const useRows = <Name extends keyof ListSlices>(name: Name): Rows<ListSlices[Name]> | null =>
  useDeskState(
    (state) => (state.slices[name]?.value as Rows<ListSlices[Name]> | undefined) ?? null,
  );

/** One row of a list slice: the component is drawn again only when this row changes. */
export const useRow = <Name extends keyof ListSlices>(
  name: Name,
  key: string,
): ListSlices[Name] | null =>
  useDeskState(
    (state) => (state.slices[name]?.value as Rows<ListSlices[Name]> | undefined)?.get(key) ?? null,
  );

/** An object slice; `null` until it has come. */
export const useValue = <Name extends keyof ObjectSlices>(name: Name): ObjectSlices[Name] | null =>
  useDeskState((state) => (state.slices[name]?.value as ObjectSlices[Name] | undefined) ?? null);

export const useConnection = () => useDeskState((state) => state.connection);
