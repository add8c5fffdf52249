import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../src-main/backup/files/manifest.ts';
import { partsAt } from '../../../src-main/backup/files/stored.ts';
import { objectsIn } from '../../../src-main/backup/objects/object-folder.ts';
import { sampleExecution } from '../../persistence/samples.ts';
import type { Bench } from '../support.ts';
import {
  contentOf,
  flipBit,
  inOneFrame,
  objectsOf,
  openBench,
  ownFolder,
  sizeNow,
  touch,
} from '../support.ts';

const MINUTE = 60_000;

/** A vault over a database of some 3 MB, with one backup. */
async function filled(changes: Parameters<typeof openBench>[0] = {}): Promise<Bench> {
  const bench = await openBench(changes);
  const executions = Array.from({ length: 4_000 }, (_, n) =>
    sampleExecution({ execId: `${n * 7_919}-${n}`, executedAt: 1_748_736_000_000 + n }),
  );
  bench.store.save('fill', { executions });
  return bench;
}

let size = 0;
async function next({ vault, store, clock }: Bench, name: 'routine' | 'manual' = 'routine') {
  clock.advance(15 * MINUTE);
  touch(store, String(++size));
  return vault.create({ class: name, reason: 'changed' });
}

const needsOf = (folder: string, file: string): string[] =>
  (partsAt(join(folder, file))?.objects ?? []).map(({ name }) => name);

describe('what backups share', () => {
  it('K7 a small change of a large database costs little, and says so', async () => {
    const bench = await filled();
    const first = await next(bench);
    expect(first.newSize).toBe(first.storedSize);
    const tenth = [];
    for (let round = 0; round < 9; round++) tenth.push(await next(bench));
    for (const row of tenth) {
      expect(row.newSize).toBeLessThan(first.storedSize / 10);
      expect(row.storedSize).toBeGreaterThan(first.storedSize * 0.9);
    }
    const rows = bench.vault.list();
    const whole = rows.reduce((sum, { storedSize }) => sum + storedSize, 0);
    expect(bench.vault.totalSize()).toBeLessThan(whole / 4);
    const lie = readdirSync(bench.folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => !name.endsWith('.json'))
      .map((name) => statSync(join(bench.folder, name)))
      .filter((found) => found.isFile());
    const size = lie.reduce((sum, found) => sum + found.size, 0);
    expect(bench.vault.totalSize()).toBe(size);
    expect(bench.vault.sources()[0]).toMatchObject({ versions: rows.length, storedSize: size });
  }, 30_000);

  it('a damaged object harms only the backups that need it, is named, and is mended by the next', async () => {
    const bench = await filled();
    const { vault, folder, troubles } = bench;
    const first = await next(bench);
    const second = await next(bench);
    const before = needsOf(folder, first.file);
    // One that is a chunk of its own, untouched by the changes.
    const chunks = partsAt(join(folder, second.file))?.contents[0]?.chunks ?? [];
    const shared = chunks.map(({ sha256 }) => sha256).find((name) => before.includes(name)) ?? '';
    const own = needsOf(folder, second.file).find((name) => !before.includes(name)) ?? '';
    const at = (name: string): string => join(objectsIn(folder, 'install-a'), name);
    flipBit(at(own), 100);
    const verifyError = expect.stringContaining(`damaged: object ${own}`);
    expect(await vault.verify(second.id)).toMatchObject({ verified: false, verifyError });
    expect(await vault.verify(first.id)).toMatchObject({ verified: true });
    expect(troubles).toMatchObject([{ kind: 'verify-failed', text: verifyError }]);
    flipBit(at(shared), 100);
    expect(await vault.verify(first.id)).toMatchObject({ verified: false });
    await expect(vault.restore(first.id, bench.hooks)).rejects.toThrow(/part of it is damaged/);
    const third = await next(bench);
    expect(third.verified).toBe(true);
    expect(await vault.verify(first.id)).toMatchObject({ verified: true });
    rmSync(at(shared));
    const missing = expect.stringContaining(`missing: object ${shared}`);
    expect(await vault.verify(first.id)).toMatchObject({ verified: false, verifyError: missing });
  }, 30_000);

  it('what is deleted takes along exactly what nothing else needs', async () => {
    const bench = await filled();
    const { vault, folder, settings } = bench;
    settings.keepRoutine = 3;
    for (let round = 0; round < 8; round++) {
      await next(bench);
      const needed = vault.list().flatMap(({ file }) => needsOf(folder, file));
      expect(objectsOf(folder)).toEqual([...new Set(needed)].toSorted());
    }
    const manual = await next(bench, 'manual');
    const before = objectsOf(folder);
    await vault.delete(manual.id, manual.id);
    const needed = vault.list().flatMap(({ file }) => needsOf(folder, file));
    expect(objectsOf(folder)).toEqual([...new Set(needed)].toSorted());
    expect(objectsOf(folder).length).toBeLessThan(before.length);
    for (const { id } of vault.list())
      expect(await vault.verify(id)).toMatchObject({ verified: true });
  }, 60_000);

  it('nothing goes while it is not known what a backup needs', async () => {
    const bench = await filled();
    const { vault, folder } = bench;
    const first = await next(bench, 'manual');
    const second = await next(bench, 'manual');
    flipBit(join(folder, first.file), 40);
    const before = objectsOf(folder);
    await next(bench, 'manual').then((third) => vault.delete(third.id, third.id));
    expect(objectsOf(folder)).toEqual(expect.arrayContaining(before));
    flipBit(join(folder, first.file), 40);
    expect(await vault.verify(first.id)).toMatchObject({ verified: true });
    // With the list itself gone as well; its manifest alone says that there was one.
    const list = readFileSync(join(folder, second.file));
    rmSync(join(folder, second.file));
    await next(bench, 'manual').then((third) => vault.delete(third.id, third.id));
    writeFileSync(join(folder, second.file), list);
    expect(await vault.verify(second.id)).toMatchObject({ verified: true });
  }, 30_000);

  it('leaves no object of an attempt that was cut off, and those of another installation alone', async () => {
    const bench = await filled();
    const { vault, folder } = bench;
    const made = await next(bench, 'manual');
    const own = objectsIn(folder, 'install-a');
    const others = objectsIn(folder, 'install-b');
    const orphan = 'a'.repeat(64);
    writeFileSync(join(own, orphan), 'not needed');
    writeFileSync(join(own, `${'b'.repeat(64)}.partial`), 'half of one');
    writeFileSync(join(own, 'notes.txt'), 'not ours');
    await vault.export(made.id, join(folder, 'elsewhere')).catch(() => {});
    mkdirSync(others);
    writeFileSync(join(others, orphan), 'not ours to delete');
    // The mark of an attempt under way.
    writeFileSync(join(folder, 'database.20250101_000000.backup.partial'), '');
    await vault.open();
    expect(readdirSync(own).toSorted()).toEqual(
      [...needsOf(folder, made.file), 'notes.txt'].toSorted(),
    );
    expect(readdirSync(others)).toEqual([orphan]);
  }, 30_000);

  it('backups of the first format are still listed, checked, restored and carried', async () => {
    const bench = await filled();
    const { vault, folder, store, hooks, settings } = bench;
    const made = await next(bench, 'manual');
    const then = sizeNow(store);
    const id = 'database.20250101_000000';
    const { stored, facts } = inOneFrame(contentOf(join(folder, made.file)));
    const manifest = JSON.parse(readFileSync(join(folder, `${made.id}.json`), 'utf8')) as Manifest;
    const { newSize: _new, listSize: _list, ...old } = { ...manifest, ...facts, id, pinned: false };
    writeFileSync(join(folder, `${id}.backup`), stored);
    writeFileSync(join(folder, `${id}.json`), JSON.stringify(old));
    await next(bench);
    expect(await vault.verify(id)).toMatchObject({
      verified: true,
      formatVersion: 1,
      storedSize: stored.length,
    });
    const second = join(ownFolder(), 'second');
    await vault.chooseSecond(second);
    settings.secondFolder = second;
    await next(bench);
    await vi.waitFor(() => expect(readdirSync(second)).toContain(`${id}.json`), 10_000);
    await vault.restore(id, hooks);
    expect(sizeNow(store)).toBe(then);
    const exported = await vault.export(id, ownFolder());
    const elsewhere = await openBench({ installId: 'install-b' });
    expect(await elsewhere.vault.import(exported)).toMatchObject({ verified: true });
  }, 30_000);

  it('a second folder is given only what it does not have, and is mended', async () => {
    const second = join(ownFolder(), 'second');
    const bench = await filled();
    const { vault, settings, folder } = bench;
    await vault.chooseSecond(second);
    settings.secondFolder = second;
    await next(bench);
    const inStep = (): Promise<void> =>
      vi.waitFor(() => expect(vault.second()?.newestAt).toBe(vault.list()[0]?.madeAt), 10_000);
    await inStep();
    const there = objectsIn(second, 'install-a');
    const times = new Map(
      readdirSync(there).map((name) => [name, statSync(join(there, name)).mtimeMs]),
    );
    const [rotten = ''] = times.keys();
    flipBit(join(there, rotten), 50);
    const row = await next(bench);
    await inStep();
    const written = readdirSync(there).filter(
      (name) => statSync(join(there, name)).mtimeMs !== times.get(name),
    );
    const isNeeded = needsOf(folder, row.file).includes(rotten);
    const fresh = needsOf(folder, row.file).filter((name) => !times.has(name));
    expect(written.toSorted()).toEqual([...fresh, rotten].toSorted());
    expect(isNeeded).toBe(true);
    const other = await openBench({ installId: 'install-b' });
    expect(await next(other)).toMatchObject({ verified: true });
    expect(await other.vault.import(join(second, row.file))).toMatchObject({ verified: true });
    expect(await next(other)).toMatchObject({ verified: true });
    expect(objectsOf(other.folder, 'install-b').length).toBeGreaterThan(0);
  }, 30_000);

  it('an installation named to lead elsewhere is not followed', async () => {
    const bench = await filled();
    const made = await next(bench, 'manual');
    const path = join(bench.folder, `${made.id}.json`);
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
    writeFileSync(path, JSON.stringify({ ...manifest, installId: '../../elsewhere' }));
    expect(await bench.vault.verify(made.id)).toMatchObject({
      verified: false,
      verifyError: expect.stringMatching(/contradicts itself/),
    });
  });
});
