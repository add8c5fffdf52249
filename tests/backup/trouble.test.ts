import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openCatalogue } from '../../src-main/backup/files/catalogue.ts';
import { partsAt } from '../../src-main/backup/files/stored.ts';
import {
  flipBit,
  freezableDisk,
  objectsOf,
  openBench,
  ownFolder,
  sizeNow,
  smallDisk,
  touch,
} from './support.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

describe('bad luck', () => {
  it('tells of the second failure in a row, once, and saves go on', async () => {
    const bench = await openBench({ spareBytes: 1e15 });
    const { vault, store, clock, troubles } = bench;
    await vault.start();
    for (let round = 1; round <= 4; round++) {
      touch(store, String(round));
      clock.advance(5 * MINUTE);
      await vault.checkNow();
    }
    expect(troubles).toMatchObject([{ kind: 'backup-failed', source: 'database' }]);
    expect(troubles[0]?.text).toMatch(/not enough free space.*Free some space/);
    expect(vault.sources()[0]?.lastFailure).toMatch(/not enough free space/);
    expect(sizeNow(store)).toBe('4');
    expect(readdirSync(bench.folder)).toEqual([]);
  });

  it('makes the folder anew when it vanishes, and says that the earlier ones are missing', async () => {
    const { vault, store, folder, troubles } = await openBench();
    touch(store, '1');
    await vault.create({ class: 'manual', reason: 'one' });
    rmSync(folder, { recursive: true });
    const made = await vault.create({ class: 'manual', reason: 'two' });
    expect(made.verified).toBe(true);
    expect(vault.list()).toHaveLength(1);
    expect(troubles).toMatchObject([{ kind: 'vault-missing' }]);
  });

  it('a file where the folder should be is a sentence', async () => {
    const { vault, folder } = await openBench();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'in the way');
    await expect(vault.create({ class: 'manual', reason: 'one' })).rejects.toThrow(/Could not/);
  });

  it('a folder that may not be written is a sentence, and the old ones stay', async ({ skip }) => {
    const root = process.getuid?.() === 0;
    const disk = root ? smallDisk(4) : ownFolder();
    if (!disk) {
      skip('root may write everywhere, and mounting a disk read-only is not allowed here');
      return;
    }
    const folder = join(disk, 'backups');
    const { vault } = await openBench({ folder });
    await vault.create({ class: 'manual', reason: 'one' });
    if (root) execFileSync('mount', ['-o', 'remount,ro', disk]);
    else chmodSync(folder, 0o500);
    onTestFinished(() => (root ? undefined : chmodSync(folder, 0o700)));
    await expect(vault.create({ class: 'manual', reason: 'two' })).rejects.toThrow(/permissions/);
    const [only] = vault.list();
    await expect(vault.pin(only?.id ?? '')).rejects.toThrow(/permissions/);
    const [row] = vault.list();
    expect(vault.list()).toHaveLength(1);
    await expect(vault.preview(row?.id ?? '')).resolves.toMatchObject({ problem: null });
  });

  it('P63 another program that holds the database does not stop a backup', async () => {
    const { vault, store } = await openBench();
    touch(store, '1');
    const other = new Database(store.path);
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    expect(await vault.create({ class: 'routine', reason: 'changed' })).toMatchObject({
      verified: true,
      counts: { monitors: 1 },
    });
    other.exec('ROLLBACK');
  });

  it('sweeps its own unfinished files at the start, and nothing else', async () => {
    const { vault, folder } = await openBench();
    const made = await vault.create({ class: 'manual', reason: 'one' });
    const mine = [
      'database.20250101_000000.backup.partial',
      'database.20250101_000000.json.partial',
      'database.20250101_000000-2.db.partial',
      'database.20250101_000000-2.db.partial-journal',
    ];
    const others = ['notes.partial', 'Database.partial', '.backup.partial', 'a.json', 'b.backup'];
    for (const name of [...mine, ...others]) writeFileSync(join(folder, name), 'x');
    await vault.open();
    const own = [`${made.id}.backup`, `${made.id}.json`];
    expect(readdirSync(folder).toSorted()).toEqual([...others, ...own, 'objects'].toSorted());
  });

  it('gives a backup whose publishing was cut off its manifest', async () => {
    const { vault, folder } = await openBench();
    const made = await vault.create({ class: 'manual', reason: 'one' });
    const manifest = readFileSync(join(folder, `${made.id}.json`));
    rmSync(join(folder, `${made.id}.json`));
    writeFileSync(join(folder, `${made.id}.json.partial`), manifest);
    await vault.open();
    expect(await vault.verify(made.id)).toMatchObject({ verified: true, reason: 'one' });
  });

  it('never deletes what another installation made', async () => {
    const folder = ownFolder();
    const settings = { minimumMinutes: 15, keepRoutine: 1, sizeLimitMB: 500 };
    const other = await openBench({ folder, installId: 'install-b', settings: () => settings });
    touch(other.store, '5');
    const theirs = await other.vault.create({ class: 'routine', reason: 'changed' });
    const mine = await openBench({ folder, settings: () => settings });
    for (let round = 1; round <= 3; round++) {
      mine.clock.advance(15 * MINUTE);
      touch(mine.store, String(round));
      await mine.vault.create({ class: 'routine', reason: 'changed' });
    }
    const rows = mine.vault.list();
    expect(rows).toHaveLength(2);
    expect(rows.find((row) => row.id === theirs.id)?.fate.why).toMatch(
      /another installation made it/,
    );
    await expect(mine.vault.delete(theirs.id, theirs.id)).rejects.toThrow(/by hand/);
  });

  it('a clean-up that fails keeps the new backup', async () => {
    const { vault, store, clock, settings, troubles } = await openBench();
    settings.keepRoutine = 0;
    for (const size of ['1', '2', '3']) {
      clock.advance(15 * MINUTE);
      touch(store, size);
      await vault.create({ class: 'routine', reason: 'changed' }).catch(() => {});
    }
    settings.keepRoutine = 10;
    expect(vault.list()).toHaveLength(3);
    expect(troubles).toMatchObject([{ kind: 'clean-up-failed' }]);
  });
});

describe('the clock', () => {
  it.each([1, -1])(
    'jumps by %d day while a backup is made: nothing is lost, the next ones come',
    async (days) => {
      let jump = false;
      const bench = await openBench({
        onChange: () => {
          if (!jump || bench.vault.running()?.step !== 'packing') return;
          jump = false;
          bench.clock.advance(days * DAY);
        },
      });
      const { vault, store, clock } = bench;
      await vault.start();
      touch(store, '1');
      await vault.checkNow();
      clock.advance(20 * MINUTE);
      jump = true;
      touch(store, '2');
      await vault.checkNow();
      expect(jump).toBe(false);
      const second = vault.list()[0]?.id;
      for (let round = 3; round <= 5; round++) {
        clock.advance(20 * MINUTE);
        touch(store, String(round));
        await vault.checkNow();
      }
      const rows = vault.list();
      expect(rows.every((row) => row.verified)).toBe(true);
      expect(rows.map((row) => row.id)).toContain(second);
      expect(rows.length).toBeGreaterThanOrEqual(4);
      expect(await vault.newestGood()).toMatchObject({ id: rows[0]?.id });
    },
  );

  it('D5 set back by a year delays nothing and rotates nothing', async () => {
    const { vault, store, clock } = await openBench();
    await vault.start();
    clock.advance(365 * DAY);
    touch(store, '1');
    await vault.checkNow();
    const future = vault.list()[0]?.id ?? '';
    clock.advance(-365 * DAY);
    for (let round = 2; round <= 4; round++) {
      touch(store, String(round));
      clock.advance(15 * MINUTE);
      await vault.checkNow();
    }
    const rows = vault.list();
    expect(rows.at(-1)).toMatchObject({ id: future });
    expect(rows.at(-1)?.fate.why).toMatch(/future/);
    expect(rows.filter((row) => row.madeAt <= clock.now()).length).toBeGreaterThanOrEqual(3);
  });

  it('makes one that is overdue at the start, and one on quit, but never a fifth in the hour', async () => {
    const bench = await openBench();
    const { vault, store, clock } = bench;
    touch(store, '1');
    await vault.start();
    await vault.checkNow();
    expect(vault.list()).toHaveLength(1);
    for (let round = 2; round <= 7; round++) {
      touch(store, String(round));
      await vault.stop();
      await vault.start();
      clock.advance(MINUTE);
    }
    const rows = vault.list();
    expect(rows).toHaveLength(4);
    expect(rows[0]?.reason).toBe('on quit');
  });
});

describe('looking after the vault', () => {
  it('names the newest that still proves good, past those that rotted unseen', async () => {
    const { vault, store, clock, folder } = await openBench();
    expect(await vault.newestGood()).toBeNull();
    const ids: string[] = [];
    for (const size of ['1', '2', '3']) {
      clock.advance(MINUTE);
      touch(store, size);
      ids.push((await vault.create({ class: 'manual', reason: size })).id);
    }
    flipBit(join(folder, `${ids[2]}.backup`), 40);
    expect(await vault.newestGood()).toMatchObject({ id: ids[1], verified: true });
  });

  it('hashes everything again after a week and tells of what rotted', async () => {
    const { vault, store, clock, folder, troubles } = await openBench();
    touch(store, '1');
    const first = await vault.create({ class: 'manual', reason: 'one' });
    clock.advance(MINUTE);
    const second = await vault.create({ class: 'manual', reason: 'two' });
    flipBit(join(folder, first.file), 40);
    await vault.start();
    clock.advance(6 * DAY);
    await vault.checkNow();
    expect(troubles).toEqual([]);
    clock.advance(2 * DAY);
    await vault.checkNow();
    const rows = new Map(vault.list().map((row) => [row.id, row]));
    expect(troubles).toMatchObject([{ kind: 'verify-failed' }]);
    expect(rows.get(first.id)).toMatchObject({ verified: false });
    expect(rows.get(second.id)).toMatchObject({ verified: true, verifiedHow: 'weekly' });
  });

  it('D3 copies each to a second folder and prunes there too; one that is gone is told', async () => {
    const second = join(ownFolder(), 'second');
    const { vault, store, clock, settings, troubles } = await openBench();
    await vault.chooseSecond(second);
    Object.assign(settings, { keepRoutine: 2, secondFolder: second });
    for (let round = 1; round <= 4; round++) {
      clock.advance(15 * MINUTE);
      touch(store, String(round));
      await vault.create({ class: 'routine', reason: 'changed' });
    }
    const copies = openCatalogue(second, 'install-a');
    const idsThere = async (): Promise<string[]> => {
      await copies.refresh();
      return copies.all().map(({ manifest }) => manifest.id);
    };
    await vi.waitFor(async () => {
      const ids = vault.list().map((row) => row.id);
      expect((await idsThere()).toSorted()).toEqual(ids.toSorted());
    }, 10_000);
    await vi.waitFor(() => expect(vault.second()?.newestAt).toBe(vault.list()[0]?.madeAt), 10_000);
    rmSync(second, { recursive: true });
    writeFileSync(second, 'a disk that is not there');
    for (const size of ['5', '6']) {
      clock.advance(15 * MINUTE);
      touch(store, size);
      expect((await vault.create({ class: 'routine', reason: 'changed' })).verified).toBe(true);
      await vi.waitFor(() => expect(vault.second()?.lastFailure).toMatch(/second folder/), 10_000);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(troubles).toMatchObject([{ kind: 'second-folder-failed' }]);
  });

  it('D3 a desk on which nothing happens makes no backups, whatever it notes by itself', async () => {
    const { vault, store, clock } = await openBench();
    touch(store, '1');
    await vault.start();
    await vault.checkNow();
    expect(vault.list()).toHaveLength(1);
    for (let minute = 1; minute <= 180; minute++) {
      clock.advance(MINUTE);
      const at = clock.now();
      store.save('equity', {
        equity: [{ account: 'main', at, equity: '100', available: null, unrealisedPnl: null }],
      });
      store.save('checked', { settings: { syncedAt: { main: at } } });
      if (minute % 15 === 0) await vault.checkNow();
    }
    store.flush();
    expect(vault.list()).toHaveLength(1);
    touch(store, '2');
    await vault.checkNow();
    expect(vault.list()).toHaveLength(2);
  });

  it('D6 rot found while clearing up is alarmed, and what cannot be read is asked again', async () => {
    const { vault, store, clock, folder, settings, troubles } = await openBench();
    settings.keepRoutine = 2;
    const ids: string[] = [];
    const take = async (size: string): Promise<void> => {
      clock.advance(15 * MINUTE);
      touch(store, size);
      ids.push((await vault.create({ class: 'routine', reason: 'changed' })).id);
    };
    for (const size of ['1', '2']) await take(size);
    flipBit(join(folder, `${ids[1]}.backup`), 40);
    await take('3');
    expect(troubles).toMatchObject([{ kind: 'verify-failed' }]);
    // The rotten one does not count, so the good one before it stays.
    expect(
      vault
        .list()
        .filter((row) => row.verified)
        .map((row) => row.id),
    ).toEqual([ids[2], ids[0]]);
  });

  it('D3 a second folder that hangs holds up neither backups nor the end', async ({ skip }) => {
    const second = freezableDisk() ?? skip('no disk can be frozen here');
    const { vault, store, clock, settings } = await openBench();
    await vault.chooseSecond(join(second.folder, 'copies'));
    Object.assign(settings, { secondFolder: join(second.folder, 'copies') });
    touch(store, '1');
    await vault.create({ class: 'manual', reason: 'one' });
    await vi.waitFor(() => expect(vault.second()?.newestAt).not.toBeNull(), 10_000);
    second.freeze();
    for (const size of ['2', '3', '4', '5', '6', '7']) {
      clock.advance(MINUTE);
      touch(store, size);
      expect(await vault.create({ class: 'manual', reason: size })).toMatchObject({
        verified: true,
      });
    }
    expect(await vault.verifyAll()).toHaveLength(7);
    let stopped = false;
    void vault.stop().then(() => (stopped = true));
    await vi.waitFor(() => {
      clock.advance(500);
      expect(stopped).toBe(true);
    }, 10_000);
    second.thaw();
  });

  it('pins, unpins and deletes by hand, within the rules', async () => {
    const { vault, store } = await openBench();
    touch(store, '1');
    const first = await vault.create({ class: 'manual', reason: 'one' });
    await expect(vault.delete(first.id, 'yes')).rejects.toMatchObject({ code: 'NOT_CONFIRMED' });
    await expect(vault.delete(first.id, first.id)).rejects.toThrow(/last verified backup/);
    const second = await vault.create({ class: 'manual', reason: 'two' });
    expect((await vault.pin(first.id)).pinned).toBe(true);
    await expect(vault.delete(first.id, first.id)).rejects.toThrow(/Unpin/);
    expect((await vault.unpin(first.id)).pinned).toBe(false);
    await vault.delete(first.id, first.id);
    expect(vault.list().map((row) => row.id)).toEqual([second.id]);
    await expect(vault.verify('../../etc/passwd')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('exports one and takes it in elsewhere, where it is never rotated', async () => {
    const from = await openBench();
    touch(from.store, '7');
    const made = await from.vault.create({ class: 'routine', reason: 'changed' });
    const folder = join(ownFolder(), 'usb');
    const path = await from.vault.export(made.id, folder);
    expect(readdirSync(folder).toSorted()).toEqual([made.file, `${made.id}.json`, 'objects']);
    await expect(from.vault.export(made.id, folder)).rejects.toThrow(/already exists/);
    const to = await openBench({ installId: 'install-b' });
    const taken = await to.vault.import(path);
    expect(taken).toMatchObject({ class: 'manual', verified: true, madeAt: made.madeAt });
    await to.vault.restore(taken.id, to.hooks);
    expect(sizeNow(to.store)).toBe('7');
    flipBit(path, 40);
    await expect(to.vault.import(path)).rejects.toThrow(/cannot be imported.*checksum/);
    await expect(to.vault.import(join(folder, 'x.zip'))).rejects.toThrow(/not that of a Holdfast/);
    rmSync(join(folder, `${made.id}.json`));
    await expect(to.vault.import(path)).rejects.toThrow(/manifest .* must be in the same folder/);
  });

  it('reports progress and can be stopped; nothing of it is left', async () => {
    const steps: string[] = [];
    const bench = await openBench({
      onChange: () => {
        const running = bench.vault.running();
        if (running) steps.push(running.step);
        if (running?.step === 'packing') bench.vault.cancel();
      },
    });
    touch(bench.store, '1');
    await expect(bench.vault.create({ class: 'manual', reason: 'one' })).rejects.toThrow(/Stopped/);
    expect(steps).toContain('copying the database');
    expect(bench.vault.running()).toBeNull();
    expect(bench.vault.cancel()).toBe(false);
    expect(readdirSync(bench.folder)).toEqual([]);
  });
});

/** Leaves `left` bytes free. */
function fillUp(folder: string, left: number): void {
  const block = Buffer.alloc(4096, 1);
  const filler = join(folder, 'filler');
  writeFileSync(filler, '');
  const free = Number(
    execFileSync('df', ['--output=avail', '-B1', folder]).toString().trim().split('\n')[1],
  );
  const blocks = Math.max(0, Math.floor((free - left) / block.length));
  writeFileSync(filler, Buffer.concat(Array.from({ length: blocks }, () => block)));
}

it('a disk that fills up at any step costs no good backup and no state', async ({ skip }) => {
  const disk = smallDisk(4);
  if (!disk) {
    skip('mounting a small disk is not allowed here');
    return;
  }
  const folder = join(disk, 'backups');
  mkdirSync(folder);
  const { vault, store } = await openBench({ folder, spareBytes: -1e9 });
  touch(store, '1');
  const good = await vault.create({ class: 'manual', reason: 'room enough' });
  const said = new Set<string>();
  for (const room of [0, 1, 20, 80, 130, 180, 220, 240, 250, 260].map((kb) => kb * 1024)) {
    fillUp(disk, room);
    touch(store, String(room + 2));
    const result = await vault
      .create({ class: 'manual', reason: 'full' })
      .catch((error: Error) => error);
    if (result instanceof Error) said.add(result.message);
    rmSync(join(disk, 'filler'));
    const left = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    expect(left.filter((name) => name.includes('.partial'))).toEqual([]);
    const needed = vault.list().flatMap(({ file }) => partsAt(join(folder, file))?.objects ?? []);
    expect(objectsOf(folder)).toEqual([...new Set(needed.map(({ name }) => name))].toSorted());
    expect(await vault.verify(good.id)).toMatchObject({ verified: true });
    expect(vault.list().every((row) => row.verified)).toBe(true);
    expect(sizeNow(store)).toBe(String(room + 2));
  }
  expect(said.size).toBeGreaterThan(0);
  for (const sentence of said) expect(sentence).toMatch(/full|space/i);
  expect(existsSync(join(folder, good.file))).toBe(true);
});

it('a disk that fills up while restoring leaves the old state', async ({ skip }) => {
  const disk = smallDisk(8);
  if (!disk) {
    skip('mounting a small disk is not allowed here');
    return;
  }
  const dataDir = join(disk, 'data');
  mkdirSync(dataDir);
  const { vault, store, hooks } = await openBench({
    dataDir,
    folder: ownFolder(),
    spareBytes: -1e9,
  });
  touch(store, '1');
  const good = await vault.create({ class: 'manual', reason: 'one' });
  touch(store, '2');
  let refused = 0;
  for (const left of [0, 60, 200, 300, 450, 520, 600].map((kb) => kb * 1024)) {
    fillUp(disk, left);
    const result = await vault.restore(good.id, hooks).catch((error: Error) => error);
    rmSync(join(disk, 'filler'));
    if (!(result instanceof Error)) {
      expect(sizeNow(store)).toBe('1');
      touch(store, '2');
      continue;
    }
    refused++;
    expect(result.message).toMatch(/full|space/i);
    expect(sizeNow(store)).toBe('2');
    touch(store, '2.0');
    touch(store, '2');
  }
  expect(refused).toBeGreaterThan(0);
});
