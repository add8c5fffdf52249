import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { databasePath } from '../../persistence/file/database.ts';
import { readIfThere, writeDurably } from '../disk.ts';

/** Where the vault of a data folder lies. */
export const vaultFolder = (dataDir: string): string => join(dataDir, 'backups');

/** Whether a folder has ever been the data folder of a Holdfast. */
export const isDataFolder = (dataDir: string): boolean =>
  [databasePath(dataDir), vaultFolder(dataDir), pathIn(dataDir)].some((path) => existsSync(path));

/** Which installation a data folder is, so that its backups are told apart from others'. */
export interface Install {
  installId: string;
  /** Whose copy it is, and theirs: what they made before is in its vault, and its own there. */
  formerly: string[];
}

const savedSchema = z.object({
  installId: z.string().min(1),
  formerly: z.array(z.string()),
  /** Machine and folder, by which a copy is known. */
  place: z.string(),
});

const pathIn = (dataDir: string): string => join(dataDir, 'install-id');

/** What the first version saved: the id alone. Where that folder lay then is not known. */
const bareId = z.uuid().transform((installId) => ({ installId, formerly: [], place: null }));

/** What is saved; changes nothing. `null` when there is nothing that can be read. */
export async function readInstall(
  dataDir: string,
): Promise<(Install & { place: string | null }) | null> {
  const text = await readIfThere(pathIn(dataDir)).catch(() => null);
  try {
    if (text === null) return null;
    const bare = bareId.safeParse(text.trim());
    return bare.success ? bare.data : savedSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/**
 * The installation, made when there is none. A folder that was copied becomes one of its own: two of
 * them may share a second folder, and each deletes only what it made itself.
 */
export async function installOf(dataDir: string): Promise<Install> {
  const place = `${hostname()} ${await realpath(dataDir)}`;
  const known = await readInstall(dataDir);
  if (known?.place === place) return known;
  const copied = known !== null && known.place !== null;
  const made = {
    installId: known && !copied ? known.installId : randomUUID(),
    formerly: copied ? [known.installId, ...known.formerly] : [],
    place,
  };
  await writeDurably(pathIn(dataDir), JSON.stringify(made));
  return made;
}
