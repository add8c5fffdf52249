import { hash } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { FRESH, isMissing } from '../disk.ts';
import type { Packed } from '../files/stored.ts';
import { partsAt } from '../files/stored.ts';
import { isObject, objectsIn, openObjects } from '../objects/object-folder.ts';
import type { PartsList } from '../objects/parts-list.ts';
import { writeParts } from '../objects/parts-list.ts';
import type { Readable } from '../objects/seal.ts';
import { sealContents } from '../objects/seal.ts';
import { problemOf, proveParts } from '../objects/unpack.ts';
import type { Progress, Upon } from './jobs.ts';

/** How often bad older objects are stored anew before it is given up. */
const TRIES = 3;

/** A file to be sealed along with its source, under the name it has in the data folder. */
export interface Beside {
  name: string;
  from: Readable;
}

/**
 * Stores what is new of `own` (and what belongs to it) in the vault that `target` lies in, writes the list
 * of parts there, synced, and reads everything back. An older object that turns out bad is stored again,
 * which mends the backups that need it too.
 */
export function sealInto(
  target: string,
  own: Readable,
  { installId, previous }: Upon,
  progress: Progress,
  beside: readonly Beside[] = [],
): Packed {
  // What is found of this after a crash tells that there may be objects without a backup.
  writeSynced(target, Buffer.alloc(0));
  const folder = objectsIn(dirname(target), installId);
  const older = previous ? listOf(previous) : null;
  const contents = [{ name: '', from: own }, ...beside];
  const avoid = new Set<string>();
  let newSize = 0;
  for (let tries = 1; ; tries++) {
    const there = new Set(namesIn(folder));
    const made = sealContents(
      contents,
      { objects: openObjects(folder), previous: older, there, avoid },
      (done, total) => progress('packing', done, total),
    );
    newSize += made.newSize;
    const list = writeParts(made.parts);
    writeSynced(target, list);
    const proof = prove(target, folder, progress);
    const problem = problemOf(proof);
    if (problem === null) {
      const objects = made.parts.objects.reduce((sum, { storedSize }) => sum + storedSize, 0);
      return {
        formatVersion: 2,
        installId,
        size: own.size,
        contentSha256: made.parts.contents[0]?.sha256 ?? '',
        storedSize: objects + list.length,
        newSize: newSize + list.length,
        listSize: list.length,
        sha256: hash('sha256', list, 'hex'),
      };
    }
    const worse = [...proof.bad.keys()].filter((name) => !avoid.has(name));
    if (worse.length === 0 || tries === TRIES) throw new Failure('REFUSED', problem);
    for (const name of worse) avoid.add(name);
  }
}

function prove(target: string, folder: string, progress: Progress) {
  const parts = partsAt(target);
  if (!parts)
    throw new Failure('REFUSED', 'What was written cannot be read back: the disk is failing.');
  return proveParts(openObjects(folder), parts, {
    progress: (done, total) => progress('reading it back', done, total),
  });
}

/** The list of the version before, `null` where it cannot be built upon. */
export function listOf({ stored, sha256 }: { stored: string; sha256: string }): PartsList | null {
  try {
    return hash('sha256', readFileSync(stored), 'hex') === sha256 ? partsAt(stored) : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isObject);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function writeSynced(path: string, content: Buffer): void {
  const file = openSync(path, FRESH, 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

export const inMemory = (content: Buffer, sha256?: string): Readable => ({
  size: content.length,
  ...(sha256 !== undefined && { sha256 }),
  read: (at, length) => content.subarray(at, at + length),
});

/** A file that stays as it is meanwhile. To be closed. */
export function openReadable(path: string): Readable & { close(): void } {
  const file = openSync(path, 'r');
  // One for all: megabytes a chunk, thrown away until the collector comes, would keep the program's memory up.
  let into = Buffer.alloc(0);
  return {
    size: statSync(path).size,
    read(at, length) {
      if (into.length < length) into = Buffer.allocUnsafe(length);
      let done = 0;
      while (done < length) {
        const read = readSync(file, into, done, length - done, at + done);
        if (read === 0) break;
        done += read;
      }
      return into.subarray(0, done);
    },
    close: () => closeSync(file),
  };
}
