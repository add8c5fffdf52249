import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../support.ts';
import { flipBit, openBench, ownFolder, touch } from '../support.ts';

const DAY = 24 * 3_600_000;

/** A desk whose journal was moved into archives, with a backup of that. */
async function archived() {
  const bench = await openBench();
  for (let n = 0; n < 50; n++) bench.store.save('settings', { settings: { line: n } });
  bench.clock.advance(DAY);
  expect((await bench.store.archive({ days: 0, bytes: 1e9 }))['journal']).toBe(50);
  const folder = join(bench.dataDir, 'archives');
  const made = await bench.vault.create({ class: 'manual', reason: 'with archives' });
  return { ...bench, archives: folder, made };
}

const linesIn = (archives: string): Set<string> =>
  new Set(
    readdirSync(archives)
      .filter((name) => name.startsWith('journal.') && name.endsWith('.zst'))
      .flatMap((name) =>
        zstdDecompressSync(readFileSync(join(archives, name)))
          .toString()
          .trimEnd()
          .split('\n'),
      ),
  );

const journalIn = (archives: string): string =>
  join(archives, readdirSync(archives).find((name) => name.startsWith('journal.')) ?? '');

const archiveMore = async ({ store, clock }: Bench): Promise<void> => {
  for (let n = 0; n < 20; n++) store.save('settings', { settings: { later: n } });
  clock.advance(DAY);
  await store.archive({ days: 0, bytes: 1e9 });
};

describe('D14 archives are in the vault like everything else', () => {
  it('D14 kept with the database, checked, and brought back where they are gone', async () => {
    const { vault, made, archives, hooks } = await archived();
    expect(made.counts['archives']).toBeGreaterThan(0);
    const lines = linesIn(archives);
    expect(lines.size).toBe(50);
    rmSync(archives, { recursive: true });
    await vault.restore(made.id, hooks);
    expect(linesIn(archives)).toEqual(lines);
    expect(readdirSync(archives).filter((name) => name.includes('partial'))).toEqual([]);
    rmSync(archives, { recursive: true });
    const exported = await vault.export(made.id, ownFolder());
    const elsewhere = await openBench({ installId: 'install-b' });
    const taken = await elsewhere.vault.import(exported);
    await elsewhere.vault.restore(taken.id, elsewhere.hooks);
    expect(linesIn(join(elsewhere.dataDir, 'archives'))).toEqual(lines);
  }, 30_000);

  it('D14 a damaged one is put aside for the good one, and is told at the next backup', async () => {
    const bench = await archived();
    const { vault, store, made, archives, hooks, troubles, clock } = bench;
    const lines = linesIn(archives);
    flipBit(journalIn(archives), 60);
    clock.advance(DAY);
    touch(store, '2');
    const next = await vault.create({ class: 'routine', reason: 'changed' });
    expect(troubles).toMatchObject([
      { kind: 'archive-damaged', text: expect.stringMatching(/keep the last good version/) },
    ]);
    expect(next.counts['archives']).toBe(made.counts['archives']);
    await vault.restore(next.id, hooks);
    expect(linesIn(archives)).toEqual(lines);
    expect(readdirSync(archives).some((name) => name.includes('.damaged-'))).toBe(true);
  }, 30_000);

  it('D14 one that is gone stays in the backups that follow', async () => {
    const { vault, store, made, archives, hooks, troubles, clock } = await archived();
    const lines = linesIn(archives);
    rmSync(archives, { recursive: true });
    clock.advance(DAY);
    touch(store, '2');
    const next = await vault.create({ class: 'routine', reason: 'changed' });
    const text = expect.stringMatching(/missing/);
    expect(troubles).toMatchObject([{ kind: 'archive-damaged', text }]);
    await vault.delete(made.id, made.id);
    await vault.restore(next.id, hooks);
    expect(linesIn(archives)).toEqual(lines);
  }, 30_000);

  it('D14 an archive that has grown since, or was begun anew, loses no line by a restore', async () => {
    const bench = await archived();
    const { vault, made, archives, hooks } = bench;
    const first = linesIn(archives);
    await archiveMore(bench);
    const grown = linesIn(archives);
    expect(grown.size).toBe(70);
    await vault.restore(made.id, hooks);
    expect(linesIn(archives)).toEqual(grown);
    expect(readdirSync(archives).filter((name) => name.includes('restored'))).toEqual([]);
    rmSync(archives, { recursive: true });
    await archiveMore(bench);
    await vault.restore(made.id, hooks);
    const both = linesIn(archives);
    expect([...first].every((line) => both.has(line))).toBe(true);
    expect(both.size).toBeGreaterThan(first.size);
  }, 30_000);

  it('D14 K2 a restore that must do without its archives says so, and brings them when it is done once more', async () => {
    const { vault, made, archives, hooks } = await archived();
    const lines = linesIn(archives);
    const inTheWay = `${journalIn(archives)}.restored.partial`;
    rmSync(archives, { recursive: true });
    mkdirSync(inTheWay, { recursive: true });
    const { text } = await vault.restore(made.id, hooks);
    expect(text).toMatch(
      /^Restored .*archives of old rows did not all come back \(.+restore it once more\.$/,
    );
    rmSync(archives, { recursive: true });
    expect((await vault.restore(made.id, hooks)).text).not.toContain('archives');
    expect(linesIn(archives)).toEqual(lines);
  }, 30_000);
});
