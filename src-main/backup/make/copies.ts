import { rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { makeFolder } from '../../persistence/file/folder.ts';
import {
  diskFailure,
  isThere,
  PARTIAL,
  publish,
  readIfThere,
  requireSpace,
  writeDurably,
} from '../disk.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { Manifest } from '../files/manifest.ts';
import { isBackupId, manifestName, readManifest, storedName } from '../files/manifest.ts';
import type { RunJob } from '../worker/job-runner.ts';

/** Copies a backup and its manifest to another folder, proved there. Returns the copy's path. */
export async function exportTo(
  runJob: RunJob,
  catalogue: Catalogue,
  id: string,
  folder: string,
): Promise<string> {
  const { manifest, usable } = catalogue.get(id);
  if (!usable) {
    throw new Failure('REFUSED', `${id} is not exported. ${manifest.verifyError ?? ''}`);
  }
  const to = join(folder, storedName(manifest.id));
  if (!isAbsolute(folder)) throw new Failure('BAD_INPUT', 'Give the full path of the folder.');
  if (await isThere(to))
    throw new Failure('REFUSED', `${to} already exists and was left unchanged.`);
  try {
    makeFolder(folder);
    await requireSpace(folder, manifest.storedSize);
    await copyProved(runJob, catalogue.storedPath(manifest.id), to, manifest);
    await writeDurably(join(folder, manifestName(manifest.id)), JSON.stringify(manifest, null, 2));
  } catch (error) {
    throw diskFailure(error, `export to ${folder}`);
  }
  return to;
}

async function copyProved(
  runJob: RunJob,
  from: string,
  to: string,
  expected: Manifest,
): Promise<void> {
  const partial = `${to}${PARTIAL}`;
  try {
    const { problem } = await runJob('copy', {
      from,
      to: partial,
      expected,
      installId: expected.installId,
    });
    if (problem !== null) throw new Failure('REFUSED', problem);
    await publish(partial, to);
  } finally {
    await rm(partial, { force: true });
  }
}

/** Copies a backup into another vault, as its `manifest` is to say there; `expected` is what it is now. */
export async function copyInto(
  runJob: RunJob,
  second: Catalogue,
  from: string,
  manifest: Manifest,
  expected: Manifest = manifest,
): Promise<void> {
  await second.refresh();
  await second.requireSpace(manifest.newSize ?? manifest.storedSize);
  const to = second.partialPath(manifest.id, 'backup');
  try {
    const { problem } = await runJob('copy', { from, to, expected, installId: manifest.installId });
    if (problem !== null) throw new Failure('REFUSED', problem);
    await second.publish(manifest);
  } catch (error) {
    await second.discard(manifest.id).catch(() => {});
    throw diskFailure(error, `copy the backup to ${second.folder}`);
  }
}

/**
 * Takes a backup from outside into the vault: checked whole before anything is copied. It becomes a
 * manual one of this installation, so nothing rotates it.
 */
export async function importFrom(
  runJob: RunJob,
  catalogue: Catalogue,
  file: string,
  installId: string,
): Promise<Manifest> {
  const id = basename(file).replace(/\.(backup|json)$/, '');
  const refuse = (why: string): Failure =>
    new Failure('REFUSED', `${file} cannot be imported. ${why}`);
  if (!isAbsolute(file)) throw new Failure('BAD_INPUT', 'Give the full path of the backup.');
  if (!isBackupId(id)) throw refuse('Its name is not that of a Holdfast backup.');
  const stored = join(dirname(file), storedName(id));
  const text = await readIfThere(join(dirname(file), manifestName(id))).catch(() => null);
  if (text === null) throw refuse(`Its manifest ${manifestName(id)} must be in the same folder.`);
  const result = readManifest(id, text);
  if ('unusable' in result) throw refuse(result.unusable);
  const { manifest } = result;
  await catalogue.refresh();
  await catalogue.requireSpace(2 * manifest.size);
  const scratch = catalogue.partialPath(id, 'db');
  const look = { stored, expected: manifest, scratch, compareWith: null };
  const { problem } = await runJob('look', look);
  if (problem !== null) throw refuse(problem);
  const imported: Manifest = {
    ...manifest,
    id: catalogue.newId(manifest.source, manifest.madeAt),
    class: 'manual',
    reason: `imported (${manifest.reason})`,
    installId,
    sequence: manifest.installId === installId ? manifest.sequence : 0,
    pinned: false,
    verified: true,
    verifyError: null,
  };
  await copyInto(runJob, catalogue, stored, imported, manifest);
  return imported;
}
