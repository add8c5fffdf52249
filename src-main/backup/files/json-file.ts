import { lstat, open } from 'node:fs/promises';
import { Failure } from '../../domain/failure.ts';
import { diskFailure } from './disk.ts';

/** Reads a file whole, or refuses: BUSY when it changed meanwhile, so try again later. */
export async function readSettled(path: string, most: number): Promise<Buffer> {
  let handle: Awaited<ReturnType<typeof open>>;
  const named = await lstat(path).catch((error: unknown) => {
    throw diskFailure(error, 'read the protected file');
  });
  const what = named.isSymbolicLink()
    ? 'a link'
    : named.isDirectory()
      ? 'a folder'
      : 'not a regular file';
  if (!named.isFile()) {
    throw new Failure('REFUSED', `${path} is ${what}; only a regular file can be protected.`);
  }
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw diskFailure(error, 'read the protected file');
  }
  try {
    const before = await handle.stat();
    if (before.size > most) {
      const mb = (bytes: number): number => Math.round(bytes / 1e6);
      throw new Failure(
        'REFUSED',
        `${path} is too large to protect: ${mb(before.size)} MB; the limit is ${mb(most)} MB.`,
      );
    }
    const content = await handle.readFile();
    const after = await handle.stat();
    if (after.mtimeMs !== before.mtimeMs || content.length !== after.size) {
      throw new Failure(
        'BUSY',
        `${path} is still being written; it will be backed up once it is complete.`,
      );
    }
    return content;
  } finally {
    await handle.close();
  }
}

const SECRET = /"(api_?secret|secret|private_?key|token|password)"\s*:\s*"[^"]/i;

/** Refuses a file that holds keys: in the vault they would lie unencrypted, in copy after copy. */
export function refuseSecrets(content: Buffer): void {
  if (!SECRET.test(content.toString('latin1'))) return;
  throw new Failure(
    'REFUSED',
    'The file contains keys or passwords, so it is not copied into the backups. Keep it safe elsewhere.',
  );
}

/** The value of a JSON file, or BAD_INPUT with a sentence. */
export function parseJson(content: Buffer): unknown {
  if (content.length === 0) throw new Failure('BAD_INPUT', 'The file is empty (0 bytes).');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new Failure(
      'BAD_INPUT',
      'The file is not valid JSON: it is damaged or not completely written yet.',
    );
  }
}
