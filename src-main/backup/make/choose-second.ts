import { existsSync } from 'node:fs';
import { mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { Failure } from '../../domain/failure.ts';
import { writeDurably } from '../disk.ts';
import type { Catalogue } from '../files/catalogue.ts';
import type { SecondJobs } from './second-jobs.ts';

/** Lies in a second folder, so that an empty place where its disk belongs is not taken for it. */
const MARK = 'holdfast-second-folder';

/** Sees whether a folder can be the second one, makes it where only itself is missing, and marks it. */
export async function chooseSecond({
  folder,
  from,
}: SecondJobs['choose']['input']): Promise<SecondJobs['choose']['output']> {
  const above = dirname(folder);
  if (!existsSync(above)) {
    throw new Failure(
      'NOT_FOUND',
      `There is no folder ${above}. Check the path, and that its disk is connected.`,
    );
  }
  await mkdir(folder, { mode: 0o700 }).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    if ((await stat(folder)).isDirectory()) return;
    throw new Failure('REFUSED', `${folder} is a file. Choose a folder.`);
  });
  const way = relative(await realpath(dirname(from)), await realpath(folder));
  if (!way.startsWith('..') && !isAbsolute(way)) {
    throw new Failure('REFUSED', `${folder} lies in the data folder and would be lost with it.`);
  }
  await writeDurably(join(folder, MARK), 'Holdfast keeps copies of its backups here.\n');
  return { sameDisk: await onOneDisk(folder, from) };
}

export const onOneDisk = async (one: string, other: string): Promise<boolean> =>
  (await stat(one)).dev === (await stat(other)).dev;

/** Throws where the folder is not the one that was chosen: nothing may be put there then. */
export async function requireChosen(folder: string, second: Catalogue): Promise<void> {
  if (!existsSync(folder)) {
    const text = `${folder} is not there. Connect its disk; the copies then go on by themselves.`;
    throw new Failure('NOT_FOUND', text);
  }
  if (existsSync(join(folder, MARK))) return;
  await second.refresh();
  if (second.all().some(({ own }) => own)) return; // chosen before there was a mark
  throw new Failure(
    'NOT_FOUND',
    `${folder} is not the folder that was chosen: it holds no copies. Connect its disk, or choose it again.`,
  );
}
