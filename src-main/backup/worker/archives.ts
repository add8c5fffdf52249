import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sentenceOf } from '../../domain/failure.ts';
import { makeFolder, syncAside } from '../../persistence/file/folder.ts';
import { verified } from '../../persistence/upkeep/archive-file.ts';
import { isMissing, PARTIAL, writeSynced } from '../disk.ts';
import { hashFile, partsAt } from '../files/stored.ts';
import { BadObject, objectsIn, openObjects } from '../objects/object-folder.ts';
import type { PartsList } from '../objects/parts-list.ts';
import { bytesOf } from '../objects/unpack.ts';
import type { Upon } from './jobs.ts';
import type { Beside } from './sealing.ts';
import { inMemory, listOf, openReadable } from './sealing.ts';

/** Where the archives of old rows lie in a data folder, and how one is named in a backup. */
const FOLDER = 'archives';
const NAME = /^archives\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,150}\.jsonl\.zst$/;

const namesIn = (dataDir: string): string[] => {
  try {
    return readdirSync(join(dataDir, FOLDER))
      .map((name) => `${FOLDER}/${name}`)
      .filter((name) => NAME.test(name) && statSync(join(dataDir, name)).isFile());
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

export interface Archives {
  beside: Beside[];
  /** What is wrong with archives as they lie there, as sentences. */
  troubles: string[];
  close(): void;
}

/**
 * The archives of a data folder, to be kept with its database: read after it was copied, so that rows that
 * move meanwhile are in one of the two. Of an archive that is gone or damaged the version before stays.
 */
export async function archivesOf(dataDir: string, vault: string, upon: Upon): Promise<Archives> {
  const previous = upon.previous && listOf(upon.previous);
  const objects = openObjects(objectsIn(vault, upon.installId));
  const open: { close(): void }[] = [];
  const troubles: string[] = [];
  const beside: Beside[] = [];
  const known = new Map(previous?.contents.map((content) => [content.name, content]));
  const there = namesIn(dataDir);
  for (const name of new Set([...there, ...known.keys()].filter((one) => NAME.test(one)))) {
    const path = join(dataDir, name);
    const before = known.get(name);
    const problem = there.includes(name) ? await damageIn(path, before?.sha256) : 'It is missing.';
    if (problem === null) {
      const from = openReadable(path);
      open.push(from);
      beside.push({ name, from });
      continue;
    }
    const kept = before && previous && contentOf(objects, previous, name);
    if (kept) beside.push({ name, from: inMemory(kept) });
    const last = kept ? 'The backups keep the last good version.' : 'No backup has it.';
    troubles.push(`The archive ${path} is not as it was written. ${problem} ${last}`);
  }
  const close = (): void => {
    for (const one of open) one.close();
  };
  return { beside, troubles, close };
}

/** What is wrong with an archive, `null` when nothing is, or when it is what was kept before. */
async function damageIn(path: string, known: string | undefined): Promise<string | null> {
  if (known !== undefined && (await hashFile(path)) === known) return null;
  try {
    await verified(path, 0);
    return null;
  } catch (error) {
    return sentenceOf(error);
  }
}

function contentOf(
  objects: ReturnType<typeof openObjects>,
  parts: PartsList,
  name: string,
): Buffer | null {
  const content = parts.contents.find((one) => one.name === name);
  try {
    const extents = content?.chunks.flatMap((chunk) => chunk.extents);
    return extents ? bytesOf(objects, parts.objects, extents) : null;
  } catch (error) {
    if (error instanceof BadObject) return null;
    throw error;
  }
}

/**
 * Brings back the archives that a backup has and the data folder has no more, or not whole. None is
 * replaced by an older one: an archive only ever grows. Returns what could not be brought back.
 */
export async function restoreArchives(
  stored: string,
  installId: string,
  dataDir: string,
): Promise<string[]> {
  const parts = partsAt(stored);
  const objects = openObjects(objectsIn(dirname(stored), installId));
  const lost: string[] = [];
  for (const { name, sha256 } of parts?.contents ?? []) {
    if (!parts || !NAME.test(name)) continue;
    const path = join(dataDir, name);
    if (existsSync(path) && (await hashFile(path)) === sha256) continue;
    const kept = contentOf(objects, parts, name);
    if (!kept) {
      lost.push(name);
      continue;
    }
    makeFolder(dirname(path));
    const partial = `${path}.restored${PARTIAL}`;
    try {
      await writeSynced(partial, kept);
      const place = await placeFor(path, partial);
      if (place !== null) await rename(partial, place);
    } finally {
      await rm(partial, { force: true });
    }
    await syncAside(dirname(path));
  }
  return lost;
}

/** Where an archive that was kept goes; `null` when all of it is there already. */
async function placeFor(path: string, kept: string): Promise<string | null> {
  if (!existsSync(path)) return path;
  const then = await verified(kept, 0);
  try {
    const now = await verified(path, 0);
    if ([...then.keys].every((key) => now.keys.has(key))) return null;
    return path.replace(/\.jsonl\.zst$/, `.restored-${randomUUID().slice(0, 8)}.jsonl.zst`);
  } catch {
    renameSync(path, `${path}.damaged-${randomUUID().slice(0, 8)}`);
    return path;
  }
}
