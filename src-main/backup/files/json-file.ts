import { isAscii } from 'node:buffer';
import type { Stats } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { Failure } from '../../domain/failure.ts';
import { diskFailure, PLAINLY } from '../disk.ts';
import type { Looks } from './manifest.ts';

export const looksOf = (found: Stats): Looks => ({
  mode: found.mode,
  uid: found.uid,
  gid: found.gid,
  changedAt: Math.max(0, Math.round(found.mtimeMs)),
});

/**
 * Reads a file whole, or refuses: BUSY when it changed meanwhile, so try again later. It is read
 * twice, because the time on a file is too coarse to tell of every change.
 */
export async function readSettled(
  path: string,
  most: number,
): Promise<{ content: Buffer; looks: Looks }> {
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
    handle = await open(path, PLAINLY);
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
    const content = Buffer.alloc(before.size);
    const whole = (await readAll(handle, content)) && (await readsAgain(handle, content));
    const after = await handle.stat();
    const same = after.mtimeMs === before.mtimeMs && after.size === before.size;
    if (!whole || !same) {
      throw new Failure(
        'BUSY',
        `${path} is still being written; it will be backed up once it is complete.`,
      );
    }
    return { content, looks: looksOf(before) };
  } finally {
    await handle.close();
  }
}

/** Fills `into` from the file's beginning; false when the file is shorter. */
async function readAll(handle: Awaited<ReturnType<typeof open>>, into: Buffer): Promise<boolean> {
  for (let at = 0; at < into.length; ) {
    const { bytesRead } = await handle.read(into, at, into.length - at, at);
    if (bytesRead === 0) return false;
    at += bytesRead;
  }
  return true;
}

/** Whether the file holds these bytes still. */
async function readsAgain(
  handle: Awaited<ReturnType<typeof open>>,
  content: Buffer,
): Promise<boolean> {
  const again = Buffer.alloc(Math.min(content.length, 1 << 20));
  for (let at = 0; at < content.length; ) {
    const { bytesRead } = await handle.read(again, 0, again.length, at);
    const same = content.subarray(at, at + bytesRead).equals(again.subarray(0, bytesRead));
    if (bytesRead === 0 || !same) return false;
    at += bytesRead;
  }
  return true;
}

/** The value of a JSON file, or BAD_INPUT with a sentence. */
export function parseJson(content: Buffer): unknown {
  if (content.length === 0) throw new Failure('BAD_INPUT', 'The file is empty (0 bytes).');
  try {
    // Most files are plain ASCII, which needs no decoding.
    const text = isAscii(content)
      ? content.toString('latin1')
      : new TextDecoder('utf-8', { fatal: true }).decode(content);
    return JSON.parse(text);
  } catch {
    throw new Failure(
      'BAD_INPUT',
      'The file is not valid JSON: it is damaged or not completely written yet.',
    );
  }
}
