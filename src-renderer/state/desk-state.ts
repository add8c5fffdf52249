import type { PreferencesState } from '../../src-preload/contract/preferences.ts';
import type { Connection } from '../client/connection.ts';
import type { Asking } from './asking.ts';
import type { Slices } from './slices.ts';

export interface Toast {
  id: number;
  text: string;
  failed: boolean;
}

/** Everything a screen shows, in one place. */
export interface DeskState {
  connection: Connection;
  slices: Slices;
  /** As the desk keeps them, with this screen's changes that are still on their way. */
  preferences: PreferencesState;
  /** The view of this window; `null` until it was chosen here or told by the desk. */
  view: string | null;
  /** Key of the position that is shown beside the positions; `null` for none. */
  opened: string | null;
  asking: Asking | null;
  toasts: readonly Toast[];
  /** ms since 1970 UTC, ticking once a second: every age on the screen moves together. */
  now: number;
}
