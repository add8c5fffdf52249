import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { vaultFolder } from '../../src-main/backup/files/place.ts';
import { runBackups } from '../../src-main/command-line/backups.ts';
import { runDoctor } from '../../src-main/command-line/doctor.ts';
import { savedSettings } from '../../src-main/command-line/saved-settings.ts';
import type { CommandIo } from '../../src-main/command-line/terminal.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { databasePath } from '../../src-main/persistence/file/database.ts';
import { lockDataFolder } from '../../src-main/persistence/file/lock.ts';
import { createOperations } from '../../src-main/persistence/write/operations.ts';
import type { BackupForecast } from '../../src-preload/contract/backups.ts';
import { flipBit, openTestStore, ownFolder, sizeNow, touch } from '../backup/support.ts';
import { manualClock } from '../support/manual-clock.ts';

const collected = (answer: string | null = null) => {
  let out = '';
  let err = '';
  const io: CommandIo = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ask: answer === null ? null : async () => answer,
    programVersion: '0.1.0',
  };
  return { io, out: () => out, err: () => err };
};

/** A data folder with one monitor of that size, nothing running on it. */
async function folderWith(size: string): Promise<string> {
  const dataDir = ownFolder();
  await change(dataDir, size);
  return dataDir;
}

async function change(dataDir: string, size: string): Promise<void> {
  const store = await openTestStore(dataDir, manualClock());
  touch(store, size);
  store.close();
}

async function sizeIn(dataDir: string): Promise<string | undefined> {
  const store = await openTestStore(dataDir, manualClock());
  const size = sizeNow(store);
  store.close();
  return size;
}

async function ask<Answer>(dataDir: string, ...words: string[]): Promise<Answer> {
  const { io, out } = collected();
  await runBackups([...words, '--data', dataDir, '--json'], io);
  return JSON.parse(out()) as Answer;
}

interface Row {
  id: string;
  verified: boolean;
  pinned: boolean;
  counts: Record<string, number>;
}

describe('backups without a running desk', () => {
  it('creates, lists, shows, restores and undoes', async () => {
    const dataDir = await folderWith('1');
    const made = await ask<Row>(dataDir, 'create', '--note', 'by script');
    expect(made).toMatchObject({ verified: true, counts: { monitors: 1 }, note: 'by script' });
    await change(dataDir, '2');
    const listed = await ask<{ backups: Row[]; sources: object[] }>(dataDir, 'list');
    expect(listed.backups.map(({ id }) => id)).toEqual([made.id]);
    expect(listed.sources).toMatchObject([{ id: 'database', kind: 'database' }]);
    expect(await ask(dataDir, 'show', made.id)).toMatchObject({
      problem: null,
      monitorsChanged: ['BTCUSDT long, Main'],
    });
    const restored = await ask<{ text: string }>(dataDir, 'restore', made.id, '--yes');
    expect(restored.text).toMatch(/Restored/);
    expect(await sizeIn(dataDir)).toBe('1');
    await ask(dataDir, 'undo', '--yes');
    expect(await sizeIn(dataDir)).toBe('2');
  });

  it('D16 says what the operator’s own policy would do, and takes the offer of an undo back', async () => {
    const dataDir = await folderWith('1');
    const store = await openTestStore(dataDir, manualClock());
    store.save('settings', {
      settings: { backup: { minimumMinutes: 15, keepRoutine: 1, sizeLimitMB: 20, calendar: null } },
    });
    store.close();
    const made = await ask<Row>(dataDir, 'create');
    await ask(dataDir, 'restore', made.id, '--yes');
    const { backups } = await ask<{ backups: Row[] }>(dataDir, 'list');
    const { fates } = await ask<BackupForecast>(dataDir, 'forecast');
    expect(Object.keys(fates).toSorted()).toEqual(backups.map(({ id }) => id).toSorted());
    expect(fates[made.id]).toMatchObject({ keep: true });
    expect(savedSettings(databasePath(dataDir)).backup).toMatchObject({ keepRoutine: 1 });
    expect(await ask(dataDir, 'dismiss-undo')).toEqual({ dismissed: true });
    await expect(ask(dataDir, 'undo', '--yes')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('brings back a lost database', async () => {
    const dataDir = await folderWith('1');
    const made = await ask<Row>(dataDir, 'create');
    for (const end of ['', '-wal', '-shm']) {
      const path = `${databasePath(dataDir)}${end}`;
      if (existsSync(path)) writeFileSync(path, '');
    }
    await ask(dataDir, 'restore', made.id, '--yes');
    expect(await sizeIn(dataDir)).toBe('1');
  });

  it('verifies with an exit code, pins, exports, imports and deletes', async () => {
    const dataDir = await folderWith('1');
    const first = await ask<Row>(dataDir, 'create');
    const second = await ask<Row>(dataDir, 'create');
    expect(await ask<Row>(dataDir, 'pin', first.id)).toMatchObject({ pinned: true });
    expect(await ask<Row>(dataDir, 'unpin', first.id)).toMatchObject({ pinned: false });
    const folder = ownFolder();
    const { path } = await ask<{ path: string }>(dataDir, 'export', first.id, folder);
    await ask(dataDir, 'delete', first.id, '--yes');
    await ask(dataDir, 'import', path, '--yes');
    flipBit(join(vaultFolder(dataDir), `${second.id}.backup`), 40);
    const { io, out } = collected();
    expect(await runBackups(['verify', '--all', '--data', dataDir, '--json'], io)).toBe(11);
    const { backups } = JSON.parse(out()) as { backups: Row[] };
    expect(backups.filter(({ verified }) => verified)).toHaveLength(1);
    expect(backups).toHaveLength(2);
  });

  it('asks before it replaces or destroys, and is refused without an answer', async () => {
    const dataDir = await folderWith('1');
    const made = await ask<Row>(dataDir, 'create');
    const refused = { code: 'NOT_CONFIRMED' };
    for (const words of [['restore', made.id], ['delete', made.id], ['undo'], ['import', 'x']]) {
      const argv = [...words, '--data', dataDir];
      await expect(runBackups(argv, collected().io)).rejects.toMatchObject(refused);
      await expect(runBackups(argv, collected('no').io)).rejects.toMatchObject(refused);
    }
    await runBackups(['restore', made.id, '--data', dataDir], collected('yes').io);
  });

  it('refuses unknown verbs, flags and words with one sentence and code 2', async () => {
    for (const argv of [['frobnicate'], ['list', '--nope'], ['show'], ['pin', 'a', 'b'], []]) {
      const failure = await runBackups(argv, collected().io).catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'BAD_USAGE', exitCode: 2 });
    }
    const { io, out } = collected();
    expect(await runBackups(['--help'], io)).toBe(0);
    expect(out()).toContain('restore ID');
  });

  it('is refused where another process has the folder and answers no calls', async () => {
    const dataDir = await folderWith('1');
    const lock = lockDataFolder(dataDir, { pid: 4242 });
    onTestFinished(() => lock.release());
    await expect(ask(dataDir, 'list')).rejects.toMatchObject({ code: 'SECOND_INSTANCE' });
  });
});

it('F4 asks the running desk, with its token, and shows its refusals, and no desk of another folder is', async () => {
  const dataDir = ownFolder();
  const calls: [path: string, token: string, body: unknown][] = [];
  let dataFolder = dataDir;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const input = JSON.parse(body) as { id?: string };
      calls.push([request.url ?? '', request.headers.authorization ?? '', input]);
      const missing = { ok: false, error: { code: 'NOT_FOUND', message: 'There is no backup.' } };
      const value = { text: 'ok', dataFolder };
      response.end(JSON.stringify(input.id === 'no' ? missing : { ok: true, value }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const rpc = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`;
  const address = join(dataDir, 'desk.json');
  writeFileSync(address, JSON.stringify({ pid: process.pid, rpc, token: 'secret', dataDir }));
  expect(await ask(dataDir, 'restore', 'b1', '--yes')).toMatchObject({ text: 'ok' });
  expect(await ask(dataDir, 'undo', '--yes')).toMatchObject({ text: 'ok' });
  await expect(ask(dataDir, 'pin', 'no')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(calls.filter(([path]) => !path.endsWith('state.get'))).toEqual([
    ['/rpc/backups.restore', 'Bearer secret', { id: 'b1', confirm: 'b1' }],
    ['/rpc/backups.undo', 'Bearer secret', { confirm: 'UNDO' }],
    ['/rpc/backups.pin', 'Bearer secret', { id: 'no' }],
  ]);
  expect(readdirSync(dataDir)).toEqual(['desk.json']);

  // A copy of the folder holds the original's address, and is never taken for it.
  calls.length = 0;
  const copy = ownFolder();
  copyFileSync(address, join(copy, 'desk.json'));
  await expect(ask(copy, 'restore', 'b1', '--yes')).rejects.toMatchObject({ code: 'DATA_FOLDER' });
  expect(calls).toEqual([]);
  // Nor is a desk asked that answers for another folder.
  dataFolder = copy;
  await expect(ask(dataDir, 'restore', 'b1', '--yes')).rejects.toMatchObject({
    code: 'DATA_FOLDER',
  });
  expect(calls.filter(([path]) => !path.endsWith('state.get'))).toEqual([]);
});

it('F14 a mistyped folder is refused, not made', async () => {
  const typo = join(ownFolder(), 'typo');
  await expect(ask(typo, 'list')).rejects.toMatchObject({ code: 'DATA_FOLDER' });
  expect(existsSync(typo)).toBe(false);
});

it('F14 a desk that is stopped does not keep the command line waiting', async () => {
  const dataDir = await folderWith('1');
  const server = createServer(() => {}); // takes the call and never answers
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const rpc = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`;
  const address = { pid: process.pid, rpc, token: 'secret', dataDir };
  writeFileSync(join(dataDir, 'desk.json'), JSON.stringify(address));
  const lock = lockDataFolder(dataDir, { pid: 4242 });
  onTestFinished(() => lock.release());
  await expect(ask(dataDir, 'list')).rejects.toMatchObject({ code: 'SECOND_INSTANCE' });
});

describe('the doctor', () => {
  const examine = async (dataDir: string) => {
    const { io, out } = collected();
    const code = await runDoctor(['--data', dataDir, '--json'], io);
    return { code, ...(JSON.parse(out()) as { healthy: boolean; findings: { text: string }[] }) };
  };

  it('finds nothing wrong with a folder that is well', async () => {
    const dataDir = await folderWith('1');
    await ask(dataDir, 'create');
    expect(await examine(dataDir)).toMatchObject({ code: 0, healthy: true, findings: [] });
  });

  it('finds a damaged database, a bad backup and a missing one', async () => {
    const dataDir = await folderWith('1');
    expect((await examine(dataDir)).findings).toMatchObject([{ what: 'backups' }]);
    const made = await ask<Row>(dataDir, 'create');
    flipBit(join(vaultFolder(dataDir), `${made.id}.backup`), 40);
    writeFileSync(databasePath(dataDir), 'no database');
    const { code, findings } = await examine(dataDir);
    expect(code).toBe(1);
    expect(findings.map(({ text }) => text).join(' ')).toMatch(
      /database is damaged.*cannot be used.*no usable backup/,
    );
  });

  it('lists the last operations and finds one that never ended', async () => {
    const dataDir = await folderWith('1');
    await ask(dataDir, 'create');
    const clock = manualClock();
    const store = await openTestStore(dataDir, clock);
    store.load();
    let ids = 0;
    const newId = () => `o${ids++}`;
    const begin = createOperations({ save: store.save, newId, clock, log: silentLog });
    const what = { author: 'operator', accounts: ['main'] } as const;
    begin({ ...what, what: 'Arm main' }).commit('main is armed.');
    clock.advance(1_000);
    begin({ ...what, what: 'Close all on main', steps: ['Close everything on main'] });
    store.close();
    const { code, findings } = await examine(dataDir);
    expect(code).toBe(1);
    expect(findings).toEqual([
      {
        what: 'operations',
        text: '“Close all on main” was interrupted. Holdfast stopped before it was finished. Done: nothing. Not done: Close everything on main.',
      },
    ]);
    const { io, out } = collected();
    await runDoctor(['--data', dataDir], io);
    expect(out()).toMatch(
      /Last operations \(UTC\):\n.* {2}running {2}Close all on main\.\n.* {2}committed {2}Arm main\. main is armed\.\n/,
    );
  });

  it('says so where there is nothing yet', async () => {
    const dataDir = join(ownFolder(), 'empty');
    mkdirSync(dataDir);
    const { findings } = await examine(dataDir);
    expect(findings.map(({ text }) => text).join(' ')).toMatch(/no database.*no backups yet/);
    expect(readdirSync(dataDir)).toEqual([]);
  });
});
