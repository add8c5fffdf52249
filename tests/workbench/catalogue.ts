import type { Asking } from '../../src-renderer/state/asking.ts';

/** The standings of a desk that a view is shown in, with what each is. */
export const deskStates = {
  normal: 'sixty positions on two accounts, all of it known',
  empty: 'everything was read, and there is nothing',
  loading: 'the page is open, nothing has come yet',
  disconnected: 'the desk went away a while ago',
  error: 'streams down, saving fails, a stop is gone, a backup failed, paused after a restore',
  storm: '400 positions that move ten times a second, alerts pouring in',
} as const;

export type DeskStateName = keyof typeof deskStates;

export const isDeskState = (name: string): name is DeskStateName => name in deskStates;

type Asked = Asking['what'];

/** Every question the screens can ask, named once more so that a new one cannot be forgotten here. */
export const dialogs: Record<Asked, true> = {
  palette: true,
  keys: true,
  panic: true,
  approve: true,
  dismiss: true,
  policy: true,
  undo: true,
  protect: true,
  import: true,
  'reset-practice': true,
  mode: true,
  restore: true,
  delete: true,
  export: true,
  unprotect: true,
  create: true,
};

export const isDialog = (name: string): name is Asked => name in dialogs;
