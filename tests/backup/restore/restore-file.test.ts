import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../support.ts';
import { openBench, ownFolder, sizeNow, touch } from '../support.ts';

const HOUR = 3_600_000;

const experiences = (count: number): string =>
  JSON.stringify({ experiences: Array.from({ length: count }, (_, n) => ({ id: n })) });

interface Protected extends Bench {
  path: string;
  source: string;
}

async function openProtected(count: number): Promise<Protected> {
  const bench = await openBench();
  const path = join(ownFolder(), 'experiences.json');
  writeFileSync(path, experiences(count));
  const { id } = await bench.vault.protect(path);
  return { ...bench, path, source: id };
}

const take = ({ vault, source }: Protected) =>
  vault.create({ source, class: 'routine', reason: 'changed' });
const rowsOf = ({ vault, source }: Protected) =>
  vault.list().filter((row) => row.source === source);
const countsOf = (bench: Protected): (number | undefined)[] =>
  rowsOf(bench).map((row) => row.counts['experiences']);
const content = (bench: Protected): string => readFileSync(bench.path, 'utf8');

describe('D17 restoring an older version never costs the newest good one', () => {
  it('D17 over a broken file', async () => {
    const bench = await openProtected(1_200);
    const [old] = rowsOf(bench);
    bench.clock.advance(46_000);
    writeFileSync(bench.path, experiences(1_201));
    await take(bench);
    writeFileSync(bench.path, '{"experiences": [');
    await bench.vault.restore(old?.id ?? '', bench.hooks);
    // The restored content is a version there is, so the watcher finds nothing new in it.
    await bench.vault.start();
    bench.clock.advance(60_000);
    await take(bench);
    expect(new Set(countsOf(bench))).toEqual(new Set([1_200, 1_201]));
    expect(rowsOf(bench)).toHaveLength(2);
    const kept = rowsOf(bench).find((row) => row.counts['experiences'] === 1_201);
    expect(kept).toMatchObject({ class: 'before-restore', verified: true });
    // Nor do the versions that follow within the hour push it out.
    for (let n = 1; n <= 30; n++) {
      bench.clock.advance(2 * 60_000);
      writeFileSync(bench.path, experiences(1_300 + n));
      await bench.vault.create({ source: bench.source, class: 'latest', reason: 'changed' });
    }
    expect(countsOf(bench)).toContain(1_201);
    expect(countsOf(bench)).toContain(1_200);
    expect(countsOf(bench).length).toBeGreaterThanOrEqual(32);
    bench.clock.advance(25 * HOUR);
    writeFileSync(bench.path, experiences(1_400));
    await take(bench);
    expect(countsOf(bench)).toEqual(expect.arrayContaining([1_400, 1_201, 1_200]));
    expect(rowsOf(bench).filter((row) => row.class === 'latest')).toEqual([]);
  });

  it('D17 a version equal to an older one is that one again, and the newest', async () => {
    const bench = await openProtected(10);
    bench.clock.advance(HOUR);
    writeFileSync(bench.path, experiences(11));
    await take(bench);
    bench.clock.advance(HOUR);
    writeFileSync(bench.path, experiences(10));
    await take(bench);
    expect(countsOf(bench)).toEqual([10, 11]);
    expect(rowsOf(bench)[0]?.fate.why).toMatch(/newest verified/);
  });
});

describe('D7 a restored file looks as it did', () => {
  it('D7 mode, owner and time over a file that is there', async () => {
    const bench = await openProtected(10);
    const [first] = rowsOf(bench);
    chmodSync(bench.path, 0o640);
    writeFileSync(bench.path, experiences(20));
    await bench.vault.restore(first?.id ?? '', bench.hooks);
    expect(statSync(bench.path).mode & 0o777).toBe(0o640);
  });

  it('D7 mode and time where the file is gone', async () => {
    const bench = await openProtected(10);
    writeFileSync(bench.path, experiences(20));
    chmodSync(bench.path, 0o664);
    utimesSync(bench.path, 1_700_000_000, 1_700_000_000);
    const made = await take(bench);
    rmSync(bench.path);
    await bench.vault.restore(made.id, bench.hooks);
    const { mode, mtimeMs } = statSync(bench.path);
    expect([mode & 0o777, mtimeMs]).toEqual([0o664, 1_700_000_000_000]);
  });
});

describe('D12 one undo per source', () => {
  it('D12 restoring a file leaves the undo of the database, and the latest is undone first', async () => {
    const bench = await openProtected(10);
    const { store, vault, hooks } = bench;
    const [file] = rowsOf(bench);
    touch(store, '1');
    const state = await vault.create({ class: 'manual', reason: 'one' });
    touch(store, '2');
    await vault.restore(state.id, hooks);
    bench.clock.advance(1_000);
    writeFileSync(bench.path, experiences(20));
    await vault.restore(file?.id ?? '', hooks);
    expect(vault.undoAvailable()?.restoredId).toBe(file?.id);
    await vault.undo(hooks);
    expect(content(bench)).toBe(experiences(20));
    expect(vault.undoAvailable()?.restoredId).toBe(state.id);
    await vault.undo(hooks);
    expect(sizeNow(store)).toBe('2');
    expect(vault.undoAvailable()).toBeNull();
  });

  it('D12 a stale .current never comes back', async () => {
    const bench = await openProtected(10);
    const [first] = rowsOf(bench);
    writeFileSync(`${bench.path}.current`, 'from another day');
    rmSync(bench.path);
    await bench.vault.restore(first?.id ?? '', bench.hooks);
    expect(bench.vault.undoAvailable()).toBeNull();
    writeFileSync(bench.path, 'broken');
    await bench.vault.restore(first?.id ?? '', bench.hooks);
    writeFileSync(`${bench.path}.current`, 'written over since');
    await expect(bench.vault.undo(bench.hooks)).rejects.toMatchObject({ code: 'REFUSED' });
    expect(content(bench)).toBe(experiences(10));
  });
});

describe('D13 a protected file comes back on a machine where there is none', () => {
  it('D13 to its place, or to a chosen folder; never over a file that is not protected', async () => {
    const there = await openProtected(10);
    const exportFolder = ownFolder();
    const backup = await there.vault.export(rowsOf(there)[0]?.id ?? '', exportFolder);
    const here = await openBench();
    const { id } = await here.vault.import(backup);
    await expect(here.vault.restore(id, here.hooks)).rejects.toThrow(/not protected/);
    const chosen = ownFolder();
    await here.vault.restore(id, here.hooks, chosen);
    expect(readFileSync(join(chosen, 'experiences.json'), 'utf8')).toBe(experiences(10));
    rmSync(there.path);
    await here.vault.restore(id, here.hooks);
    expect(readFileSync(there.path, 'utf8')).toBe(experiences(10));
    const paths = here.vault.sources().map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining([there.path, join(chosen, 'experiences.json')]));
  });
});

describe('F13 nothing planted beside a protected file is followed', () => {
  it('F13 links at every name that was used before', async () => {
    const bench = await openProtected(10);
    const [first] = rowsOf(bench);
    const victim = join(ownFolder(), 'victim');
    writeFileSync(victim, 'untouched');
    const folder = dirname(bench.path);
    symlinkSync(victim, join(folder, '.experiences.json.holdfast.partial'));
    symlinkSync(victim, join(folder, 'experiences.json.current.partial'));
    symlinkSync(victim, join(folder, 'experiences.json.current'));
    writeFileSync(bench.path, experiences(20));
    await bench.vault.restore(first?.id ?? '', bench.hooks);
    expect(readFileSync(victim, 'utf8')).toBe('untouched');
    expect(readFileSync(`${bench.path}.current`, 'utf8')).toBe(experiences(20));
  });

  it('F14 what a killed restore left beside a file is swept at the next start', async () => {
    const bench = await openProtected(10);
    const folder = dirname(bench.path);
    const left = '.experiences.json.holdfast-0f0e9c1a-1111-4222-8333-444455556666.partial';
    writeFileSync(join(folder, left), 'half');
    mkdirSync(join(folder, 'kept.partial'));
    await bench.vault.open();
    expect(existsSync(join(folder, left))).toBe(false);
    expect(readdirSync(folder).toSorted()).toEqual(['experiences.json', 'kept.partial']);
  });
});
