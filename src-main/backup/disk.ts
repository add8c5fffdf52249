import { constants, statSync } from 'node:fs';
import { access, lstat, open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure, sentenceOf } from '../domain/failure.ts';
import { syncAside } from '../persistence/file/folder.ts';

/** Ending of everything that is not finished; what is left of it after a crash is swept. */
export const PARTIAL = '.partial';

/** For opening to read: not through a link, and not waiting for whoever writes to a pipe. */
export const PLAINLY =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** For writing a file of ours: not through a link that was planted. */
export const FRESH =
  constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

export const isMissing = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';

/** Turns a disk's refusal into a sentence; `doing` completes "Could not ...". */
export function diskFailure(error: unknown, doing: string): Failure {
  if (error instanceof Failure) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
  const because = { cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') {
    return new Failure(
      'DISK_FULL',
      `Could not ${doing}: the disk is full. Free some space.`,
      because,
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'SQLITE_READONLY') {
    return new Failure(
      'DATA_FOLDER',
      `Could not ${doing}: permission denied. Check the permissions of the folder.`,
      because,
    );
  }
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'SQLITE_CANTOPEN') {
    return new Failure(
      'DATA_FOLDER',
      `Could not ${doing}: the file or folder is missing. Check the path and that its disk is connected.`,
      because,
    );
  }
  if (code === 'EISDIR' || code === 'EEXIST') {
    const text = `Could not ${doing}: a file or folder of that name already exists there.`;
    return new Failure('DATA_FOLDER', text, because);
  }
  if (code.startsWith('SQLITE_IOERR') || code === 'EIO') {
    const text = `Could not ${doing}: the disk refused. It is full or failing: free some space and check the disk.`;
    return new Failure('DISK_FULL', text, because);
  }
  return new Failure('UNEXPECTED', `Could not ${doing}: ${sentenceOf(error)}`, because);
}

export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames and makes that durable. */
export async function publish(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncAside(dirname(to));
}

/** Writes a whole file so that a crash leaves the old one or the new one. */
export async function writeDurably(path: string, content: string | Buffer): Promise<void> {
  const partial = `${path}${PARTIAL}`;
  await writeSynced(partial, content);
  await publish(partial, path);
}

export async function writeSynced(path: string, content: string | Buffer): Promise<void> {
  const handle = await open(path, FRESH, 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Most that a small file of ours may hold, bytes. */
const SMALL = 1_000_000;

/** The text of a small file, `null` when there is none. Throws for what is no plain file. */
export async function readIfThere(path: string): Promise<string | null> {
  return (await readPlain(path, SMALL))?.toString() ?? null;
}

/**
 * What a file of at most `most` bytes holds, `null` when there is none. Throws for what is no plain file:
 * it is opened neither through a link nor waiting for whoever writes to a pipe.
 */
export async function readPlain(path: string, most: number): Promise<Buffer | null> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, PLAINLY);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Failure('REFUSED', `${path} is not a regular file.`);
    if (found.size > most)
      throw new Failure('REFUSED', `${path} is too large to be a file of Holdfast’s.`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Whether there is anything of that name. Throws where that cannot be told. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export async function sizeOf(path: string): Promise<number> {
  return (await stat(path)).size;
}

/** Throws unless the folder may be written and its disk has `needed` bytes to spare. */
export async function requireSpace(folder: string, needed: number): Promise<void> {
  await access(folder, constants.W_OK).catch((error: unknown) => {
    throw diskFailure(error, `write to ${folder}`);
  });
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  const amount = (bytes: number): string =>
    bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${Math.ceil(bytes / 1e6)} MB`;
  throw new Failure(
    'DISK_FULL',
    `There is not enough free space for a backup: ${amount(free)} are free, but ${amount(needed)} are ` +
      'needed. Free some space, or move the backups to another disk.',
  );
}

/** Removes the files in `folder` whose names `unfinished` knows as ours. Returns their names. */
export async function sweep(
  folder: string,
  unfinished: (name: string) => boolean,
): Promise<string[]> {
  const names = (await readdir(folder)).filter(unfinished);
  for (const name of names) await rm(join(folder, name), { force: true });
  return names;
}

/** Changes whenever anything is written to a database. */
export function fingerprintOf(path: string): string {
  return [path, `${path}-wal`]
    .map((file) => {
      const found = statSync(file, { throwIfNoEntry: false });
      return found ? `${found.size}:${found.mtimeMs}` : '-';
    })
    .join(' ');
}
