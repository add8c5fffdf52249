import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBackups } from '../../src-main/command-line/backups.ts';
import { runDoctor } from '../../src-main/command-line/doctor.ts';
import { ownFolder } from '../backup/support.ts';

const io = { out: () => {}, err: () => {}, ask: async () => 'yes', programVersion: '0.1.0' };
const refused = (run: Promise<number>): Promise<string> =>
  run.then(
    () => 'not refused',
    (error: { code: string }) => error.code,
  );

test('F14 what a command does not know, and what is given empty or twice, is refused', async () => {
  const bad = [
    [],
    ['constructor'],
    ['__proto__', 'x'],
    ['list', '--nope'],
    ['list', 'x'],
    ['list', '--data='],
    ['list', '--data', ''],
    ['list', '--data'],
    ['list', '--json=yes'],
    ['list', '--data', 'a', '--data', 'b'],
    ['create', '--source='],
    ['create', '--note='],
    ['pin', ''],
    ['export', 'x', ''],
    ['verify', '--all', 'x'],
    ['-x'],
  ];
  for (const argv of bad) {
    expect(await refused(runBackups(argv, io)), argv.join(' ')).toBe('BAD_USAGE');
  }
  for (const argv of [['x'], ['--nope'], ['--data='], ['--data'], ['--json=1']]) {
    expect(await refused(runDoctor(argv, io)), argv.join(' ')).toBe('BAD_USAGE');
  }
});

test('F14 a folder that never was a data folder is refused by every verb, and left as it is', async () => {
  const folder = ownFolder();
  const foreign = join(folder, 'projects');
  mkdirSync(foreign, { mode: 0o755 });
  writeFileSync(join(foreign, 'work.txt'), 'mine');
  const { mode } = statSync(foreign);
  for (const data of [foreign, join(folder, 'typo'), join(foreign, 'work.txt')]) {
    for (const verb of [['list'], ['create'], ['forecast'], ['undo'], ['verify', '--all']]) {
      expect(await refused(runBackups([...verb, '--yes', '--data', data], io))).toBe('DATA_FOLDER');
    }
  }
  const missing = ['import', join(folder, 'none.backup'), '--yes', '--data', join(folder, 'typo')];
  expect(await refused(runBackups(missing, io))).toBe('NOT_FOUND');
  for (const data of [join(folder, 'typo'), join(foreign, 'work.txt')]) {
    expect(await refused(runDoctor(['--data', data], io))).toBe('DATA_FOLDER');
  }
  expect(readdirSync(foreign)).toEqual(['work.txt']);
  expect(statSync(foreign).mode).toBe(mode);
  expect(existsSync(join(folder, 'typo'))).toBe(false);
});
