import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { countJson } from '../../../src-main/backup/files/json-counts.ts';
import { sharedPath } from '../../support/shared.ts';
import type { Bench } from '../support.ts';
import { openBench, ownFolder } from '../support.ts';

const MINUTE = 60_000;

const experiences = (count: number): string =>
  JSON.stringify({
    version: 2,
    experiences: Array.from({ length: count }, (_, n) => ({ id: n, pnl: `${n}.5` })),
  });

interface Protected extends Bench {
  path: string;
  source: string;
}

async function openProtected(content = experiences(100)): Promise<Protected> {
  const bench = await openBench();
  const path = join(ownFolder(), 'signal_experiences.json');
  writeFileSync(path, content);
  const { id } = await bench.vault.protect(path);
  return { ...bench, path, source: id };
}

const versions = ({ vault, source }: Protected) =>
  vault.list().filter((row) => row.source === source);

/** Lets the watcher's timers pass until `ready`; the files themselves are real. */
async function settle(bench: Bench, ready: () => boolean): Promise<void> {
  await vi.waitFor(
    () => {
      bench.clock.advance(500);
      expect(ready()).toBe(true);
    },
    { timeout: 8_000, interval: 15 },
  );
}

describe('protecting a file', () => {
  it('takes its first version at once, with the length of its lists', async () => {
    const bench = await openProtected();
    const [row] = versions(bench);
    expect(row).toMatchObject({ kind: 'file', verified: true, counts: { experiences: 100 } });
    expect(row?.file).toMatch(/^signal-experiences-[0-9a-f]{6}\.\d{8}_\d{6}\.backup$/);
    expect(bench.vault.sources()[1]).toMatchObject({ path: bench.path, lastFailure: null });
  });

  it('P54 never takes a file that holds keys, nor one of its own', async () => {
    const bench = await openBench();
    const accounts = join(ownFolder(), 'accounts.json');
    const secret = 'k7-not-for-the-vault';
    writeFileSync(accounts, JSON.stringify({ accounts: [{ id: 'main', apiSecret: secret }] }));
    await expect(bench.vault.protect(accounts)).rejects.toThrow('contains keys or passwords');
    const own = join(bench.dataDir, 'desk.json');
    writeFileSync(own, JSON.stringify({ pid: 1, token: secret }));
    await expect(bench.vault.protect(own)).rejects.toThrow('Holdfast’s own files');
    expect(bench.vault.sources().map(({ id }) => id)).toEqual(['database']);
    expect(bench.vault.list()).toEqual([]);
  });

  it('takes each new version once it has settled, also one that was renamed into place', async () => {
    const bench = await openProtected();
    await bench.vault.start();
    bench.clock.advance(20 * MINUTE);
    writeFileSync(bench.path, experiences(120));
    await settle(bench, () => versions(bench)[0]?.counts['experiences'] === 120);
    bench.clock.advance(20 * MINUTE);
    writeFileSync(`${bench.path}.tmp`, experiences(130));
    renameSync(`${bench.path}.tmp`, bench.path);
    await settle(bench, () => versions(bench)[0]?.counts['experiences'] === 130);
    expect(versions(bench).map((row) => row.counts['experiences'])).toEqual([130, 120, 100]);
  });

  it('leaves a file that is half written alone and takes it when it is whole', async () => {
    const bench = await openProtected();
    await bench.vault.start();
    const whole = experiences(150);
    writeFileSync(bench.path, whole.slice(0, 700));
    await settle(bench, () => bench.troubles.length > 0);
    expect(bench.troubles[0]).toMatchObject({ kind: 'file-refused', source: bench.source });
    expect(bench.troubles[0]?.text).toMatch(/not valid JSON/);
    expect(versions(bench)).toHaveLength(1);
    writeFileSync(bench.path, whole);
    await settle(bench, () => bench.vault.sources()[1]?.lastFailure === null);
    expect(versions(bench)).toHaveLength(2);
  });

  it('tells once of each file that is spoiled, and keeps its versions', async () => {
    const spoilers: [spoil: (path: string) => void, sentence: RegExp][] = [
      [(path) => rmSync(path), /is missing/],
      [
        (path) => {
          rmSync(path);
          mkdirSync(path);
        },
        /a folder; only a regular file/,
      ],
      [
        (path) => {
          renameSync(path, `${path}.moved`);
          symlinkSync(`${path}.moved`, path);
        },
        /a link; only a regular file/,
      ],
      [(path) => truncateSync(path, 257 * 1024 * 1024), /too large/],
      [(path) => truncateSync(path, 0), /empty \(0 bytes\)/],
    ];
    const { vault, clock, troubles } = await openBench();
    const folder = ownFolder();
    const told = (): string[] =>
      troubles.filter(({ kind }) => kind === 'file-refused').map(({ text }) => text);
    const spoiled: (() => void)[] = [];
    for (const [index, [spoil]] of spoilers.entries()) {
      const path = join(folder, `file${index}.json`);
      writeFileSync(path, experiences(10));
      await vault.protect(path);
      spoiled.push(() => spoil(path));
    }
    await vault.start();
    for (const spoil of spoiled) spoil();
    await vi.waitFor(
      () => {
        clock.advance(500);
        expect(told()).toHaveLength(spoilers.length);
      },
      { timeout: 8_000, interval: 15 },
    );
    for (let round = 0; round < 20; round++) clock.advance(5_000);
    await vault.verifyAll();
    expect(told()).toHaveLength(spoilers.length);
    const rows = vault.list().filter((row) => row.kind === 'file');
    expect(rows).toHaveLength(spoilers.length);
    expect(rows.every((row) => row.verified)).toBe(true);
    for (const [index, [, sentence]] of spoilers.entries()) {
      expect(vault.sources()[index + 1]?.lastFailure).toMatch(sentence);
    }
  });

  it('is tried again after a full disk, and told once', async () => {
    const bench = await openProtected();
    await bench.vault.start();
    rmSync(bench.folder, { recursive: true });
    writeFileSync(bench.folder, 'in the way of the vault');
    writeFileSync(bench.path, experiences(110));
    await settle(bench, () => bench.troubles.length > 0);
    for (let round = 0; round < 50; round++) bench.clock.advance(5_000);
    rmSync(bench.folder);
    await settle(bench, () => bench.vault.sources()[1]?.lastFailure === null);
    expect(versions(bench).map((row) => row.counts['experiences'])).toContain(110);
    expect(bench.troubles.filter(({ kind }) => kind === 'file-refused')).toHaveLength(1);
  });

  it('P42 a version that lost half of its entries pins the one before and is told', async () => {
    const bench = await openProtected();
    await bench.vault.start();
    bench.clock.advance(MINUTE);
    writeFileSync(bench.path, experiences(0));
    await settle(bench, () => bench.troubles.length > 0);
    const [after, before] = versions(bench);
    expect(after?.counts).toEqual({ experiences: 0 });
    expect(before).toMatchObject({ pinned: true, counts: { experiences: 100 } });
    expect(bench.troubles).toMatchObject([{ kind: 'file-shrunk' }]);
  });

  it('refuses what is no plain JSON file, each with a sentence', async () => {
    const { vault } = await openBench();
    const folder = ownFolder();
    writeFileSync(join(folder, 'text.json'), 'not json');
    writeFileSync(join(folder, 'real.json'), '[]');
    symlinkSync(join(folder, 'real.json'), join(folder, 'link.json'));
    const refusals: [path: string, sentence: RegExp][] = [
      ['relative.json', /full path/],
      [folder, /it is a folder/],
      [join(folder, 'link.json'), /it is a link/],
      [join(folder, 'absent.json'), /missing/],
      [join(folder, 'text.json'), /not valid JSON/],
    ];
    for (const [path, sentence] of refusals)
      await expect(vault.protect(path)).rejects.toThrow(sentence);
    expect(vault.sources()).toHaveLength(1);
  });

  it('is remembered, and stops when unprotected without losing its versions', async () => {
    const bench = await openProtected();
    const again = await openBench({ dataDir: ownFolder(), folder: bench.folder });
    expect(again.vault.sources()).toHaveLength(1);
    expect(readFileSync(join(bench.dataDir, 'protected-files.json'), 'utf8')).toContain(bench.path);
    await bench.vault.unprotect(bench.source);
    expect(bench.vault.sources()).toHaveLength(1);
    expect(versions(bench)).toHaveLength(1);
    const [row] = versions(bench);
    await expect(bench.vault.restore(row?.id ?? '', bench.hooks)).rejects.toThrow(/Protect it/);
  });
});

describe('restoring a protected file', () => {
  it('keeps the present one as .current, and undoes it', async () => {
    const bench = await openProtected();
    const [first] = versions(bench);
    writeFileSync(bench.path, experiences(140));
    const report = await bench.vault.restore(first?.id ?? '', bench.hooks);
    expect(report.counts).toEqual({ experiences: 100 });
    expect(readFileSync(bench.path, 'utf8')).toBe(experiences(100));
    expect(readFileSync(`${bench.path}.current`, 'utf8')).toBe(experiences(140));
    expect(bench.told).toEqual([]);
    expect(bench.vault.undoAvailable()?.restoredId).toBe(first?.id);
    await bench.vault.undo(bench.hooks);
    expect(readFileSync(bench.path, 'utf8')).toBe(experiences(140));
    expect(bench.vault.undoAvailable()).toBeNull();
  });

  it('works over a file that is damaged, and over one that is gone', async () => {
    const bench = await openProtected();
    const [first] = versions(bench);
    writeFileSync(bench.path, '{"experiences": [');
    await bench.vault.restore(first?.id ?? '', bench.hooks);
    expect(readFileSync(bench.path, 'utf8')).toBe(experiences(100));
    expect(readFileSync(`${bench.path}.current`, 'utf8')).toBe('{"experiences": [');
    await bench.vault.undo(bench.hooks);
    expect(readFileSync(bench.path, 'utf8')).toBe('{"experiences": [');
    rmSync(bench.path);
    await bench.vault.restore(first?.id ?? '', bench.hooks);
    expect(readFileSync(bench.path, 'utf8')).toBe(experiences(100));
  });

  it('refuses a bad version and leaves the file as it is', async () => {
    const bench = await openProtected();
    const [first] = versions(bench);
    writeFileSync(bench.path, experiences(140));
    truncateSync(join(bench.folder, first?.file ?? ''), 50);
    await expect(bench.vault.restore(first?.id ?? '', bench.hooks)).rejects.toThrow(/cut short/);
    expect(readFileSync(bench.path, 'utf8')).toBe(experiences(140));
    expect(existsSync(`${bench.path}.current`)).toBe(false);
    expect(readdirSync(join(bench.path, '..'))).toEqual(['signal_experiences.json']);
  });

  it('refuses to write through a link that took the file’s place', async () => {
    const bench = await openProtected();
    const [first] = versions(bench);
    renameSync(bench.path, `${bench.path}.moved`);
    symlinkSync(`${bench.path}.moved`, bench.path);
    await expect(bench.vault.restore(first?.id ?? '', bench.hooks)).rejects.toThrow(
      /a link or a folder/,
    );
  });
});

it('counts real experience files as they count themselves', () => {
  const folder = sharedPath('data', 'experiences-simple-bot');
  if (!folder) {
    console.info('Skipped: the experience files of the shared material are not here.');
    return;
  }
  const counted = Object.fromEntries(
    readdirSync(folder)
      .filter((name) => name.endsWith('.gz'))
      .map((name) => {
        const value: unknown = JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString());
        return [name.replace('.json.gz', ''), Object.values(countJson(value))[0]];
      }),
  );
  expect(counted).toMatchObject({
    'signal_experience.v1.6106': 6106,
    'exit_experience.v1.3105': 3105,
    signal_experiences_union: 17_011,
    exit_experiences_union: 3_769,
  });
});
