import { writeFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installOf } from '../../../src-main/backup/files/place.ts';
import { ownFolder } from '../support.ts';

test('a folder of the first version, which kept the bare id, stays the same installation', async () => {
  const folder = ownFolder();
  const id = 'e2f1c1de-7a55-4b6e-9a62-6f0a4d1a2b3c';
  writeFileSync(join(folder, 'install-id'), `${id}\n`);
  expect(await installOf(folder)).toMatchObject({ installId: id, formerly: [] });
  // From then on a copy of it is known for one.
  const copy = join(ownFolder(), 'copy');
  await cp(folder, copy, { recursive: true });
  const copied = await installOf(copy);
  expect(copied.installId).not.toBe(id);
  expect(copied.formerly).toEqual([id]);
  expect(await installOf(folder)).toMatchObject({ installId: id, formerly: [] });
});
