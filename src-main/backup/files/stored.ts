import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fsyncSync,
  openSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { diskFailure } from '../disk.ts';
import { objectsIn, openObjects } from '../objects/object-folder.ts';
import type { PartsList } from '../objects/parts-list.ts';
import { readParts } from '../objects/parts-list.ts';
import { problemOf, proveParts } from '../objects/unpack.ts';
import type { Manifest } from './manifest.ts';

/** What tells a stored backup from any other: its outside hashed, and its inside. */
export type Packed = Pick<
  Manifest,
  | 'formatVersion'
  | 'installId'
  | 'size'
  | 'storedSize'
  | 'newSize'
  | 'listSize'
  | 'sha256'
  | 'contentSha256'
>;

/** Counts and hashes what flows through, and stops what is more than `most` bytes. */
function meter(most = Number.POSITIVE_INFINITY): {
  through: Transform;
  size: () => number;
  sha256: () => string;
} {
  const digest = createHash('sha256');
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      digest.update(chunk);
      size += chunk.length;
      if (size > most) done(new TooMuch());
      else done(null, chunk);
    },
  });
  return { through, size: () => size, sha256: () => digest.digest('hex') };
}

/**
 * Reads a stored backup whole, holding it against its manifest from the outside in, and writes its
 * content to the new file `target`, synced. With `everything`, what is kept along with the source is proved
 * too. It is streamed, so that what claims to be large costs no memory. Returns what is wrong with the backup, `null` when nothing is; a disk that
 * refuses throws, as it says nothing about the backup.
 */
export async function unpackStored(
  path: string,
  expected: Packed,
  target: string,
  depth: 'everything' | 'source',
): Promise<string | null> {
  const changed = await changedOutside(path, expected);
  if (changed !== null) return changed;
  try {
    if (expected.formatVersion === 2) return unpackParts(path, expected, target, depth);
    const content = meter(expected.size);
    const sink = createWriteStream(target, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 20 }),
      createZstdDecompress({ chunkSize: 1 << 20 }),
      content.through,
      sink,
    );
    const same = content.size() === expected.size && content.sha256() === expected.contentSha256;
    return same ? null : 'Its content differs from its manifest.';
  } catch (error) {
    if (error instanceof TooMuch) return 'It contains more than its manifest says.';
    if (/^Z(STD)?_/.test(String((error as NodeJS.ErrnoException).code))) {
      return 'It is not a Holdfast backup: it cannot be unpacked.';
    }
    throw diskFailure(error, 'unpack the backup');
  }
}

class TooMuch extends Error {}

/** What a stored file shows without being unpacked; a disk that refuses throws. */
export async function changedOutside(path: string, expected: Packed): Promise<string | null> {
  const strange = await strangeFile(path, expected.listSize ?? expected.storedSize);
  if (strange !== null) return strange;
  const same = (await hashFile(path)) === expected.sha256;
  return same ? null : 'It has been changed or damaged since it was made: its checksum differs.';
}

/** The list of parts in a stored file; `null` when it is none, or a damaged one. */
export const partsAt = (path: string): PartsList | null => readParts(readFileSync(path));

function unpackParts(
  path: string,
  expected: Packed,
  target: string,
  depth: 'everything' | 'source',
): string | null {
  const parts = partsAt(path);
  const own = parts?.contents.find(({ name }) => name === '');
  if (!parts || !own) return 'It is not a Holdfast backup: it cannot be unpacked.';
  const size = own.chunks.reduce((sum, { length }) => sum + length, 0);
  if (size !== expected.size || own.sha256 !== expected.contentSha256) {
    return 'Its content differs from its manifest.';
  }
  const wanted = depth === 'everything' ? parts : { ...parts, contents: [own] };
  const objects = openObjects(objectsIn(dirname(path), expected.installId));
  const file = openSync(target, 'wx', 0o600);
  try {
    const proof = proveParts(objects, wanted, { into: (bytes) => writeFileSync(file, bytes) });
    fsyncSync(file);
    return problemOf(proof);
  } finally {
    closeSync(file);
  }
}

async function strangeFile(path: string, storedSize: number): Promise<string | null> {
  let found: Awaited<ReturnType<typeof lstat>>;
  try {
    found = await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'Its file is missing.';
    throw diskFailure(error, 'read the backup');
  }
  if (!found.isFile()) return 'Its file was replaced by a link or a folder.';
  if (found.size === 0) return 'Its file is empty (0 bytes).';
  if (found.size < storedSize) {
    return `Its file is cut short: ${found.size} of ${storedSize} bytes.`;
  }
  if (found.size > storedSize) {
    return `Its file is longer than when it was made: ${found.size} instead of ${storedSize} bytes.`;
  }
  return null;
}

/** SHA-256 of a file of any size, as hex. */
export async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    digest.update(chunk as Buffer);
  }
  return digest.digest('hex');
}
