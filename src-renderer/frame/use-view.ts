import { useDesk } from '../state/use-desk.tsx';
import { type View, viewOf } from '../views/registry.ts';

/** The view that this window shows. */
export const useView = (): View =>
  viewOf(useDesk(({ view, preferences }) => view ?? preferences.view));
