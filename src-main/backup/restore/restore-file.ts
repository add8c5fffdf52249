import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, chown, copyFile, lstat, open, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { diskFailure, isMissing, PARTIAL, publish, requireSpace, sweep } from '../disk.ts';
import type { Catalogue } from '../files/catalogue.ts';
import { looksOf } from '../files/json-file.ts';
import type { Looks, Manifest } from '../files/manifest.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Progress } from '../worker/jobs.ts';

/** Beside a protected file: what it held before it was restored. */
export const currentName = (path: string): string => `${path}.current`;

/** A name beside a file that nobody can have planted a link at. */
const besideName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.holdfast-${randomUUID()}${PARTIAL}`);

interface Restoring {
  catalogue: Catalogue;
  runJob: RunJob;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Puts a stored version in a file's place, with the permissions, owner and time that it had: unpacked
 * and checked beside it, the present file kept as `<name>.current`, one rename, then read back, hashed
 * and counted. Killed at any point, the file is the old one or the new one.
 */
export async function restoreFile(
  { catalogue, runJob, progress, signal }: Restoring,
  manifest: Manifest,
  path: string,
): Promise<{ counts: Record<string, number>; currentSha256: string | null }> {
  const present = await presentLooks(path);
  const folder = dirname(path);
  const partial = besideName(path);
  let currentSha256: string | null = null;
  try {
    await requireSpace(folder, 2 * manifest.size);
    const stored = catalogue.storedPath(manifest.id);
    const input = { stored, expected: manifest, target: partial };
    const { problem } = await runJob('unpackFile', input, progress, signal);
    if (problem !== null) {
      await catalogue.update(manifest.id, { verified: false, verifyError: problem });
      throw new Failure('REFUSED', `${manifest.id} cannot be restored. ${problem}`);
    }
    await wear(partial, present, manifest.looks);
    if (present) currentSha256 = await keepCurrent(path, present, runJob);
    progress('replacing', 0, 1);
    await publish(partial, path);
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw diskFailure(error, `restore ${path}`);
  }
  progress('reading it back', 0, 1);
  const found = await runJob('readBack', { path });
  if (found.sha256 !== manifest.contentSha256) {
    throw new Failure(
      'REFUSED',
      `${path} was changed by another program right after it was restored. Stop that program and ` +
        `restore again. The file that was there before is kept as ${currentName(path)}.`,
    );
  }
  return { counts: found.counts, currentSha256 };
}

/** Puts `<name>.current` back, if it is still what the restore kept: the undo without a backup. */
export async function putCurrentBack(path: string, sha256: string, runJob: RunJob): Promise<void> {
  const kept = currentName(path);
  try {
    const files = [{ id: kept, path: kept, sha256 }];
    const { bad } = await runJob('rehash', { files });
    if (bad.length > 0) {
      throw new Failure(
        'REFUSED',
        `${kept} is not the file that the restore kept there. Check it by hand.`,
      );
    }
    await rename(kept, path);
  } catch (error) {
    throw diskFailure(error, `put ${kept} back`);
  }
}

/** Removes what a killed restore left beside a protected file. */
export async function sweepBeside(path: string): Promise<void> {
  const start = `.${basename(path)}.holdfast-`;
  const ours = (name: string): boolean => name.startsWith(start) && name.endsWith(PARTIAL);
  await sweep(dirname(path), ours).catch(() => []);
}

async function keepCurrent(path: string, looks: Looks, runJob: RunJob): Promise<string> {
  const partial = besideName(path);
  try {
    await copyFile(path, partial, constants.COPYFILE_EXCL);
    await wear(partial, looks, looks);
    const { sha256 } = await runJob('hash', { path: partial });
    await publish(partial, currentName(path));
    return sha256;
  } finally {
    await rm(partial, { force: true });
  }
}

/**
 * Gives a file the mode and owner of the one it replaces (else of the stored one) and the stored one's
 * time, and syncs it. Another owner needs a right that we may not have.
 */
async function wear(path: string, present: Looks | null, stored: Looks | null): Promise<void> {
  const looks = present ?? stored;
  if (looks) {
    await chown(path, looks.uid, looks.gid).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    });
    await chmod(path, looks.mode & 0o7777);
  }
  if (stored) await utimes(path, stored.changedAt / 1_000, stored.changedAt / 1_000);
  const handle = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** How the present file looks, `null` when there is none. Throws REFUSED for a link or a folder. */
async function presentLooks(path: string): Promise<Looks | null> {
  try {
    const found = await lstat(path);
    if (found.isFile()) return looksOf(found);
  } catch (error) {
    if (isMissing(error)) return null;
    throw diskFailure(error, `look at ${path}`);
  }
  throw new Failure(
    'REFUSED',
    `${path} is now a link or a folder. Move it away, then restore again.`,
  );
}
