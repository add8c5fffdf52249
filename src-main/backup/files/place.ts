import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { readIfThere, writeDurably } from './disk.ts';

/** Where the vault of a data folder lies. */
export const vaultFolder = (dataDir: string): string => join(dataDir, 'backups');

/** Which installation this data folder is: made once, so that backups are told apart from others'. */
export async function installIdOf(dataDir: string): Promise<string> {
  const path = join(dataDir, 'install-id');
  const known = (await readIfThere(path))?.trim();
  if (known) return known;
  const made = randomUUID();
  await writeDurably(path, `${made}\n`);
  return made;
}
