import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Failure } from '../../../src-main/domain/failure.ts';
import { connect, createEmpty, databasePath } from '../../../src-main/persistence/file/database.ts';
import { lockDataFolder } from '../../../src-main/persistence/file/lock.ts';
import { ownFolder } from '../support.ts';

const lockModule = fileURLToPath(
  new URL('../../../src-main/persistence/file/lock.ts', import.meta.url),
);

const databaseModule = fileURLToPath(
  new URL('../../../src-main/persistence/file/database.ts', import.meta.url),
);

function failureOf(act: () => unknown): Failure {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

test('a second instance is told who was first, and a killed first one lets go', async () => {
  const dataDir = ownFolder();
  const script = `
    const { lockDataFolder } = await import(process.argv[1]);
    lockDataFolder(process.argv[2], { pid: process.pid });
    console.log('locked');
    setInterval(() => {}, 1000);`;
  const first = spawn(
    process.execPath,
    ['--input-type=module', '--eval', script, lockModule, dataDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void first.kill('SIGKILL'));
  await once(first.stdout, 'data');

  const failure = failureOf(() => lockDataFolder(dataDir, { pid: process.pid }));
  expect(failure.code).toBe('SECOND_INSTANCE');
  expect(failure.exitCode).toBe(3);
  expect(failure.message).toContain(`process ${first.pid}`);

  first.kill('SIGKILL');
  await once(first, 'exit');
  const lock = lockDataFolder(dataDir, { pid: process.pid });
  expect(readFileSync(join(dataDir, 'holdfast.pid'), 'utf8').trim()).toBe(String(process.pid));
  expect(failureOf(() => lockDataFolder(dataDir, { pid: 1 })).code).toBe('SECOND_INSTANCE');
  lock.release();
  lockDataFolder(dataDir, { pid: process.pid }).release();
});

test('F14 without its lock file a desk that runs still keeps a second one out', async () => {
  const dataDir = ownFolder();
  const script = `
    const [lock, database, folder] = process.argv.slice(1);
    const { lockDataFolder } = await import(lock);
    const { createEmpty, connect } = await import(database);
    globalThis.lock = lockDataFolder(folder, { pid: process.pid });
    createEmpty(folder + '/holdfast.db', 0, () => {});
    globalThis.db = connect(folder + '/holdfast.db');
    console.log('open');
    setInterval(() => {}, 1000);`;
  const first = spawn(
    process.execPath,
    ['--input-type=module', '--eval', script, lockModule, databaseModule, dataDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void first.kill('SIGKILL'));
  await once(first.stdout, 'data');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const failure = failureOf(() => lockDataFolder(dataDir, { pid: process.pid }));
    expect(failure.code).toBe('SECOND_INSTANCE');
    expect(failure.message).toContain(`process ${first.pid}`);
    rmSync(join(dataDir, 'holdfast.lock'));
  }
  first.kill('SIGKILL');
  await once(first, 'exit');
  lockDataFolder(dataDir, { pid: process.pid }).release();
});

test('who only looks at the database keeps no desk out, whether the last one was stopped or killed', () => {
  const dataDir = ownFolder();
  lockDataFolder(dataDir, { pid: process.pid }).release();
  createEmpty(databasePath(dataDir), 0, () => {});
  const looking = connect(databasePath(dataDir));
  onTestFinished(() => void looking.close());
  lockDataFolder(dataDir, { pid: process.pid }).release();
  writeFileSync(join(dataDir, 'holdfast.pid'), '4194305\n'); // beyond any process there can be
  lockDataFolder(dataDir, { pid: process.pid }).release();
});

test('F14 one whose lock file went before its database was open gives way', () => {
  const dataDir = ownFolder();
  const first = lockDataFolder(dataDir, { pid: 1 });
  onTestFinished(() => first.release());
  first.confirm();
  rmSync(join(dataDir, 'holdfast.lock'));
  expect(failureOf(() => first.confirm()).code).toBe('SECOND_INSTANCE');
  const second = lockDataFolder(dataDir, { pid: 2 });
  onTestFinished(() => second.release());
  expect(failureOf(() => first.confirm()).message).toContain('process 2');
  second.confirm();
});

test('a folder that cannot be one is refused with a sentence', () => {
  const file = join(ownFolder(), 'taken');
  writeFileSync(file, '');
  expect(failureOf(() => lockDataFolder(file, { pid: 1 })).code).toBe('DATA_FOLDER');
  const below = failureOf(() => lockDataFolder(join(file, 'deeper'), { pid: 1 }));
  expect(below.code).toBe('DATA_FOLDER');
  expect(below.message).toContain('Choose another folder');
});
