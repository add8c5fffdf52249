import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';

/** `length` bytes of an object, from `offset`. `object` is its place in the list of objects. */
export interface Extent {
  object: number;
  offset: number;
  length: number;
}

/** A stretch of a content and where its bytes lie. */
export interface Chunk {
  sha256: string;
  length: number;
  extents: Extent[];
}

/** One file that a backup holds. */
export interface Content {
  /** `''` for the source itself, else where the file goes in the data folder. */
  name: string;
  sha256: string;
  chunks: Chunk[];
}

/** What the stored file of a backup says: which stretches of which objects make its contents. */
export interface PartsList {
  /** Each with its size as stored, bytes. */
  objects: { name: string; storedSize: number }[];
  contents: Content[];
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const amount = z.number().int().nonnegative();
/** A chunk's hash (`null`: it is that of its one object), then object, offset and length of each extent. */
const storedChunk = z.tuple([hash.nullable()], amount);
const stored = z.strictObject({
  objects: z.array(z.tuple([hash, amount])),
  contents: z.array(
    z.strictObject({ name: z.string(), sha256: hash, chunks: z.array(storedChunk) }),
  ),
});

/** In front of every list, so that one is known without its manifest. */
const MARK = Buffer.from('Hfst parts 1\n');
/** Most that a list holds unpacked, bytes: that of a backup of some 100 GB. */
const MOST = 64 * 1024 * 1024;

export const isPartsList = (file: Buffer): boolean => file.subarray(0, MARK.length).equals(MARK);

export function writeParts({ objects, contents }: PartsList): Buffer {
  const text = JSON.stringify({
    objects: objects.map(({ name, storedSize }) => [name, storedSize]),
    contents: contents.map(({ name, sha256, chunks }) => ({
      name,
      sha256,
      chunks: chunks.map((chunk) => [
        isWhole(chunk, objects) ? null : chunk.sha256,
        ...chunk.extents.flatMap(({ object, offset, length }) => [object, offset, length]),
      ]),
    })),
  });
  const params = { [constants.ZSTD_c_compressionLevel]: 9, [constants.ZSTD_c_checksumFlag]: 1 };
  return Buffer.concat([MARK, zstdCompressSync(text, { params })]);
}

const isWhole = ({ sha256, extents: [first, ...more] }: Chunk, objects: PartsList['objects']) =>
  more.length === 0 && first?.offset === 0 && objects[first.object]?.name === sha256;

/** `null` for what is no list, or a damaged one. */
export function readParts(file: Buffer): PartsList | null {
  if (!isPartsList(file)) return null;
  try {
    const text = zstdDecompressSync(file.subarray(MARK.length), { maxOutputLength: MOST });
    const { objects, contents } = stored.parse(JSON.parse(text.toString()));
    const nameOf = (object: number): string => {
      const name = objects[object]?.[0];
      if (name === undefined) throw new RangeError('It names an object that is not in its list.');
      return name;
    };
    return {
      objects: objects.map(([name, storedSize]) => ({ name, storedSize })),
      contents: contents.map(({ name, sha256, chunks }) => ({
        name,
        sha256,
        chunks: chunks.map(([own, ...numbers]) => {
          const extents = inThrees(numbers);
          for (const { object } of extents) nameOf(object);
          return {
            sha256: own ?? nameOf(extents[0]?.object ?? -1),
            length: extents.reduce((sum, { length }) => sum + length, 0),
            extents,
          };
        }),
      })),
    };
  } catch {
    return null;
  }
}

function inThrees(numbers: readonly number[]): Extent[] {
  const extents: Extent[] = [];
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    const [object = 0, offset = 0, length = 0] = numbers.slice(at, at + 3);
    extents.push({ object, offset, length });
  }
  return extents;
}

/** The extents of the bytes from `from` up to before `to` of what `extents` hold. */
export function cutExtents(extents: readonly Extent[], from: number, to: number): Extent[] {
  const cut: Extent[] = [];
  let at = 0;
  for (const { object, offset, length } of extents) {
    const start = Math.max(from, at);
    const end = Math.min(to, at + length);
    if (start < end) cut.push({ object, offset: offset + start - at, length: end - start });
    at += length;
    if (at >= to) break;
  }
  return cut;
}

/** The same bytes with neighbours put together. */
export function joinExtents(extents: readonly Extent[]): Extent[] {
  const joined: Extent[] = [];
  for (const extent of extents) {
    const last = joined.at(-1);
    if (last?.object === extent.object && last.offset + last.length === extent.offset) {
      last.length += extent.length;
    } else joined.push({ ...extent });
  }
  return joined;
}
