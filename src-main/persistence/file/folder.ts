import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './trouble.ts';

/**
 * Makes a folder that only its owner may enter, and those above it; false when it was there. Node's own
 * recursive way never returns where a file system answers that the path is not there (/proc).
 */
export function makeFolder(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && statSync(path).isDirectory()) return false;
    if (codeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
  }
  mkdirSync(path, { mode: 0o700 });
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
