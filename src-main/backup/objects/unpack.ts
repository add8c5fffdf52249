import { hash } from 'node:crypto';
import type { ObjectFolder } from './object-folder.ts';
import { BadObject } from './object-folder.ts';
import type { Extent, PartsList } from './parts-list.ts';

/** What extents hold. Throws `BadObject`. */
export function bytesOf(
  objects: ObjectFolder,
  listed: PartsList['objects'],
  extents: readonly Extent[],
): Buffer {
  const pieces = extents.map(({ object, offset, length }) => {
    const name = listed[object]?.name ?? '';
    const content = objects.read(name);
    if (offset + length > content.length) throw new BadObject(name, 'too short');
    return content.subarray(offset, offset + length);
  });
  const [first] = pieces;
  return first && pieces.length === 1 ? first : Buffer.concat(pieces);
}

export interface Proof {
  /** What is wrong with each bad object, by its name. */
  bad: Map<string, string>;
  /** A content with a chunk that is not what its hash says, although its objects are good. */
  wrong: string | null;
}

/** Puts everything on a list together again, piece by piece; `into` is given the source's own content. */
export function proveParts(
  objects: ObjectFolder,
  { objects: listed, contents }: PartsList,
  {
    into,
    progress,
  }: {
    into?: (bytes: Buffer) => void;
    progress?: (done: number, total: number) => void;
  } = {},
): Proof {
  const proof: Proof = { bad: new Map(), wrong: null };
  const total = contents.reduce((sum, { chunks }) => sum + chunks.length, 0);
  let done = 0;
  for (const { name, chunks } of contents) {
    for (const { sha256, extents } of chunks) {
      try {
        const bytes = bytesOf(objects, listed, extents);
        if (!isNamed(sha256, bytes, extents, listed)) proof.wrong ??= name || 'content';
        if (name === '') into?.(bytes);
      } catch (error) {
        if (!(error instanceof BadObject)) throw error;
        proof.bad.set(error.object, error.message);
      }
      progress?.(++done, total);
    }
  }
  return proof;
}

/** Whether a chunk is what it should be. One that is a whole object was proved with that. */
function isNamed(
  sha256: string,
  bytes: Buffer,
  [first]: readonly Extent[],
  listed: PartsList['objects'],
): boolean {
  const whole = first?.offset === 0 && listed[first.object]?.name === sha256;
  return (whole && first.length === bytes.length) || hash('sha256', bytes, 'hex') === sha256;
}

/** A proof in words, `null` when all is well. */
export function problemOf({ bad, wrong }: Proof): string | null {
  const [first, ...more] = bad.values();
  if (first !== undefined) {
    return more.length === 0 ? first : `${first} ${more.length} more of its parts are bad.`;
  }
  return wrong === null ? null : `Its parts do not make what they should: the ${wrong} differs.`;
}
