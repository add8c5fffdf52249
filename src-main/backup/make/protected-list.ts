import { hash } from 'node:crypto';
import { lstat, realpath, rename } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { Failure } from '../../domain/failure.ts';
import { diskFailure, readIfThere, writeDurably } from '../disk.ts';
import { MOST_FILE_BYTES } from '../files/manifest.ts';

const listSchema = z.array(z.object({ id: z.string(), path: z.string() }));

export interface ProtectedFile {
  id: string;
  path: string;
}

/** The list as saved. A damaged one is put aside, so that the next list does not take its place. */
export async function readList(listPath: string, now: number): Promise<ProtectedFile[]> {
  const text = await readIfThere(listPath);
  if (text === null) return [];
  try {
    return listSchema.parse(JSON.parse(text));
  } catch (error) {
    const kept = `${listPath}.damaged-${now}`;
    await rename(listPath, kept);
    throw new Failure(
      'REFUSED',
      `The list of protected files is damaged, so none of them is being backed up; the list was set aside as ${kept}. Protect the files again.`,
      { cause: error },
    );
  }
}

export const writeList = (listPath: string, files: readonly ProtectedFile[]): Promise<void> =>
  writeDurably(listPath, JSON.stringify(files, null, 2));

/** The file to protect; refuses what cannot be, with a sentence. */
export async function examineFile(path: string, dataDir: string): Promise<ProtectedFile> {
  if (!isAbsolute(path)) {
    throw new Failure('BAD_INPUT', `Give the full path of the file; "${path}" is relative.`);
  }
  const plain = resolve(path);
  const found = await lstat(plain).catch((error: unknown) => {
    throw diskFailure(error, `protect ${plain}`);
  });
  const refuse = (why: string): never => {
    throw new Failure('BAD_INPUT', `${plain} cannot be protected: ${why}`);
  };
  if (found.isDirectory()) refuse('it is a folder. Name the files in it one by one.');
  if (found.isSymbolicLink()) refuse('it is a link. Name the file it points to.');
  if (!found.isFile()) refuse('it is not a regular file.');
  if (found.size > MOST_FILE_BYTES) refuse('it is larger than 256 MB.');
  const folder = await realpath(dirname(plain));
  const own = await realpath(dataDir);
  if (folder === own || folder.startsWith(own + sep)) {
    refuse('it is one of Holdfast’s own files, which are already kept safe.');
  }
  const real = join(folder, basename(plain));
  return { id: idOf(real), path: real };
}

/** The file's name with a few digits of its path's hash: readable, and unique. */
function idOf(path: string): string {
  const name = basename(path)
    .toLowerCase()
    .replace(/\.json$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  return `${name || 'file'}-${hash('sha256', path, 'hex').slice(0, 6)}`;
}
