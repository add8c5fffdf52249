import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { answering } from '../../src-main/backup/files/answering.ts';
import type { Catalogue } from '../../src-main/backup/files/catalogue.ts';
import { openCatalogue } from '../../src-main/backup/files/catalogue.ts';
import { createWatchedFiles, signature } from '../../src-main/backup/make/watched-files.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { manualClock } from '../support/manual-clock.ts';
import { freezableDisk, openBench, ownFolder, sizeNow, touch } from './support.ts';

const MINUTE = 60_000;

it('a folder that does not answer is given up with a sentence, and not asked again until it has', async () => {
  const real = openCatalogue(join(ownFolder(), 'backups'), 'install-a');
  let answer = (): void => {};
  let asked = 0;
  const silent: Catalogue = {
    ...real,
    refresh: async () => {
      asked++;
      await new Promise<void>((resolve) => (answer = resolve));
      return real.refresh();
    },
  };
  const catalogue = answering(silent, 300);
  const first = catalogue.refresh();
  await expect(first).rejects.toThrow(/does not answer. Check that its disk or network/);
  await expect(catalogue.refresh()).rejects.toThrow(/does not answer/);
  await expect(catalogue.collect()).rejects.toThrow(/does not answer/);
  expect(asked).toBe(1);
  answer();
  await vi.waitFor(async () => expect(await catalogue.collect()).toBeUndefined());
  const again = catalogue.refresh();
  answer();
  await expect(again).resolves.toEqual({ made: false });
});

it('a vault on a folder that hangs holds up neither saves nor the event loop nor the end, and is told', async ({
  skip,
}) => {
  const disk = freezableDisk() ?? skip('no disk can be frozen here');
  const bench = await openBench({ folder: join(disk.folder, 'backups'), patience: 3_000 });
  const { vault, store, clock, troubles } = bench;
  touch(store, '1');
  const good = await vault.create({ class: 'manual', reason: 'one' });
  disk.freeze();
  let turns = 0;
  const ticking = setInterval(() => turns++, 20);
  /** Lets time pass until this has come to its end. */
  const sooner = async <T>(work: Promise<T>): Promise<T | Error> => {
    let ended: T | Error | undefined;
    void work.then(
      (value) => (ended = value),
      (error: Error) => (ended = error),
    );
    const before = turns;
    await vi.waitFor(() => {
      clock.advance(1_000);
      expect(ended).toBeDefined();
    }, 25_000);
    // The loop turned all the while.
    expect(turns).toBeGreaterThan(before);
    return ended as T | Error;
  };
  for (const size of ['2', '3']) {
    clock.advance(15 * MINUTE);
    touch(store, size);
    const made = sooner(vault.create({ class: 'routine', reason: 'changed' }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    // What its watch does after two minutes, at once.
    vault.cancel();
    expect(await made).toBeInstanceOf(Error);
    expect(sizeNow(store)).toBe(size);
    expect(vault.list().map(({ id }) => id)).toContain(good.id);
  }
  const text = expect.stringMatching(/backup folder .* does not answer/);
  expect(troubles).toMatchObject([{ kind: 'backup-failed', text }]);
  let stopped = false;
  void vault.stop().then(() => (stopped = true));
  await vi.waitFor(() => {
    clock.advance(500);
    expect(stopped).toBe(true);
  }, 10_000);
  clearInterval(ticking);
  disk.thaw();
  // The threads that hung end now.
  await new Promise((resolve) => setTimeout(resolve, 500));
}, 90_000);

it('a vault whose folder answers again goes on', async ({ skip }) => {
  const disk = freezableDisk() ?? skip('no disk can be frozen here');
  const { vault, store, clock } = await openBench({
    folder: join(disk.folder, 'backups'),
    patience: 3_000,
  });
  touch(store, '1');
  disk.freeze();
  const made = vault.create({ class: 'manual', reason: 'one' });
  const failed = expect(made).rejects.toThrow();
  await new Promise((resolve) => setTimeout(resolve, 500));
  vault.cancel();
  await vi.waitFor(() => {
    clock.advance(1_000);
    expect(vault.running()).toBeNull();
  }, 25_000);
  await failed;
  disk.thaw();
  await vi.waitFor(async () => {
    expect(await vault.create({ class: 'manual', reason: 'two' })).toMatchObject({
      verified: true,
    });
  }, 10_000);
}, 90_000);

it('a protected file whose disk does not answer is told, and the others are kept all the same', async () => {
  const folder = ownFolder();
  const clock = manualClock();
  const taken: string[] = [];
  const told: string[] = [];
  let answer = (_looks: string): void => {};
  const files = createWatchedFiles({
    listPath: join(ownFolder(), 'protected-files.json'),
    clock,
    log: silentLog,
    signature: (path) =>
      path.endsWith('far.json') ? new Promise((resolve) => (answer = resolve)) : signature(path),
    routineDue: () => true,
    async take({ path }) {
      taken.push(path);
      return { owed: false };
    },
    refused: (_file, error) => void told.push(String(error)),
  });
  const paths = ['far.json', 'near.json'].map((name) => join(folder, name));
  for (const path of paths) {
    writeFileSync(path, '{}');
    await files.protect(path);
  }
  files.start();
  await vi.waitFor(() => {
    clock.advance(2_000);
    expect(taken).toEqual([paths[1]]);
  }, 15_000);
  expect(told).toEqual([expect.stringMatching(/far.json is not being backed up.*does not answer/)]);
  answer('there again');
  await vi.waitFor(() => {
    clock.advance(2_000);
    answer('there again');
    expect(taken).toContain(paths[0]);
  }, 15_000);
  await files.stop();
}, 60_000);
