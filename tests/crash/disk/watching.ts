import { unlinkSync } from 'node:fs';

/** What is done to a run of a program whose file calls below `root` are watched. */
export interface Watching {
  root: string;
  /** Where each call is recorded. */
  log?: string;
  /** The call that is killed at, torn, or refused with an errno. */
  at?: { call: number; how: 'kill' | 'tear' | number };
}

/** No such file is ever made: removing it tells the shim to read its settings again. */
const ANEW = '/holdfast-disk-anew';

/** The environment in which the shim is loaded. */
export const preloading = (shim: string): NodeJS.ProcessEnv => ({
  LD_PRELOAD: shim,
  HOLDFAST_DISK_ANEW: ANEW,
  UV_USE_IO_URING: '0', // its calls would go past the shim
});

export const settingsOf = ({ root, log, at }: Partial<Watching>): NodeJS.ProcessEnv => ({
  HOLDFAST_DISK_ROOT: root ?? '',
  HOLDFAST_DISK_LOG: log ?? '',
  HOLDFAST_DISK_AT: at ? `${at.call}:${at.how}` : '',
});

/** Has the file calls of this very process watched while it works, where the shim is loaded. */
export async function watched<T>(watching: Watching, work: () => Promise<T>): Promise<T> {
  settle(watching);
  try {
    return await work();
  } finally {
    settle({});
  }
}

function settle(watching: Partial<Watching>): void {
  Object.assign(process.env, settingsOf(watching));
  unlinkSync(ANEW);
}
