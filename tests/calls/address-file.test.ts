import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tellWhereItIs } from '../../src-main/calls/address-file.ts';
import { silentLog } from '../../src-main/domain/log.ts';

const ownFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-address-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
const where = { pid: 1, rpc: 'http://127.0.0.1:1/rpc', token: 'the-token' };

test('D16 the token is written only once nobody else may read the file, and goes with the desk', () => {
  const dataDir = ownFolder();
  const path = join(dataDir, 'desk.json');
  let before = '-';
  const forget = tellWhereItIs(dataDir, where, silentLog, () => {
    before = readFileSync(path, 'utf8');
  });
  expect(before).toBe('');
  expect(readFileSync(path, 'utf8')).toContain('the-token');
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  forget();
  expect(existsSync(path)).toBe(false);
});

test('D16 where others cannot be kept from it no token is left', () => {
  const dataDir = ownFolder();
  const refused = (): never => {
    throw new Error('Access is denied.');
  };
  tellWhereItIs(dataDir, where, silentLog, refused);
  expect(readFileSync(join(dataDir, 'desk.json'), 'utf8')).toBe('');
});

test('F14 an address that can neither be left nor removed is told, and nothing else stops for it', () => {
  const told: string[] = [];
  const log = { ...silentLog, warn: (text: string) => void told.push(text) };
  tellWhereItIs(join(ownFolder(), 'x'.repeat(300)), where, log)();
  expect(told).toEqual([
    'The command line will not find this running Holdfast',
    'The address of this Holdfast could not be removed',
  ]);
});
