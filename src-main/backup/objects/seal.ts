import { createHash, hash } from 'node:crypto';
import { firstChunk, LONGEST_CHUNK } from './chunks.ts';
import { matchesIn } from './matching.ts';
import type { ObjectFolder } from './object-folder.ts';
import { BadObject } from './object-folder.ts';
import type { Chunk, Content, Extent, PartsList } from './parts-list.ts';
import { cutExtents, joinExtents } from './parts-list.ts';
import { bytesOf } from './unpack.ts';

/** Content to be sealed, read from anywhere in it. */
export interface Readable {
  size: number;
  /** Of all of it, where that is known already. */
  sha256?: string;
  /** At most `length` bytes from `at`; they may change with the next call. */
  read(at: number, length: number): Buffer;
}

export interface Sealing {
  objects: ObjectFolder;
  /** What the version before was made of, `null` when there is none to build upon. */
  previous: PartsList | null;
  /** Objects that lie there. */
  there: ReadonlySet<string>;
  /** Objects that turned out bad: what they held is stored again. */
  avoid: ReadonlySet<string>;
}

/** A chunk in more pieces than this is stored again, whole: a list must not outgrow what it lists. */
const MOST_PIECES = 128;
/** What a chunk has that is new goes into an object shared by several, up to this size, bytes. */
const SHARED = 1024 * 1024;
/** How far beside its place the older content of a chunk is looked for, bytes. */
const BESIDE = 64 * 1024;

/**
 * Stores what is new of some contents and lists what they are made of. Chunks that are known are only
 * listed; of a chunk that changed, what stands in the version before is listed and the rest is stored.
 */
export function sealContents(
  contents: readonly { name: string; from: Readable }[],
  sealing: Sealing,
  progress: (done: number, total: number) => void,
): { parts: PartsList; newSize: number } {
  const store = createStore(sealing);
  const total = contents.reduce((sum, { from }) => sum + from.size, 0);
  let done = 0;
  const sealed = contents.map(({ name, from }): Content => {
    const previous = sealing.previous?.contents.find((content) => content.name === name);
    const before = previous ? store.taken(previous.chunks) : [];
    const { cuts, sha256 } = cut(from, (bytes) => progress((done += bytes), total));
    return { name, sha256, chunks: store.place(from, cuts, before) };
  });
  const { objects, newSize } = store.finish();
  return { parts: withoutUnused({ objects, contents: sealed }), newSize };
}

/** Leaves out objects that were looked at and are not needed. */
function withoutUnused({ objects, contents }: PartsList): PartsList {
  const places = new Map<number, number>();
  const used = ({ object, ...rest }: Extent): Extent => {
    const place = places.get(object) ?? places.size;
    places.set(object, place);
    return { object: place, ...rest };
  };
  const kept = contents.map((content) => ({
    ...content,
    chunks: content.chunks.map((chunk) => ({ ...chunk, extents: chunk.extents.map(used) })),
  }));
  const listed = [...places.keys()].flatMap((place) => objects[place] ?? []);
  return { objects: listed, contents: kept };
}

interface Cut {
  at: number;
  length: number;
  sha256: string;
}

function cut(from: Readable, passed: (bytes: number) => void): { cuts: Cut[]; sha256: string } {
  const cuts: Cut[] = [];
  const whole = from.sha256 === undefined ? createHash('sha256') : null;
  for (let at = 0; at < from.size; ) {
    const bytes = from.read(at, LONGEST_CHUNK);
    const chunk = bytes.subarray(0, firstChunk(bytes));
    whole?.update(chunk);
    cuts.push({ at, length: chunk.length, sha256: hash('sha256', chunk, 'hex') });
    at += chunk.length;
    passed(chunk.length);
  }
  return { cuts, sha256: whole?.digest('hex') ?? from.sha256 ?? '' };
}

/** An older chunk with its extents in terms of the new list, and where it begins. */
interface Known extends Chunk {
  at: number;
}

function createStore({ objects, previous, there, avoid }: Sealing) {
  const listed: PartsList['objects'] = [];
  const places = new Map<string, number>();
  let newSize = 0;
  let shared: Buffer[] = [];
  let sharedSize = 0;
  let sharedPlace: number | null = null;

  function placeOf(name: string, storedSize: number): number {
    const known = places.get(name);
    if (known !== undefined) return known;
    places.set(name, listed.length);
    return listed.push({ name, storedSize }) - 1;
  }

  function write(content: Buffer): { name: string; storedSize: number } {
    const made = objects.write(content);
    newSize += made.storedSize;
    return made;
  }

  function whole(content: Buffer, sha256: string): Extent[] {
    const known = places.get(sha256);
    const lies = there.has(sha256) && !avoid.has(sha256);
    const object =
      known ?? placeOf(sha256, lies ? objects.sizeOf(sha256) : write(content).storedSize);
    return [{ object, offset: 0, length: content.length }];
  }

  /** Keeps bytes for the shared object, which is written once it is full. */
  function share(content: Buffer): Extent {
    sharedPlace ??= listed.push({ name: '', storedSize: 0 }) - 1;
    const extent = { object: sharedPlace, offset: sharedSize, length: content.length };
    shared.push(Buffer.from(content)); // a part would keep the whole chunk in memory
    sharedSize += content.length;
    return extent;
  }

  function writeShared(): void {
    if (sharedPlace === null) return;
    listed[sharedPlace] = write(Buffer.concat(shared));
    shared = [];
    sharedSize = 0;
    sharedPlace = null;
  }

  const bytesIn = (extents: readonly Extent[]): Buffer | null => {
    try {
      return bytesOf(objects, listed, extents);
    } catch (error) {
      if (error instanceof BadObject) return null;
      throw error;
    }
  };

  function changed(fresh: Buffer, sha256: string, older: Extent[]): Extent[] {
    const old = older.length > 0 ? bytesIn(older) : null;
    const found = old ? matchesIn(old, fresh) : [];
    const kept = found.map(({ from, length }) => cutExtents(older, from, from + length));
    const same = found.reduce((sum, { length }) => sum + length, 0);
    const pieces = kept.reduce((sum, extents) => sum + extents.length + 1, 1);
    if (same * 2 < fresh.length || pieces > MOST_PIECES) return whole(fresh, sha256);
    const extents: Extent[] = [];
    let at = 0;
    for (const [index, match] of found.entries()) {
      if (match.at > at) extents.push(share(fresh.subarray(at, match.at)));
      extents.push(...(kept[index] ?? []));
      at = match.at + match.length;
    }
    if (at < fresh.length) extents.push(share(fresh.subarray(at)));
    if (sharedSize >= SHARED) writeShared();
    return joinExtents(extents);
  }

  return {
    /** Chunks of the version before, as far as they may be built upon. */
    taken(chunks: readonly Chunk[]): Known[] {
      let at = 0;
      const taken = chunks.map((chunk) => {
        const known = { ...chunk, at };
        at += chunk.length;
        return known;
      });
      return taken.filter(({ extents }) =>
        extents.every(({ object }) => {
          const name = previous?.objects[object]?.name ?? '';
          return there.has(name) && !avoid.has(name);
        }),
      );
    },

    place(from: Readable, cuts: readonly Cut[], before: readonly Known[]): Chunk[] {
      const ours = (extents: readonly Extent[]): Extent[] =>
        extents.map((extent) => {
          const { name = '', storedSize = 0 } = previous?.objects[extent.object] ?? {};
          return { ...extent, object: placeOf(name, storedSize) };
        });
      const bySha = new Map(before.map((chunk) => [chunk.sha256, chunk]));
      const stretch = (start: number, end: number): Extent[] =>
        before.flatMap(({ at, length, extents }) =>
          at < end && at + length > start ? cutExtents(extents, start - at, end - at) : [],
        );
      /** How much further on than now the content stood in the version before. */
      let shift = 0;
      return cuts.map(({ at, length, sha256 }, index) => {
        const same = bySha.get(sha256);
        if (same) {
          shift = same.at - at;
          return { sha256, length, extents: ours(same.extents) };
        }
        const fresh = from.read(at, length);
        const next = cuts.slice(index + 1).find((later) => bySha.has(later.sha256));
        const end = next ? (bySha.get(next.sha256)?.at ?? 0) - next.at + at + length : null;
        const from0 = at + shift - BESIDE;
        const to0 = at + shift + length + BESIDE;
        const older = stretch(from0, to0);
        // What was inserted in between moved what follows it.
        if (end !== null && Math.abs(end - length - at - shift) > BESIDE) {
          older.push(...stretch(end - length - BESIDE, end + BESIDE));
        }
        return { sha256, length, extents: changed(fresh, sha256, ours(joinExtents(older))) };
      });
    },

    finish(): { objects: PartsList['objects']; newSize: number } {
      writeShared();
      objects.sync();
      return { objects: listed, newSize };
    },
  };
}
