import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from './trouble.ts';

/**
 * Makes a folder that only its owner may enter, and those above it; false when it was there. Node's own
 * recursive way never returns where a file system answers that the path is not there (/proc).
 */
export function makeFolder(path: string): boolean {
  try {
    make(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(path).isDirectory()) return false;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
  }
  make(path);
  return true;
}

/** Takes what others may do with a file or folder away; where it is not ours to say, it stays. */
export function keepToOwner(path: string, mode: number): void {
  try {
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, mode);
  } catch (error) {
    if (!['EPERM', 'EROFS', 'EACCES', 'ENOENT'].includes(codeOf(error))) throw error;
  }
}

/** A folder whose name could be lost with the power would take everything in it along. */
function make(path: string): void {
  mkdirSync(path, { mode: 0o700 });
  try {
    syncFile(dirname(path));
  } catch (error) {
    // A folder above that we may not read is not ours to sync.
    if (codeOf(error) !== 'EACCES') throw error;
  }
}

/** Makes a file or a folder's names durable, aside: the event loop does not wait for the disk. */
export async function syncAside(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (process.platform !== 'win32') throw error; // folders cannot be synced there
  } finally {
    await handle.close();
  }
}

/** The same while nothing else may go on: at a start, and in threads. */
export function syncFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } catch (error) {
    if (process.platform !== 'win32') throw error; // folders cannot be synced there
  } finally {
    closeSync(file);
  }
}
