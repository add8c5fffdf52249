import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

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

const HASH = /^[0-9a-f]{64}$/;

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
    const value = JSON.parse(text.toString()) as { objects: unknown; contents: unknown };
    const objects = listOf(value.objects).map((object) => {
      const [name, storedSize] = listOf(object);
      return { name: hashOf(name), storedSize: amountOf(storedSize) };
    });
    const contents = listOf(value.contents).map((content): Content => {
      const { name, sha256, chunks } = content as Record<string, unknown>;
      if (typeof name !== 'string') throw strange();
      return {
        name,
        sha256: hashOf(sha256),
        chunks: listOf(chunks).map((chunk) => chunkOf(listOf(chunk), objects)),
      };
    });
    return { objects, contents };
  } catch {
    return null;
  }
}

const strange = (): Error => new TypeError('That is not how a list of parts is written.');

// Checked by hand: a schema took ten times as long, and every look at the vault reads every list.
function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw strange();
}

function hashOf(value: unknown): string {
  if (typeof value === 'string' && HASH.test(value)) return value;
  throw strange();
}

function amountOf(value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw strange();
}

/** A chunk's hash (`null`: it is that of its one object), then object, offset and length of each extent. */
function chunkOf([own, ...numbers]: unknown[], objects: PartsList['objects']): Chunk {
  const extents: Extent[] = [];
  let total = 0;
  for (let at = 0; at < numbers.length; at += 3) {
    const [object, offset, length] = [at, at + 1, at + 2].map((place) => amountOf(numbers[place]));
    if (object === undefined || objects[object] === undefined) throw strange();
    extents.push({ object, offset: offset ?? 0, length: length ?? 0 });
    total += length ?? 0;
  }
  const [first] = extents;
  const sha256 = own === null ? objects[first?.object ?? -1]?.name : own;
  return { sha256: hashOf(sha256), length: total, extents };
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
