import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { FileCall } from './call-log.ts';
import { type Luck, ModelDisk } from './model.ts';

const none: Luck = () => ({ kept: 0, torn: false });
const all: Luck = (pending) => ({ kept: pending, torn: false });

const call = (kind: FileCall['kind'], path: string, more: Partial<FileCall> = {}): FileCall => ({
  kind,
  path: path ? `/disk/${path}` : '/disk',
  second: '',
  inode: 0n,
  offset: 0,
  data: Buffer.alloc(0),
  ...more,
});
const write = (path: string, text: string, offset = 0): FileCall =>
  call('write', path, { data: Buffer.from(text), offset });

/** What a disk holds after these calls and a power failure, each file with its text. */
function after(calls: readonly FileCall[], luck: Luck): Record<string, string> {
  const base = mkdtempSync(join(tmpdir(), 'holdfast-model-disk-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const template = join(base, 'template');
  mkdirSync(template);
  writeFileSync(join(template, 'old'), 'old');
  const disk = new ModelDisk('/disk', template);
  for (const one of calls) disk.apply(one);
  disk.writeTo(join(base, 'found'), luck);
  return Object.fromEntries(
    readdirSync(join(base, 'found')).map((name) => [
      name,
      readFileSync(join(base, 'found', name), 'utf8'),
    ]),
  );
}

test('K1 a file that was synced without its folder has no name after the power failed', () => {
  const calls = [call('create', 'new'), write('new', 'text'), call('sync', 'new')];
  expect(after(calls, none)).toEqual({ old: 'old' });
  expect(after([...calls, call('sync', '')], none)).toEqual({ old: 'old', new: 'text' });
});

test('K1 a rename whose folder was synced shows a file that was not: empty', () => {
  const calls = [
    call('create', 'draft'),
    write('draft', 'text'),
    call('rename', 'draft', { second: '/disk/old' }),
    call('sync', ''),
  ];
  expect(after(calls, none)).toEqual({ old: '' });
  expect(after(calls, all)).toEqual({ old: 'text' });
  // A rename is never seen by half.
  const unsynced = calls.slice(0, 3);
  const onlyTheCreation: Luck = (_, of) => ({ kept: of === 'names' ? 1 : 0, torn: false });
  expect(after(unsynced, onlyTheCreation)).toEqual({ old: 'old', draft: '' });
});

test('K1 writes arrive in their order, the last one perhaps in whole sectors of its first half', () => {
  const calls = [write('old', 'OLD'), write('old', 'x'.repeat(2048), 3)];
  const first: Luck = (_, of) => ({ kept: of === 'data' ? 1 : 0, torn: false });
  expect(after(calls, first)).toEqual({ old: 'OLD' });
  const torn: Luck = (pending, of) => ({ kept: of === 'data' ? pending : 0, torn: true });
  expect(after(calls, torn)).toEqual({ old: `OLD${'x'.repeat(1024)}` });
});
