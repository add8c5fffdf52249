import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../../../../shared');

/**
 * Path of a file or folder of the shared material (recordings, tapes, journals), which lies beside
 * the checkout and may be absent: `null` then, and the test says what it skipped.
 */
export function sharedPath(...parts: string[]): string | null {
  const path = resolve(root, ...parts);
  return existsSync(path) ? path : null;
}
