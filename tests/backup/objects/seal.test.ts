import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesIn } from '../../../src-main/backup/objects/matching.ts';
import { openObjects } from '../../../src-main/backup/objects/object-folder.ts';
import type { PartsList } from '../../../src-main/backup/objects/parts-list.ts';
import { readParts, writeParts } from '../../../src-main/backup/objects/parts-list.ts';
import { sealContents } from '../../../src-main/backup/objects/seal.ts';
import { problemOf, proveParts } from '../../../src-main/backup/objects/unpack.ts';
import { inMemory } from '../../../src-main/backup/worker/sealing.ts';
import { seeded } from '../../crash/backup-killing.ts';
import { flipBit, ownFolder } from '../support.ts';

/** Bytes that do not repeat, so that nothing but an older version makes them cheap. */
function noise(length: number, seed: number): Buffer {
  const random = seeded(seed);
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4)
    bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), at);
  return bytes;
}

/** Versions of one content, kept in one folder of objects. */
function keeper(folder = ownFolder()) {
  let previous: PartsList | null = null;
  return {
    folder,
    keep(content: Buffer, avoid: ReadonlySet<string> = new Set()) {
      const there = new Set(readdirSync(folder));
      const sealing = { objects: openObjects(folder), previous, there, avoid };
      const { parts, newSize } = sealContents(
        [{ name: '', from: inMemory(content) }],
        sealing,
        () => {},
      );
      const list = writeParts(parts);
      previous = readParts(list);
      return { parts: previous as PartsList, cost: newSize + list.length };
    },
    back(parts: PartsList): Buffer {
      const pieces: Buffer[] = [];
      const proof = proveParts(openObjects(folder), parts, {
        into: (bytes) => void pieces.push(bytes),
      });
      expect(problemOf(proof)).toBeNull();
      return Buffer.concat(pieces);
    },
  };
}

type Edit = { at: number; remove: number; insert: number };
const anyEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }).map((share) => Math.floor(share * 1e6)),
  remove: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 5_000 }),
    fc.integer({ min: 0, max: 900_000 }),
  ),
  insert: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 5_000 }),
    fc.integer({ min: 0, max: 900_000 }),
  ),
});

const edited = (content: Buffer, { at, remove, insert }: Edit, seed: number): Buffer => {
  const place = Math.floor((at / 1e6) * content.length);
  return Buffer.concat([
    content.subarray(0, place),
    noise(insert, seed),
    content.subarray(Math.min(content.length, place + remove)),
  ]);
};

describe('keeping versions of a content', () => {
  it('brings each of them back, whatever was changed between them', () => {
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 6 }), fc.integer(), (edits, seed) => {
        const { keep, back } = keeper();
        let content = noise(1_200_000, seed);
        const kept = [{ content, parts: keep(content).parts }];
        for (const [index, edit] of edits.entries()) {
          content = edited(content, edit, seed + index + 1);
          kept.push({ content, parts: keep(content).parts });
        }
        for (const version of kept) expect(back(version.parts).equals(version.content)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  it('K7 a version costs about what is new in it, wherever that stands', () => {
    const { keep } = keeper();
    let content = noise(6_000_000, 1);
    keep(content);
    for (const [index, at] of [0, 1e5, 5e5, 9e5, 1e6, 3e5, 3e5, 3e5].entries()) {
      content = edited(content, { at, remove: index % 2 ? 4_000 : 0, insert: 8_000 }, index + 2);
      expect(keep(content).cost).toBeLessThan(1.5 * 8_000);
    }
    // The same again, and what was there before, cost the list alone.
    expect(keep(content).cost).toBeLessThan(2_000);
  });

  it('K7 pages changed in place, as in a database, cost what was changed in them', () => {
    const { keep, back } = keeper();
    const content = noise(3_000_000, 1);
    keep(content);
    for (let round = 0; round < 5; round++) {
      for (let page = 0; page < 10; page++) {
        noise(200, 1_000 * round + page).copy(
          content,
          4096 * ((page * 61 + round * 17) % 700) + 50,
        );
      }
      const { parts, cost } = keep(Buffer.from(content));
      expect(cost).toBeLessThan(2 * 10 * 4096);
      expect(back(parts).equals(content)).toBe(true);
    }
  });

  it('stores a chunk whole again before its list outgrows it', () => {
    const { keep, back } = keeper();
    const content = noise(400_000, 1);
    let most = 0;
    for (let round = 0; round < 90; round++) {
      for (let n = 0; n < 3; n++)
        noise(30, 3 * round + n).copy(content, ((3 * round + n) * 7_919) % 390_000);
      const { parts } = keep(Buffer.from(content));
      most = Math.max(
        most,
        parts.contents[0]?.chunks.flatMap(({ extents }) => extents).length ?? 0,
      );
      if (round % 30 === 29) expect(back(parts).equals(content)).toBe(true);
    }
    expect(most).toBeGreaterThan(50);
    expect(most).toBeLessThan(260);
  });

  it('stores again what an older object no longer holds, in its place', () => {
    const { keep, back, folder } = keeper();
    const content = noise(3_000_000, 1);
    const first = keep(content).parts;
    const bad = first.objects[1]?.name ?? '';
    flipBit(join(folder, bad), 500);
    const proof = proveParts(openObjects(folder), first);
    expect([...proof.bad.keys()]).toEqual([bad]);
    expect(problemOf(proof)).toContain(bad);
    keep(content, new Set([bad]));
    expect(back(first).equals(content)).toBe(true);
    rmSync(join(folder, bad));
    expect(problemOf(proveParts(openObjects(folder), first))).toMatch(/is missing: object/);
    writeFileSync(join(folder, bad), '');
    expect(problemOf(proveParts(openObjects(folder), first))).toMatch(/is damaged: object/);
  });
});

it('what matches is the same byte for byte, in order and apart', () => {
  fc.assert(
    fc.property(fc.array(anyEdit, { maxLength: 5 }), fc.integer(), (edits, seed) => {
      const old = noise(300_000, seed);
      const fresh = edits.reduce(
        (content, edit, index) => edited(content, edit, seed ^ index),
        old,
      );
      let end = 0;
      for (const { at, from, length } of matchesIn(old, fresh)) {
        expect(at).toBeGreaterThanOrEqual(end);
        expect(fresh.subarray(at, at + length).equals(old.subarray(from, from + length))).toBe(
          true,
        );
        end = at + length;
      }
    }),
    { numRuns: 30 },
  );
});

it('a list that is cut, changed or made up is none', () => {
  const { keep } = keeper();
  const list = writeParts(keep(noise(1_000_000, 1)).parts);
  expect(readParts(list)).not.toBeNull();
  expect(readParts(list.subarray(0, list.length - 1))).toBeNull();
  for (let at = 0; at < list.length; at += 7) {
    const changed = Buffer.from(list);
    changed[at] = (changed[at] ?? 0) ^ 4;
    expect(readParts(changed)).toBeNull();
  }
  const madeUp = writeParts({
    objects: [],
    contents: [
      {
        name: '',
        sha256: 'a'.repeat(64),
        chunks: [
          { sha256: 'b'.repeat(64), length: 1, extents: [{ object: 3, offset: 0, length: 1 }] },
        ],
      },
    ],
  });
  expect(readParts(madeUp)).toBeNull();
});
