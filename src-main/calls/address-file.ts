import { execFileSync } from 'node:child_process';
import { realpathSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';

/**
 * Leaves where a running desk is, for the command line. It holds the token, so only its owner may read
 * it. Without it the desk works all the same.
 */
export function tellWhereItIs(
  dataDir: string,
  where: { pid: number; rpc: string; token: string },
  log: Log,
  keepToOwner = denyOthers,
): () => void {
  const path = join(dataDir, 'desk.json');
  const remove = (): void => rmSync(path, { force: true, recursive: true });
  try {
    remove();
    const named = { ...where, dataDir: realpathSync(dataDir) };
    writeFileSync(path, '', { mode: 0o600, flag: 'wx' });
    keepToOwner(path);
    writeFileSync(path, JSON.stringify(named));
  } catch (error) {
    log.warn('The command line will not find this running Holdfast', { why: sentenceOf(error) });
  }
  return () => {
    try {
      remove();
    } catch (error) {
      log.warn('The address of this Holdfast could not be removed', { why: sentenceOf(error) });
    }
  };
}

/** Windows knows no file modes: there the list of who may do what is cut down to its owner. */
function denyOthers(path: string): void {
  if (process.platform !== 'win32') return;
  const rights = ['/inheritance:r', '/grant:r', `${userInfo().username}:F`];
  execFileSync('icacls', [path, ...rights], { stdio: 'ignore', windowsHide: true });
}
