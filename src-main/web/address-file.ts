import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';

/**
 * Leaves where a running desk is, for the command line. It holds the token, so only its owner may read
 * it. Without it the desk works all the same.
 */
export function tellWhereItIs(dataDir: string, where: object, log: Log): () => void {
  const path = join(dataDir, 'desk.json');
  try {
    rmSync(path, { force: true });
    const named = { ...where, dataDir: realpathSync(dataDir) };
    writeFileSync(path, JSON.stringify(named), { mode: 0o600 });
  } catch (error) {
    log.warn('The command line will not find this running Holdfast', { why: sentenceOf(error) });
  }
  return () => {
    try {
      rmSync(path, { force: true, recursive: true });
    } catch (error) {
      log.warn('The address of this Holdfast could not be removed', { why: sentenceOf(error) });
    }
  };
}
