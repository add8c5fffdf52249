import { copyFile, lstat, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import type { Catalogue } from '../files/catalogue.ts';
import { diskFailure, isMissing, PARTIAL, publish, requireSpace, syncFile } from '../files/disk.ts';
import type { Manifest } from '../files/manifest.ts';
import type { RunJob } from '../worker/job-runner.ts';
import type { Progress } from '../worker/jobs.ts';

/** Beside a protected file: what it held before it was restored. */
export const currentName = (path: string): string => `${path}.current`;

interface Restoring {
  catalogue: Catalogue;
  runJob: RunJob;
  progress: Progress;
  signal: AbortSignal;
}

/**
 * Puts a stored version in a protected file's place: unpacked and checked beside it, the present
 * file kept as `<name>.current`, one rename, then read back, hashed and counted. Killed at any
 * point, the file is the old one or the new one.
 */
export async function restoreFile(
  { catalogue, runJob, progress, signal }: Restoring,
  manifest: Manifest,
  path: string,
): Promise<{ counts: Record<string, number> }> {
  const mode = await modeOf(path);
  const folder = dirname(path);
  const partial = join(folder, `.${basename(path)}.holdfast${PARTIAL}`);
  try {
    await requireSpace(folder, 2 * manifest.size);
    const stored = catalogue.storedPath(manifest.id);
    const input = { stored, expected: manifest, target: partial };
    const { problem } = await runJob('unpackFile', input, progress, signal);
    if (problem !== null) {
      await catalogue.update(manifest.id, { verified: false, verifyError: problem });
      throw new Failure('REFUSED', `${manifest.id} cannot be restored. ${problem}`);
    }
    if (mode !== null) await keepCurrent(path);
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
  return { counts: found.counts };
}

/** Puts `<name>.current` back: the undo for a file whose content was not worth a backup. */
export async function putCurrentBack(path: string): Promise<void> {
  try {
    await rename(currentName(path), path);
  } catch (error) {
    throw diskFailure(error, `put ${currentName(path)} back`);
  }
}

async function keepCurrent(path: string): Promise<void> {
  const partial = `${currentName(path)}${PARTIAL}`;
  await copyFile(path, partial);
  await syncFile(partial);
  await publish(partial, currentName(path));
}

/** The present file's permissions, `null` when there is none. Throws REFUSED for a link or a folder. */
async function modeOf(path: string): Promise<number | null> {
  try {
    const found = await lstat(path);
    if (found.isFile()) return (await stat(path)).mode;
  } catch (error) {
    if (isMissing(error)) return null;
    throw diskFailure(error, `look at ${path}`);
  }
  throw new Failure(
    'REFUSED',
    `${path} is now a link or a folder. Move it away, then restore again.`,
  );
}
