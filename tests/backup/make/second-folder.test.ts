import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openBench, ownFolder, touch } from '../support.ts';

const refusal = (why: RegExp) => ({ code: 'REFUSED', message: expect.stringMatching(why) });

test('D16 a folder that cannot be the second one is refused as it is chosen, with why', {
  timeout: 60_000,
}, async () => {
  const { vault, dataDir } = await openBench();
  const disk = ownFolder();
  writeFileSync(join(disk, 'file'), '');
  for (const [folder, why] of [
    [join(disk, 'typo', 'copies'), /There is no folder .*typo/],
    [join(disk, 'file'), /is a file/],
    [join(dataDir, 'copies'), /lies in the data folder/],
    [dataDir, /lies in the data folder/],
    ['/proc/nothing', /cannot be the second folder/],
  ] as const) {
    await expect(vault.chooseSecond(folder), folder).rejects.toMatchObject(refusal(why));
  }
  expect(readdirSync(disk)).toEqual(['file']);
});

test('D16 where its disk is not connected nothing is put, and the copies go on once it is back', {
  timeout: 60_000,
}, async () => {
  const { vault, store, settings } = await openBench();
  const mount = join(ownFolder(), 'mount');
  mkdirSync(mount);
  await vault.chooseSecond(mount);
  Object.assign(settings, { secondFolder: mount });
  expect(vault.second()).toMatchObject({ folder: mount, sameDisk: true, lastFailure: null });
  touch(store, '1');
  await vault.create({ class: 'manual', reason: 'one' });
  await vi.waitFor(() => expect(vault.second()?.newestAt).not.toBeNull(), 20_000);

  renameSync(mount, `${mount} away`);
  vault.copyToSecond();
  await vi.waitFor(() => expect(vault.second()?.lastFailure).toMatch(/is not there/), 20_000);
  expect(existsSync(mount)).toBe(false);
  mkdirSync(mount);
  vault.copyToSecond();
  await vi.waitFor(() => expect(vault.second()?.lastFailure).toMatch(/holds no copies/), 20_000);
  expect(readdirSync(mount)).toEqual([]);

  renameSync(`${mount} away`, mount);
  vault.copyToSecond();
  await vi.waitFor(() => expect(vault.second()?.lastFailure).toBeNull(), 20_000);
});
