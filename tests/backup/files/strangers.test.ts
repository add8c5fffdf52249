import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createZstdCompress } from 'node:zlib';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../support.ts';
import { contentOf, inOneFrame, openBench, ownFolder, touch } from '../support.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** An exported backup whose database and manifest were tampered with by someone who knows the format. */
async function exported(
  bench: Bench,
  change: (db: Database.Database) => void,
  lie: (manifest: Record<string, unknown>) => void = () => {},
): Promise<string> {
  touch(bench.store, '1');
  const { id } = await bench.vault.create({ class: 'manual', reason: 'one' });
  const folder = ownFolder();
  const path = await bench.vault.export(id, folder);
  const inside = join(folder, 'inside.db');
  writeFileSync(inside, contentOf(path));
  const db = new Database(inside);
  change(db);
  db.close();
  const { stored, facts } = inOneFrame(readFileSync(inside));
  writeFileSync(path, stored);
  const name = path.replace(/backup$/, 'json');
  const manifest = JSON.parse(readFileSync(name, 'utf8')) as Record<string, unknown>;
  Object.assign(manifest, facts);
  lie(manifest);
  writeFileSync(name, JSON.stringify(manifest));
  return path;
}

describe('F6 verified means our schema exactly', () => {
  it.each([
    ['a trigger', 'CREATE TRIGGER bad AFTER INSERT ON trades BEGIN DELETE FROM trades; END'],
    ['a view', 'CREATE VIEW secrets AS SELECT * FROM settings'],
    ['a missing table', 'DROP TABLE intents'],
    ['a missing index', 'DROP INDEX journal_at'],
    ['a column more', 'ALTER TABLE monitors ADD COLUMN extra TEXT'],
    ['a trigger of ours that is gone', 'DROP TRIGGER journal_is_append_only'],
    ['no version', 'PRAGMA user_version = 0'],
  ])('F6 refuses %s', async (_name, sql) => {
    const bench = await openBench();
    const path = await exported(
      bench,
      (db) => void db.exec(sql),
      (manifest) => {
        if (sql.includes('user_version')) manifest['schemaVersion'] = 0;
      },
    );
    await expect(bench.vault.import(path)).rejects.toThrow(/not one of Holdfast’s/);
    expect(bench.vault.list()).toHaveLength(1);
  });

  it('F6 takes the same backup untouched', async () => {
    const bench = await openBench();
    const path = await exported(bench, () => {});
    expect(await bench.vault.import(path)).toMatchObject({ verified: true });
  });
});

describe('F12 what an import claims is checked before anything is unpacked', () => {
  it.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['a time no calendar has', (manifest) => void (manifest['madeAt'] = 9e15)],
    ['a kind that is not its source’s', (manifest) => void (manifest['kind'] = 'file')],
    ['a database without a version', (manifest) => void (manifest['schemaVersion'] = null)],
    ['more than any backup holds', (manifest) => void (manifest['size'] = 9e14)],
  ])('F12 %s', async (_name, lie) => {
    const bench = await openBench();
    const path = await exported(bench, () => {}, lie);
    await expect(bench.vault.import(path)).rejects.toMatchObject({
      code: expect.stringMatching(/REFUSED|DISK_FULL/),
    });
    expect(readdirSync(bench.folder).filter((name) => /NaN|partial/.test(name))).toEqual([]);
  });

  it('F12 a small file that claims and holds 600 MB costs no memory', async () => {
    const bench = await openBench();
    const path = await exported(bench, () => {});
    const size = 600_000_000;
    const zeros = Buffer.alloc(20_000_000);
    const packing = Readable.from(Array.from({ length: size / zeros.length }, () => zeros));
    const bomb = await buffer(packing.pipe(createZstdCompress()));
    const name = path.replace(/backup$/, 'json');
    const manifest = JSON.parse(readFileSync(name, 'utf8')) as object;
    const digest = createHash('sha256');
    for (let done = 0; done < size; done += zeros.length) digest.update(zeros);
    const claims = {
      size,
      storedSize: bomb.length,
      sha256: sha256(bomb),
      contentSha256: digest.digest('hex'),
    };
    writeFileSync(path, bomb);
    writeFileSync(name, JSON.stringify({ ...manifest, ...claims }));
    const before = process.resourceUsage().maxRSS;
    await expect(bench.vault.import(path)).rejects.toThrow(/not a database/);
    expect(process.resourceUsage().maxRSS - before).toBeLessThan(300_000);
  }, 60_000);
});

describe('F10 only plain files are opened', () => {
  it('F10 a pipe, a folder or a link as a manifest neither hangs nor stops the vault', async () => {
    const bench = await openBench();
    touch(bench.store, '1');
    await bench.vault.create({ class: 'manual', reason: 'one' });
    const at = (n: number): string => join(bench.folder, `database.20250101_00000${n}`);
    execFileSync('mkfifo', [`${at(1)}.json`]);
    execFileSync('mkfifo', [`${at(2)}.backup`]);
    mkdirSync(`${at(3)}.json`);
    execFileSync('ln', ['-s', '/etc/passwd', `${at(4)}.json`]);
    execFileSync('mkfifo', [`${at(5)}.json.partial`]);
    await bench.vault.open();
    const rows = bench.vault.list();
    expect(rows).toHaveLength(5);
    expect(rows.filter((row) => row.verified)).toHaveLength(1);
    touch(bench.store, '2');
    expect(await bench.vault.create({ class: 'manual', reason: 'two' })).toMatchObject({
      verified: true,
    });
  });
});

it('F8 a backup whose manifest cannot be published is taken back', async () => {
  let spoil = false;
  const bench: Bench = await openBench({
    onChange: () => {
      // Just before it is published, something takes the manifest's name.
      if (!spoil || bench.vault.running()?.step !== 'publishing') return;
      spoil = false;
      const names = readdirSync(bench.folder);
      const partial = names.find((name) => name.endsWith('.backup.partial')) ?? '';
      mkdirSync(join(bench.folder, partial.replace('.backup.partial', '.json'), 'inside'), {
        recursive: true,
      });
    },
  });
  touch(bench.store, '1');
  spoil = true;
  await expect(bench.vault.create({ class: 'manual', reason: 'one' })).rejects.toThrow(/Could not/);
  expect(readdirSync(bench.folder).filter((name) => name.includes('.backup'))).toEqual([]);
});
