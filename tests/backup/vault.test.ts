import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { objectsIn } from '../../src-main/backup/objects/object-folder.ts';
import { SCHEMA_VERSION } from '../../src-main/persistence/file/schema.ts';
import { sampleExecution } from '../persistence/samples.ts';
import {
  contentOf,
  monitorOf,
  objectsOf,
  openBench,
  ownFolder,
  sizeNow,
  touch,
} from './support.ts';

const MINUTE = 60_000;

describe('making backups', () => {
  it('P40 a backup is published only with its manifest, verified, and never empty', async () => {
    const { vault, store, folder, clock } = await openBench();
    touch(store, '1');
    const made = await vault.create({ class: 'manual', reason: 'asked for', note: 'before lunch' });
    expect(made).toMatchObject({
      source: 'database',
      class: 'manual',
      verified: true,
      madeAt: clock.now(),
      schemaVersion: SCHEMA_VERSION,
      note: 'before lunch',
      programVersion: '0.1.0',
    });
    expect(made.counts['monitors']).toBe(1);
    expect(made.id).toMatch(/^database\.\d{8}_\d{6}$/);
    expect(readdirSync(folder).toSorted()).toEqual([
      `${made.id}.backup`,
      `${made.id}.json`,
      'objects',
    ]);
    expect(made.storedSize).toBe(made.newSize);
    expect(vault.totalSize()).toBe(made.storedSize);
    const sizes = objectsOf(folder).map(
      (name) => statSync(join(objectsIn(folder, 'install-a'), name)).size,
    );
    const list = statSync(join(folder, made.file)).size;
    expect(sizes.reduce((sum, size) => sum + size, list)).toBe(made.storedSize);
  });

  it('is one whole state while the writer goes on writing', async () => {
    const { vault, store, folder } = await openBench();
    const pair = (n: number) => ({
      monitors: ['LEFTUSDT', 'RIGHTUSDT'].map((symbol) => monitorOf(symbol, { size: String(n) })),
      executions: Array.from({ length: 40 }, (_, index) =>
        sampleExecution({ execId: `${n}-${index}` }),
      ),
    });
    // Enough pages that the copy takes several turns, with writes between them.
    store.save('settings', { settings: { bulk: 'x'.repeat(20e6) } });
    let n = 0;
    store.save('fill', pair(n++));
    const writing = setInterval(() => store.save('fill', pair(n++)), 1);
    onTestFinished(() => clearInterval(writing));
    const made = await vault.create({ class: 'routine', reason: 'changed' });
    clearInterval(writing);
    expect(n).toBeGreaterThan(2);
    expect((made.counts['executions'] ?? 1) % 40).toBe(0);
    const path = join(ownFolder(), 'inside.db');
    writeFileSync(path, contentOf(join(folder, made.file)));
    const db = new Database(path, { readonly: true });
    const sizes = db
      .prepare("SELECT DISTINCT data ->> '$.size' AS size FROM monitors")
      .pluck()
      .all();
    db.close();
    expect(sizes).toHaveLength(1);
  }, 60_000);

  it('names two of one second apart', async () => {
    const { vault } = await openBench();
    const first = await vault.create({ class: 'manual', reason: 'one' });
    const second = await vault.create({ class: 'manual', reason: 'two' });
    expect(second.id).toBe(`${first.id}-2`);
  });

  it('keeps no second copy of what has not changed', async () => {
    const { vault, clock } = await openBench();
    await vault.create({ class: 'routine', reason: 'first' });
    clock.advance(20 * MINUTE);
    await vault.create({ class: 'routine', reason: 'again' });
    expect(vault.list()).toHaveLength(1);
  });

  it('P39 under constant change makes at most four an hour, and none without one', async () => {
    const { vault, clock, store } = await openBench();
    await vault.start();
    for (let minute = 0; minute < 60; minute += 5) {
      touch(store, String(minute + 1));
      clock.advance(5 * MINUTE);
      await vault.checkNow();
    }
    const made = vault.list().length;
    expect(made).toBe(4);
    for (let minute = 0; minute < 60; minute += 5) {
      clock.advance(5 * MINUTE);
      await vault.checkNow();
    }
    expect(vault.list().length).toBeLessThanOrEqual(made + 1);
  });

  it('keeps the newest of the routine class, with a reason for each', async () => {
    const { vault, clock, store, settings } = await openBench();
    settings.keepRoutine = 5;
    const manual = await vault.create({ class: 'manual', reason: 'asked for' });
    for (let round = 1; round <= 7; round++) {
      clock.advance(15 * MINUTE);
      touch(store, String(round));
      await vault.create({ class: 'routine', reason: 'changed' });
    }
    const rows = vault.list();
    expect(rows.filter((row) => row.class === 'routine')).toHaveLength(5);
    expect(rows.map((row) => row.id)).toContain(manual.id);
    expect(rows.every((row) => row.fate.keep && row.fate.why.startsWith('Kept'))).toBe(true);
  });
});

describe('restoring the database', () => {
  it('brings back the old state whole, paused, and undoes it in one', async () => {
    const { vault, store, hooks, told, reports, dataDir } = await openBench();
    touch(store, '1');
    const first = await vault.create({ class: 'manual', reason: 'asked for' });
    touch(store, '2');
    const preview = await vault.preview(first.id);
    expect(preview).toMatchObject({ problem: null, monitorsChanged: ['BTCUSDT long, Main'] });
    await vault.restore(first.id, hooks);
    expect(told).toEqual(['stopped', 'resumed']);
    expect(sizeNow(store)).toBe('1');
    expect(vault.paused()?.why).toMatch(/resume/);
    expect(vault.undoAvailable()?.restoredId).toBe(first.id);
    expect(reports[0]?.counts['monitors']).toBe(1);
    expect(existsSync(join(dataDir, 'restore-intent.json'))).toBe(false);
    expect(existsSync(join(dataDir, 'restore-stage.db'))).toBe(false);
    touch(store, '3');
    expect(sizeNow(store)).toBe('3');
    const back = await vault.undo(hooks);
    expect(back.text).toMatch(/undone/);
    expect(sizeNow(store)).toBe('2');
    expect(vault.undoAvailable()).toBeNull();
    await vault.resume();
    expect(vault.paused()).toBeNull();
  });

  it('changes nothing when the backup is bad, and the loop goes on', async () => {
    const { vault, store, hooks, told, folder } = await openBench();
    touch(store, '1');
    const first = await vault.create({ class: 'manual', reason: 'asked for' });
    touch(store, '2');
    writeFileSync(join(folder, first.file), '');
    await expect(vault.restore(first.id, hooks)).rejects.toThrow(/empty \(0 bytes\)/);
    expect(told).toEqual([]);
    expect(sizeNow(store)).toBe('2');
    touch(store, '3');
  });
});
