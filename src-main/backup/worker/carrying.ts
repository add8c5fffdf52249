import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { diskFailure } from '../disk.ts';
import type { Packed } from '../files/stored.ts';
import { changedOutside, partsAt } from '../files/stored.ts';
import { BadObject, objectsIn, openObjects } from '../objects/object-folder.ts';
import type { Progress } from './jobs.ts';
import { namesIn } from './sealing.ts';

export const MISWRITTEN =
  'What was written cannot be read back unchanged: the disk is failing. Replace it soon.';

/** Copies a backup's stored file to `to` and its objects beside that; says what is wrong with it, if anything. */
export async function copyStored(
  from: string,
  to: string,
  expected: Packed,
  installId: string,
  progress: Progress,
): Promise<string | null> {
  const problem = await changedOutside(from, expected);
  if (problem !== null) return problem;
  if (expected.formatVersion === 2) {
    const missing = copyObjects(from, to, expected, installId, progress);
    if (missing !== null) return missing;
  }
  await copyFile(from, to, progress);
  return (await changedOutside(to, expected)) === null ? null : MISWRITTEN;
}

/** Each is read back where it goes; one that is bad there is replaced. */
function copyObjects(
  from: string,
  to: string,
  { installId: maker }: Packed,
  installId: string,
  progress: Progress,
): string | null {
  const parts = partsAt(from);
  if (!parts) return 'It is not a Holdfast backup: it cannot be unpacked.';
  const source = openObjects(objectsIn(dirname(from), maker));
  const target = openObjects(objectsIn(dirname(to), installId));
  const there = new Set(namesIn(target.folder));
  for (const [index, { name }] of parts.objects.entries()) {
    progress('copying', index, parts.objects.length);
    try {
      if (there.has(name) && isGood(target.readStored, name)) continue;
      target.writeStored(name, source.readStored(name));
    } catch (error) {
      if (error instanceof BadObject) return error.message;
      throw error;
    }
    if (!isGood(target.readStored, name)) return MISWRITTEN;
  }
  target.sync();
  return null;
}

function isGood(read: (name: string) => Buffer, name: string): boolean {
  try {
    read(name);
    return true;
  } catch (error) {
    if (error instanceof BadObject) return false;
    throw error;
  }
}

async function copyFile(from: string, to: string, progress: Progress): Promise<void> {
  const { size } = await stat(from);
  let done = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      progress('copying', done, size);
      next(null, chunk);
    },
  });
  await pipeline(
    createReadStream(from, { highWaterMark: 1 << 20 }),
    count,
    createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true }),
  );
}

/** Reads the stored bytes of backups, an object that several need once. */
export async function proveStored(
  backups: readonly { id: string; stored: string; expected: Packed }[],
  progress: Progress,
): Promise<{ bad: { id: string; why: string }[]; unread: { id: string; why: string }[] }> {
  const bad: { id: string; why: string }[] = [];
  const unread: { id: string; why: string }[] = [];
  const known = new Map<string, string | null>();
  for (const [index, { id, stored, expected }] of backups.entries()) {
    progress('checking the others', index, backups.length);
    try {
      const why = (await changedOutside(stored, expected)) ?? badObject(stored, expected, known);
      if (why !== null) bad.push({ id, why });
    } catch (error) {
      unread.push({ id, why: diskFailure(error, `read ${stored}`).message });
    }
  }
  return { bad, unread };
}

function badObject(
  stored: string,
  { formatVersion, installId }: Packed,
  known: Map<string, string | null>,
): string | null {
  if (formatVersion === 1) return null;
  const parts = partsAt(stored);
  if (!parts) return 'It is not a Holdfast backup: it cannot be unpacked.';
  const objects = openObjects(objectsIn(dirname(stored), installId));
  for (const { name } of parts.objects) {
    let why = known.get(name);
    if (why === undefined) {
      why = null;
      try {
        objects.readStored(name);
      } catch (error) {
        if (!(error instanceof BadObject)) throw error;
        why = error.message;
      }
      known.set(name, why);
    }
    if (why !== null) return why;
  }
  return null;
}
