import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { Manifest } from '../../../src-main/backup/files/manifest.ts';
import {
  contentOf,
  flipBit,
  inOneFrame,
  openBench,
  ownFolder,
  sizeNow,
  touch,
} from '../support.ts';

const MINUTE = 60_000;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** One stored backup, and the ways to spoil it. */
interface Victim {
  stored: string;
  manifestPath: string;
  manifest: Manifest;
}

const rewrite = ({ manifestPath, manifest }: Victim, changes: object): void =>
  writeFileSync(manifestPath, JSON.stringify({ ...manifest, ...changes }));

/** Puts another content inside with everything outside made to fit: only a look inside can tell. */
function repack(victim: Victim, content: Buffer, changes: object = {}): void {
  const { stored, facts } = inOneFrame(content);
  writeFileSync(victim.stored, stored);
  rewrite(victim, { ...facts, ...changes });
}

const inside = ({ stored }: Victim): Buffer => contentOf(stored);

/** The database inside, changed by SQL. */
function edit(victim: Victim, sql: string): Buffer {
  const path = join(ownFolder(), 'inside.db');
  writeFileSync(path, inside(victim));
  const db = new Database(path);
  db.pragma('writable_schema = ON');
  db.exec(sql);
  db.close();
  return readFileSync(path);
}

const kinds: [kind: string, spoil: (victim: Victim) => void, sentence: RegExp][] = [
  ['a flipped bit', ({ stored }) => flipBit(stored, 700), /checksum differs/],
  ['cut short', ({ stored }) => truncateSync(stored, 900), /cut short: 900 of \d+ bytes/],
  ['zero bytes', ({ stored }) => truncateSync(stored, 0), /empty \(0 bytes\)/],
  ['gone', ({ stored }) => rmSync(stored), /file is missing/],
  ['longer than it was', ({ stored }) => appendFileSync(stored, 'more'), /longer than/],
  [
    'a link in its place',
    ({ stored }) => {
      const elsewhere = join(ownFolder(), 'copy');
      writeFileSync(elsewhere, readFileSync(stored));
      rmSync(stored);
      symlinkSync(elsewhere, stored);
    },
    /link or a folder/,
  ],
  [
    'a folder in its place',
    ({ stored }) => {
      rmSync(stored);
      mkdirSync(stored);
    },
    /link or a folder/,
  ],
  [
    'another program’s file',
    (victim) => {
      const bytes = Buffer.from('PK\u0003\u0004 not ours at all');
      writeFileSync(victim.stored, bytes);
      rewrite(victim, { storedSize: bytes.length, sha256: sha256(bytes) });
    },
    /not a Holdfast backup/,
  ],
  [
    'text instead of a database',
    (victim) => repack(victim, Buffer.from('{"state":[]}')),
    /not a database/,
  ],
  [
    'another program’s database',
    (victim) => repack(victim, edit(victim, 'PRAGMA application_id = 1')),
    /another program/,
  ],
  [
    'a newer data version',
    (victim) => repack(victim, edit(victim, 'PRAGMA user_version = 99')),
    /newer version of Holdfast/,
  ],
  [
    'a newer manifest',
    (victim) => rewrite(victim, { formatVersion: 3 }),
    /newer version of Holdfast/,
  ],
  [
    'tables missing, as in a main file copied without its log',
    (victim) => {
      const path = join(ownFolder(), 'empty.db');
      const db = new Database(path);
      db.pragma('user_version = 1');
      db.close();
      repack(victim, readFileSync(path));
    },
    /tables are missing/,
  ],
  [
    'one table missing',
    (victim) => repack(victim, edit(victim, 'DROP TABLE monitors')),
    /table monitors is missing/,
  ],
  [
    'a flipped bit inside a value, everything outside made to fit',
    (victim) => {
      const content = inside(victim);
      const at = content.indexOf('64000.5');
      content[at] = (content[at] ?? 0) ^ 1;
      repack(victim, content);
    },
    /differs? from what was saved/,
  ],
  [
    'a damaged page, everything outside made to fit',
    (victim) => {
      const content = inside(victim);
      content.fill(0xff, 4096 + 8, 4096 + 200);
      repack(victim, content);
    },
    /damaged/,
  ],
  [
    'a manifest that lies about a count',
    (victim) => rewrite(victim, { counts: { monitors: 7 } }),
    /manifest is wrong: a count/,
  ],
  [
    'a manifest that lies about the version',
    (victim) => rewrite(victim, { schemaVersion: 0 }),
    /manifest is wrong: the data version/,
  ],
  [
    'a manifest that lies about the size',
    (victim) => rewrite(victim, { size: 100 }),
    /more than its manifest says/,
  ],
  [
    'a manifest that lies about the hash',
    (victim) => rewrite(victim, { sha256: 'a'.repeat(64) }),
    /checksum differs/,
  ],
  [
    'a manifest of another backup',
    (victim) => rewrite(victim, { id: 'database.20200101_000000' }),
    /belongs to another/,
  ],
  [
    'a manifest that is no JSON',
    ({ manifestPath }) => writeFileSync(manifestPath, '{"format"'),
    /manifest is damaged/,
  ],
  [
    'a manifest that is not ours',
    ({ manifestPath }) => writeFileSync(manifestPath, '{"name":"x"}'),
    /not written by Holdfast/,
  ],
  ['no manifest', ({ manifestPath }) => rmSync(manifestPath), /manifest is missing/],
];

it(`refuses ${kinds.length} kinds of bad backups with the right sentence and keeps the good ones`, async () => {
  const { vault, store, clock, folder, hooks, told, settings } = await openBench();
  settings.keepRoutine = 4;
  const good: string[] = [];
  for (let round = 0; round < 4; round++) {
    clock.advance(15 * MINUTE);
    touch(store, `${round}.1`);
    good.push((await vault.create({ class: 'routine', reason: 'changed' })).id);
  }
  // Published by hand, so that what is about to be spoiled takes no good one's place on its way in.
  const first = await vault.create({ class: 'manual', reason: 'the model' });
  const { stored: model, facts } = inOneFrame(contentOf(join(folder, first.file)));
  const { fate: _fate, file: _file, ...made } = first;
  const manifest: Manifest = { ...made, ...facts };
  const victims = kinds.map(([, spoil], index) => {
    const id = `database.20250601_${String(100_000 + index)}`;
    const stored = join(folder, `${id}.backup`);
    const manifestPath = join(folder, `${id}.json`);
    const own: Manifest = { ...manifest, id, class: 'routine', madeAt: clock.now() + index };
    writeFileSync(stored, model);
    writeFileSync(manifestPath, JSON.stringify(own));
    spoil({ stored, manifestPath, manifest: own });
    return id;
  });
  clock.advance(MINUTE);
  touch(store, '77');
  for (const [index, [kind, , sentence]] of kinds.entries()) {
    const id = victims[index] ?? '';
    const row = await vault.verify(id);
    expect(row, kind).toMatchObject({ verified: false });
    expect(row.verifyError, kind).toMatch(sentence);
    await expect(vault.restore(id, hooks), kind).rejects.toThrow(sentence);
    const preview = await vault.preview(id);
    expect(preview.problem, kind).toMatch(sentence);
  }
  expect(told).toEqual([]);
  expect(sizeNow(store)).toBe('77');
  clock.advance(15 * MINUTE);
  await vault.create({ class: 'routine', reason: 'changed' });
  const left = new Set(
    vault
      .list()
      .filter((row) => row.verified)
      .map((row) => row.id),
  );
  expect(good.slice(1).every((id) => left.has(id))).toBe(true);
});

it('P40 a good one never goes for the sake of newer ones that rotted unseen', async () => {
  const { vault, store, clock, folder, settings } = await openBench();
  settings.keepRoutine = 4;
  const ids: string[] = [];
  for (let round = 0; round < 4; round++) {
    clock.advance(15 * MINUTE);
    touch(store, `${round}.1`);
    ids.push((await vault.create({ class: 'routine', reason: 'changed' })).id);
  }
  for (const id of ids.slice(2)) flipBit(join(folder, `${id}.backup`), 40);
  clock.advance(15 * MINUTE);
  touch(store, '99');
  await vault.create({ class: 'routine', reason: 'changed' });
  const rows = new Map(vault.list().map((row) => [row.id, row.verified]));
  for (const id of ids.slice(0, 2)) expect(rows.get(id)).toBe(true);
  for (const id of ids.slice(2)) expect(rows.get(id)).toBe(false);
});
