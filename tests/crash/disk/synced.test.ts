import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { FileCall } from './call-log.ts';
import { buildShim } from './shim.ts';
import { Slot } from './slot.ts';

/**
 * What of a new database was not on the disk yet when the note of the restore was dropped: after that no
 * start would finish it.
 */
function notOnDisk(calls: readonly FileCall[]): string[] {
  const isNote = ({ path }: FileCall): boolean => basename(path) === 'restore-intent.json';
  const dropped = calls.findLastIndex((call) => call.kind === 'unlink' && isNote(call));
  const begun = calls.findLastIndex(
    (call, index) =>
      index < dropped && call.kind === 'rename' && basename(call.second) === 'restore-intent.json',
  );
  expect(begun).toBeGreaterThan(-1);
  expect(dropped).toBeGreaterThan(begun);
  const waiting = new Set<string>();
  for (const { kind, path, second } of calls.slice(begun, dropped)) {
    const own = basename(path).startsWith('holdfast.db') && !path.endsWith('-shm');
    if (kind === 'sync') {
      waiting.delete(path);
      waiting.delete(`names in ${path}`);
    } else if (kind === 'rename' && basename(second) === 'holdfast.db') {
      // A file that was not synced under its draft's name is lost under the new one.
      const synced = calls
        .slice(0, begun)
        .some((call) => call.kind === 'sync' && call.path === path);
      if (!synced) waiting.add(second);
      waiting.add(`names in ${dirname(second)}`);
    } else if (own && kind === 'create') waiting.add(`names in ${dirname(path)}`);
    else if (own && (kind === 'write' || kind === 'truncate')) waiting.add(path);
  }
  return [...waiting];
}

test.each([
  ['in a running desk', 'restore'],
  ['from the command line', 'restore-at-rest'],
  ['in place of a damaged file', 'recovery'],
])(
  'D10 a restore %s is on the disk, file and folder, before its note is dropped',
  async (_how, name) => {
    const shim = buildShim();
    if ('skipped' in shim) {
      process.stderr.write(`${shim.skipped}\n`);
      return;
    }
    const slot = await Slot.prepare(shim.path, name);
    try {
      expect(notOnDisk(await slot.record())).toEqual([]);
    } finally {
      slot.remove();
    }
  },
  60_000,
);
