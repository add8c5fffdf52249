import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Log } from '../../domain/log.ts';

/** The system's word that a file changed; where it gives none, the poll is enough. */
export function hintOf(path: string, changed: () => void, log: Log): () => void {
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path)) changed();
    });
    watcher.on('error', () => watcher.close());
    return () => watcher.close();
  } catch (error) {
    log.info('a protected file is checked at intervals, because its folder cannot be watched', {
      path,
      error: String(error),
    });
    return () => {};
  }
}
