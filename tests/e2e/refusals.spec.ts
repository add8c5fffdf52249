import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { refusedDesk } from '../support/served-desk.ts';
import { expect, test } from './fixture.ts';

const oneSentence = (said: string): void => {
  expect(said).not.toMatch(/\n\s+at /);
  expect(said.trim().length).toBeGreaterThan(20);
};

test('a second desk on the same folder ends with 3 and names the first one’s pid', async ({
  folder,
  serve,
}) => {
  const first = await serve();
  const { code, said } = await refusedDesk(['--data', folder, '--port', '0']);
  expect(code).toBe(3);
  expect(said).toContain(String(first.pid));
  oneSentence(said);
  expect((await first.slice('health')).dataFolder).toBe(folder);
});

test('an unknown flag ends with 2', async ({ folder }) => {
  const { code, said } = await refusedDesk(['--data', folder, '--prot', '1']);
  expect(code).toBe(2);
  expect(said).toContain('--prot');
  oneSentence(said);
});

test('a busy port ends with 4, names the port, and leaves the folder free', async ({
  folder,
  serve,
}) => {
  const busy = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => busy.once('listening', resolve));
  const { port } = busy.address() as AddressInfo;
  const { code, said } = await refusedDesk(['--data', folder, '--port', String(port)]);
  busy.close();
  expect(code).toBe(4);
  expect(said).toContain(String(port));
  await serve();
});

test('a data folder that cannot be one ends with 5', async ({ folder }) => {
  const file = join(folder, 'a file');
  writeFileSync(file, 'not a folder');
  const { code, said } = await refusedDesk(['--data', file, '--port', '0']);
  expect(code).toBe(5);
  expect(said).toContain(file);
  oneSentence(said);
});

test('a damaged database ends with 8, is kept, and --recover brings it back', async ({
  folder,
  serve,
}) => {
  const first = await serve();
  await expect.poll(async () => (await first.slice('monitors')).rows.length).toBe(60);
  expect((await first.call('backups.create', {})).ok).toBe(true);
  expect(await first.end('SIGTERM')).toBe(0);
  const database = readdirSync(folder).find((name) => /\.(db|sqlite)$/.test(name)) ?? '';
  expect(database).not.toBe('');
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`${database}-`)) writeFileSync(join(folder, name), '');
  }
  writeFileSync(join(folder, database), 'This is no database any more. '.repeat(500));
  const { code, said } = await refusedDesk(['--data', folder, '--port', '0']);
  expect(code).toBe(8);
  expect(said).toContain('--recover');
  oneSentence(said);
  // Set aside, never thrown away.
  const contents = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  expect(contents.some((text) => text.startsWith('This is no database'))).toBe(true);

  const recovered = await serve('--recover');
  expect((await recovered.slice('backups')).paused).not.toBeNull();
  await expect.poll(async () => (await recovered.slice('monitors')).rows.length).toBe(60);
});

test('an accounts file that others can read ends with 10', async ({ folder }) => {
  test.skip(process.platform === 'win32', 'Windows has no file modes.');
  const file = join(folder, 'accounts.json');
  writeFileSync(file, '{"accounts":[]}', { mode: 0o644 });
  mkdirSync(join(folder, 'data'));
  const args = ['--data', join(folder, 'data'), '--accounts', file, '--port', '0'];
  const { code, said } = await refusedDesk(args);
  expect(code).toBe(10);
  expect(said).toContain('chmod 600');
});

test('a page without the key is refused', async ({ serve }) => {
  const desk = await serve();
  const { origin } = new URL(desk.url);
  expect((await fetch(origin)).status).toBe(401);
  expect((await fetch(`${origin}/rpc/state.get`, { method: 'POST', body: '{}' })).status).toBe(401);
});
