import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { VaultTrouble } from '../../../src-main/backup/options.ts';
import { openState } from '../../../src-main/desk/state/open-state.ts';
import { silentLog } from '../../../src-main/domain/log.ts';
import { flipBit, ownFolder, touch } from '../../backup/support.ts';
import { manualClock } from '../../support/manual-clock.ts';

async function open(dataDir: string, changes: { recover?: boolean; startEmpty?: boolean } = {}) {
  const troubles: VaultTrouble[] = [];
  const state = await openState({
    dataDir,
    recover: false,
    clock: manualClock(),
    log: silentLog,
    programVersion: '0.1.0',
    routineMs: () => 30_000,
    vaultSettings: () => ({ minimumMinutes: 15, keepRoutine: 10, sizeLimitMB: 500 }),
    onStoreTrouble: () => {},
    onVaultTrouble: (trouble) => void troubles.push(trouble),
    onVaultChange: () => {},
    ...changes,
  });
  let closed = false;
  const close = async (): Promise<void> => {
    if (closed) return;
    closed = true;
    await state.vault.stop();
    state.store.close();
    state.lock.release();
  };
  onTestFinished(close);
  return { ...state, troubles, close };
}

/** A data folder with a state of size 1 and one backup of it. */
async function folderWithBackup(): Promise<{ dataDir: string; id: string }> {
  const dataDir = ownFolder();
  const { store, vault, close } = await open(dataDir);
  touch(store, '1');
  const { id } = await vault.create({ class: 'manual', reason: 'one' });
  await close();
  return { dataDir, id };
}

describe('D4 a broken vault never stops the desk', () => {
  test.each<[string, (dataDir: string) => void]>([
    ['a dangling link', (dataDir) => symlinkSync('/nowhere/at/all', join(dataDir, 'backups'))],
    ['a file', (dataDir) => writeFileSync(join(dataDir, 'backups'), 'in the way')],
    ['a place that cannot be made', (dataDir) => symlinkSync('/proc/x', join(dataDir, 'backups'))],
    [
      'a damaged list of protected files',
      (dataDir) => writeFileSync(join(dataDir, 'protected-files.json'), '[{"id":'),
    ],
    [
      'a folder where the record of restores belongs',
      (dataDir) => mkdirSync(join(dataDir, 'restored.json')),
    ],
  ])('D4 %s', async (_name, spoil) => {
    const dataDir = ownFolder();
    const first = await open(dataDir);
    touch(first.store, '1');
    await first.close();
    rmSync(join(dataDir, 'backups'), { recursive: true });
    spoil(dataDir);
    const { store, vault, troubles, loaded } = await open(dataDir);
    expect(loaded.monitors).toMatchObject([{ size: '1' }]);
    await vault.start();
    touch(store, '2');
    expect(store.statistics().notSavedSince).toBeNull();
    expect(troubles).toMatchObject([{ kind: 'vault-missing' }]);
    expect(troubles[0]?.text).toMatch(/No backups|protected files|restored/);
  });

  test('D4 what a damaged list of protected files held is put aside, not overwritten', async () => {
    const dataDir = ownFolder();
    await (await open(dataDir)).close();
    writeFileSync(join(dataDir, 'protected-files.json'), '[{"id":');
    await open(dataDir);
    expect(
      readdirSync(dataDir).some((name) => name.startsWith('protected-files.json.damaged-')),
    ).toBe(true);
  });
});

describe('D6 a state that was lost is never replaced by an empty one unasked', () => {
  const lose = (dataDir: string): void => {
    for (const end of ['', '-wal', '-shm'])
      rmSync(join(dataDir, `holdfast.db${end}`), { force: true });
  };

  test.each<[string, (dataDir: string, id: string) => void]>([
    ['good', () => {}],
    ['rotten', (dataDir, id) => flipBit(join(dataDir, 'backups', `${id}.backup`), 40)],
    ['empty', (dataDir, id) => writeFileSync(join(dataDir, 'backups', `${id}.backup`), '')],
    [
      'without a readable manifest',
      (dataDir, id) => writeFileSync(join(dataDir, 'backups', `${id}.json`), '{'),
    ],
  ])('D6 with one backup that is %s', async (_name, spoil) => {
    const { dataDir, id } = await folderWithBackup();
    lose(dataDir);
    spoil(dataDir, id);
    await expect(open(dataDir)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' });
    expect(readdirSync(dataDir)).not.toContain('holdfast.db');
  });

  test('D6 with backups that cannot be read', async () => {
    const { dataDir } = await folderWithBackup();
    lose(dataDir);
    rmSync(join(dataDir, 'backups'), { recursive: true });
    symlinkSync('/nowhere/at/all', join(dataDir, 'backups'));
    await expect(open(dataDir)).rejects.toMatchObject({ code: 'DATABASE_DAMAGED' });
    expect(readdirSync(dataDir)).not.toContain('holdfast.db');
  });

  test('D16 and --start-empty leaves it behind, with its newest backup pinned', async () => {
    const { dataDir, id } = await folderWithBackup();
    lose(dataDir);
    const { loaded, notices, vault } = await open(dataDir, { startEmpty: true });
    expect(loaded.monitors).toEqual([]);
    expect(vault.list().find((row) => row.id === id)?.pinned).toBe(true);
    expect(notices.join()).toMatch(new RegExp(`started empty.*${id}`));
  });

  test('D16 --start-empty keeps what is sound, and what is damaged beside it', async () => {
    const { dataDir } = await folderWithBackup();
    const first = await open(dataDir, { startEmpty: true });
    expect(first.loaded.monitors).toHaveLength(1);
    expect(first.notices).toEqual([]);
    await first.close();
    writeFileSync(join(dataDir, 'holdfast.db'), 'noise '.repeat(2_000));
    expect((await open(dataDir, { startEmpty: true })).loaded.monitors).toEqual([]);
    expect(readdirSync(dataDir).join()).toContain('holdfast.db.damaged-');
  });

  test('D6 and --recover brings the good one back', async () => {
    const { dataDir } = await folderWithBackup();
    lose(dataDir);
    const { loaded } = await open(dataDir, { recover: true });
    expect(loaded.monitors).toMatchObject([{ size: '1' }]);
  });
});

test('D9 a data folder that was copied and started twice: each rotates only what it made', async () => {
  const { dataDir, id } = await folderWithBackup();
  const copied = join(ownFolder(), 'copy');
  cpSync(dataDir, copied, { recursive: true });
  const original = await open(dataDir);
  const copy = await open(copied);
  const ids = new Set<string>();
  for (const { store, vault } of [original, copy]) {
    touch(store, '2');
    ids.add((await vault.create({ class: 'manual', reason: 'two' })).installId);
    // What was there before the copy is the own of both, each in its own vault.
    const earlier = vault.list().find((row) => row.id === id);
    expect(earlier?.fate.why).not.toMatch(/another installation/);
  }
  expect(ids.size).toBe(2);
  await copy.close();
  const again = await open(copied);
  expect(ids).toContain((await again.vault.create({ class: 'manual', reason: 'three' })).installId);
});

test('D15 the data folder and what is in it are for their owner alone', async () => {
  const dataDir = join(ownFolder(), 'deep', 'down');
  const { store, close } = await open(dataDir);
  touch(store, '1');
  const loose = readdirSync(dataDir).filter(
    (name) => (statSync(join(dataDir, name)).mode & 0o077) !== 0,
  );
  expect(loose).toEqual([]);
  expect(statSync(dataDir).mode & 0o077).toBe(0);
  await close();
  chmodSync(dataDir, 0o755);
  await open(dataDir);
  expect(statSync(dataDir).mode & 0o077).toBe(0);
});
