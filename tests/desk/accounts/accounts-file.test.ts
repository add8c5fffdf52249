import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readAccountsFile } from '../../../src-main/desk/accounts/accounts-file.ts';
import { Failure } from '../../../src-main/domain/failure.ts';

const SECRET = 'sEcReT-123456';
const local = {
  id: 'main',
  role: 'main',
  mode: 'watch',
  restUrl: 'http://127.0.0.1:9',
  wsPrivateUrl: 'ws://127.0.0.1:9/v5/private',
  wsPublicUrl: 'ws://127.0.0.1:9/v5/public/linear',
  apiKey: 'k',
  apiSecret: SECRET,
};

function fileWith(content: unknown, mode = 0o600): string {
  const path = join(mkdtempSync(join(tmpdir(), 'holdfast-accounts-')), 'accounts.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  chmodSync(path, mode);
  return path;
}

function refusal(path: string): string {
  try {
    readAccountsFile(path);
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).toBe('BAD_ACCOUNTS_FILE');
    return (error as Failure).message;
  }
  throw new Error('It was not refused.');
}

test('accounts are read as written; a venue by name brings its own addresses', () => {
  const { restUrl: _a, wsPrivateUrl: _b, wsPublicUrl: _c, ...named } = local;
  const accounts = readAccountsFile(
    fileWith({ accounts: [local, { ...named, id: 'mirror', role: 'mirror', venue: 'testnet' }] }),
  );
  expect(accounts[0]).toEqual({ ...local, venue: 'custom' });
  expect(accounts[1]).toMatchObject({ id: 'mirror', venue: 'testnet', mode: 'watch' });
  expect(accounts[1]?.restUrl).toContain('testnet');
});

test('an account whose mode is not given only watches', () => {
  const { mode: _, ...silent } = local;
  expect(readAccountsFile(fileWith({ accounts: [silent] }))[0]?.mode).toBe('watch');
});

test.skipIf(process.platform === 'win32')('a file that others can read is refused', () => {
  expect(refusal(fileWith({ accounts: [local] }, 0o644))).toContain('chmod 600');
});

test('what is wrong is named, and no secret is ever quoted', () => {
  const { wsPublicUrl: _, ...halfAddressed } = local;
  const cases: [unknown, string][] = [
    ['{', 'is not JSON'],
    ['null', 'is not valid'],
    ['[]', 'is not valid'],
    ['', 'is not JSON'],
    [{ accounts: [] }, 'accounts'],
    [{ accounts: [{ ...local, role: 'boss' }] }, 'role'],
    [{ accounts: [{ ...local, restUrl: 'ftp://x' }] }, 'restUrl'],
    [{ accounts: [halfAddressed] }, 'wsPublicUrl'],
    [{ accounts: [{ ...local, venue: 'live' }] }, 'venue'],
    [{ accounts: [{ ...local, extra: SECRET }] }, 'extra'],
    [{ accounts: [local, local] }, 'twice'],
  ];
  for (const [content, expected] of cases) {
    const message = refusal(fileWith(content));
    expect(message).toContain(expected);
    expect(message).not.toContain(SECRET);
  }
  expect(refusal('/nowhere/accounts.json')).toContain('does not exist');
  expect(refusal(tmpdir())).toContain('is not a file');
});
