import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AlertRow } from '../../src-preload/contract/alerts.ts';
import { commands } from '../../src-preload/contract/commands/index.ts';
import type { DeskLink } from '../../src-preload/contract/link.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import { type Push, sliceNames } from '../../src-preload/contract/slices.ts';

type StandIn = typeof import('../support/electron.ts');

let folder: string;
let electron: StandIn;

/** A fresh Electron and a fresh copy of the program, which has not started yet. */
async function prepare(): Promise<void> {
  vi.resetModules();
  electron = await import('../support/electron.ts');
  folder = mkdtempSync(join(tmpdir(), 'holdfast desktop '));
  const renderer = join(folder, 'out', 'renderer');
  mkdirSync(renderer, { recursive: true });
  writeFileSync(join(renderer, 'index.html'), '<!doctype html><title>Holdfast</title>');
  writeFileSync(join(folder, 'out', 'secret.js'), 'no page');
  electron.standIn.root = folder;
  electron.standIn.switches = { data: join(folder, 'data') };
}

async function tidy(): Promise<void> {
  if (electron.standIn.windows.length > 0 && electron.standIn.exited === null) {
    electron.app.quit();
    await exit();
  }
  rmSync(folder, { recursive: true, force: true });
}

const exit = (): Promise<number | null> =>
  vi.waitUntil(() => electron.standIn.exited !== null, 10_000).then(() => electron.standIn.exited);

/** Starts the real entry; answers when its window shows the page, and with what the page is given. */
async function started(): Promise<{
  desk: DeskLink;
  window: InstanceType<StandIn['BrowserWindow']>;
}> {
  await import('../../src-main/main.ts');
  const window = await vi.waitUntil(
    () => electron.standIn.windows.find((one) => one.webContents.mainFrame.url !== ''),
    15_000,
  );
  electron.standIn.caller = {
    sender: window.webContents,
    senderFrame: window.webContents.mainFrame,
  };
  await import('../../src-preload/index.ts');
  return { desk: electron.standIn.world['desk'] as DeskLink, window };
}

const positionsOf = async (desk: DeskLink): Promise<PositionRow[]> => {
  const answer = await desk.call('state.get', { slice: 'positions' });
  if (!answer.ok) throw new Error(answer.error.message);
  return (answer.value as { rows: PositionRow[] }).rows;
};

describe('the desktop shell, once started', () => {
  let desk: DeskLink;
  let window: InstanceType<StandIn['BrowserWindow']>;
  beforeAll(async () => {
    await prepare();
    ({ desk, window } = await started());
  }, 30_000);
  afterAll(tidy);
  afterEach(() => {
    const { webContents } = window;
    electron.standIn.caller = { sender: webContents, senderFrame: webContents.mainFrame };
  });

  test('shows the desk: 60 positions of the practice exchange through preload and ipc', async () => {
    const positions = await vi.waitUntil(async () => {
      const rows = await positionsOf(desk);
      return rows.length === 60 && rows;
    }, 15_000);
    expect(new Set(positions.map((row) => row.account)).size).toBe(2);
    expect(window.shown).toBe(true);
    const sentence = 'All 60 positions are protected.';
    await vi.waitUntil(() => electron.standIn.trays[0]?.tip === `Holdfast: ${sentence}`, 10_000);
    expect(window.title).toBe(`${sentence} Holdfast`);
    const answer = await desk.call('state.get', { slice: 'verdict' });
    expect(answer).toMatchObject({ ok: true, value: { severity: 'ok', sentence } });
  });

  test('every slice reaches the page after it asked, once also after a reload', async () => {
    const pushes: Push[] = [];
    const stop = desk.subscribe((push) => pushes.push(push));
    await vi.waitUntil(() =>
      sliceNames.every((name) => pushes.some((push) => push.slice === name)),
    );
    stop();
    const heard = pushes.length;
    desk.subscribe((push) => pushes.push(push));
    const again = await vi.waitUntil(
      () => pushes.slice(heard).filter((push) => push.slice === 'settings').length > 0,
    );
    expect(again).toBe(true);
    expect(pushes.slice(heard).filter((push) => push.slice === 'settings')).toHaveLength(1);
  });

  test('a command does its work, and what does not fit is refused with a sentence', async () => {
    const changed = await desk.call('settings.update', { routineSaveSeconds: 45 });
    expect(changed).toMatchObject({ ok: true, value: { routineSaveSeconds: 45 } });
    const refused = await desk.call('settings.update', { routineSaveSeconds: -1 });
    expect(refused).toMatchObject({ ok: false, error: { code: 'BAD_INPUT' } });
    expect(await desk.call('backups.verify', { id: 'none' })).toMatchObject({ ok: false });
  });

  test('every command of the contract has its one handler', async () => {
    for (const command of Object.keys(commands)) {
      expect(() => electron.ipcMain.handle(`desk:${command}`, () => null)).toThrow(
        'second handler',
      );
    }
  });

  test('only the main frame of our own page is heard', async () => {
    const { webContents } = window;
    const stranger = new electron.WebContents();
    stranger.mainFrame.url = 'app://holdfast/';
    const callers = [
      { sender: webContents, senderFrame: { url: 'app://holdfast/frame.html' } },
      { sender: webContents, senderFrame: null },
      { sender: stranger, senderFrame: stranger.mainFrame },
    ];
    for (const caller of callers) {
      electron.standIn.caller = caller;
      expect(await desk.call('cache.sweep', {})).toMatchObject({ error: { code: 'REFUSED' } });
    }
    electron.standIn.caller = { sender: webContents, senderFrame: webContents.mainFrame };
    webContents.mainFrame.url = 'https://example.org/';
    expect(await desk.call('cache.sweep', {})).toMatchObject({ error: { code: 'REFUSED' } });
    webContents.mainFrame.url = 'app://holdfast/';
    expect(await desk.call('cache.sweep', {})).toMatchObject({ ok: true });
  });

  test('the window is sandboxed and stays at home', async () => {
    expect(window.options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
    });
    const { webContents } = window;
    expect(webContents.opens('https://example.org/')).toBe(false);
    expect(webContents.goes('will-navigate', 'https://example.org/')).toBe(false);
    expect(webContents.goes('will-redirect', 'app://holdfast.example.org/')).toBe(false);
    expect(webContents.goes('will-attach-webview', 'app://holdfast/')).toBe(false);
    expect(webContents.goes('will-navigate', 'app://holdfast/')).toBe(true);
    expect(electron.standIn.permissions).toEqual({ asked: false, checked: false });
  });

  test('app:// serves the built page with a strict policy and nothing outside it', async () => {
    const page = await electron.fetchPage('app://holdfast/');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-|\*/);
    const outside = [
      '../secret.js',
      '..%2fsecret.js',
      '%2e%2e/secret.js',
      '..%5csecret.js',
      '%zz.js',
    ];
    for (const path of outside) {
      expect((await electron.fetchPage(`app://holdfast/${path}`)).status, path).toBe(404);
    }
    expect((await electron.fetchPage('app://elsewhere/index.html')).status).toBe(404);
    expect((await electron.fetchPage('app://holdfast/', { method: 'POST' })).status).toBe(405);
  });
});

const told = async (...argv: string[]): Promise<{ code: number; out: string }> => {
  const { runBackups } = await import('../../src-main/command-line/backups.ts');
  let out = '';
  const say = (text: string): void => void (out += text);
  const io = { out: say, err: say, ask: null, programVersion: '0' };
  return { code: await runBackups([...argv, '--data', join(folder, 'data')], io), out };
};

test('D16 the command line reaches the desk of a window that is open, and the folder once it is closed', async () => {
  await prepare();
  const { desk } = await started();
  const address = join(folder, 'data', 'desk.json');
  await vi.waitUntil(() => existsSync(address), 15_000);
  if (process.platform !== 'win32') expect(statSync(address).mode & 0o077).toBe(0);
  const made = await told('create', '--note', 'from the command line', '--json');
  const { id } = JSON.parse(made.out) as { id: string };
  const answer = await desk.call('state.get', { slice: 'backups' });
  expect(answer).toMatchObject({
    ok: true,
    value: { backups: expect.arrayContaining([expect.objectContaining({ id })]) },
  });
  const { runDoctor } = await import('../../src-main/command-line/doctor.ts');
  let said = '';
  const say = (text: string): void => void (said += text);
  const io = { out: say, err: say, ask: null, programVersion: '0' };
  await runDoctor(['--data', join(folder, 'data'), '--json'], io);
  expect(JSON.parse(said)).toMatchObject({ running: true });
  electron.app.quit();
  await exit();
  expect(existsSync(address)).toBe(false);
  expect((await told('list')).out).toContain(id);
  await tidy();
}, 60_000);

describe('the desktop shell', () => {
  beforeEach(prepare);
  afterEach(tidy);

  test('quitting flushes the desk, keeps where the window stood, and ends with 0', async () => {
    await started();
    const tray = electron.standIn.trays[0];
    electron.app.quit();
    expect(await exit()).toBe(0);
    expect(tray?.gone).toBe(true);
    expect(existsSync(join(folder, 'data', 'window.json'))).toBe(true);
  });

  test.each([
    ['long after the start it is started anew', 3_600, true],
    ['soon after the start it says that nobody watches', 5, false],
  ])('F1 something unforeseen ends it cleanly with 70: %s', async (_name, uptime, relaunched) => {
    await started();
    vi.spyOn(process, 'uptime').mockReturnValue(uptime);
    const listener = process.listeners('uncaughtException').at(-1) as (error: Error) => void;
    listener(new Error('from a callback nobody guards'));
    expect(await exit()).toBe(70);
    vi.restoreAllMocks();
    expect(electron.standIn.relaunched).toBe(relaunched);
    expect(electron.standIn.boxes.join()).toMatch(relaunched ? /^$/ : /nothing watches/);
    expect(existsSync(join(folder, 'data', 'window.json'))).toBe(true);
  });

  test('a second start on the same folder leaves and shows the first one’s window', async () => {
    const { window } = await started();
    window.close();
    expect(electron.standIn.exited).toBeNull();
    electron.app.emit('second-instance');
    expect(electron.standIn.windows).toHaveLength(2);
    electron.app.quit();
    await exit();

    vi.resetModules();
    const second: StandIn = await import('../support/electron.ts');
    second.standIn.lockTaken = true;
    second.standIn.switches = { data: join(folder, 'data') };
    await import('../../src-main/main.ts');
    expect(second.standIn.exited).toBe(0);
    expect(second.standIn.windows).toHaveLength(0);
  });

  test('after sleep everything is read anew', async () => {
    const { desk } = await started();
    await vi.waitUntil(async () => (await positionsOf(desk)).length === 60, 15_000);
    const calls = async (): Promise<number> => {
      const answer = await desk.call('state.get', { slice: 'cache' });
      const { kinds } = (answer.ok ? answer.value : { kinds: [] }) as {
        kinds: { restCalls: number }[];
      };
      return kinds.reduce((total, kind) => total + kind.restCalls, 0);
    };
    const before = await calls();
    electron.powerMonitor.emit('resume');
    await vi.waitUntil(async () => (await calls()) > before);
  });
});

describe('the desktop shell with accounts of its own', () => {
  beforeEach(prepare);
  afterEach(tidy);

  const accounts = {
    accounts: [
      {
        id: 'main',
        role: 'main',
        restUrl: 'http://127.0.0.1:9',
        wsPrivateUrl: 'ws://127.0.0.1:9',
        wsPublicUrl: 'ws://127.0.0.1:9',
        apiKey: 'the-key',
        apiSecret: 'the-secret',
      },
    ],
  };
  const giveFile = (): string => {
    const file = join(folder, 'accounts.json');
    writeFileSync(file, JSON.stringify(accounts), { mode: 0o600 });
    electron.standIn.switches['accounts'] = file;
    return file;
  };
  const sealed = (): string => join(folder, 'data', 'accounts.sealed');

  test('P54 secrets are kept under the system’s keychain, not as text', async () => {
    giveFile();
    const { accountsToConnect } = await import('../../src-main/desktop/keychain.ts');
    await electron.app.whenReady();
    mkdirSync(join(folder, 'data'));
    const given = await accountsToConnect(join(folder, 'accounts.json'), sealed());
    expect(readFileSync(sealed(), 'utf8')).not.toContain('the-secret');
    expect(await accountsToConnect(null, sealed())).toEqual(given);
  });

  test('D15 sealed accounts are replaced whole: never is the file half written', async () => {
    giveFile();
    const { accountsToConnect } = await import('../../src-main/desktop/keychain.ts');
    await electron.app.whenReady();
    mkdirSync(join(folder, 'data'));
    await accountsToConnect(join(folder, 'accounts.json'), sealed());
    const before = readFileSync(sealed());
    linkSync(sealed(), join(folder, 'what-was-there'));
    await accountsToConnect(join(folder, 'accounts.json'), sealed());
    // Another file took its name; what was written before was not touched.
    expect(statSync(sealed()).ino).not.toBe(statSync(join(folder, 'what-was-there')).ino);
    expect(readFileSync(join(folder, 'what-was-there')).equals(before)).toBe(true);
    expect(readdirSync(join(folder, 'data')).filter((name) => name.startsWith('accounts'))).toEqual(
      ['accounts.sealed'],
    );
  });

  test('P54 without a keychain nothing is kept', async () => {
    giveFile();
    electron.standIn.keychain = 'basic_text';
    const { accountsToConnect } = await import('../../src-main/desktop/keychain.ts');
    await electron.app.whenReady();
    await accountsToConnect(join(folder, 'accounts.json'), sealed());
    expect(existsSync(sealed())).toBe(process.platform !== 'linux');
  });

  test('sealed accounts that cannot be opened are a refusal, never the practice exchange', async () => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(sealed(), 'from another machine');
    await import('../../src-main/main.ts');
    expect(await exit()).toBe(10);
    expect(electron.standIn.boxes.join()).toContain('sealed accounts');
  });
});

describe('the desktop shell refuses with a sentence', () => {
  beforeEach(prepare);
  afterEach(tidy);

  test('a flag without its value', async () => {
    electron.standIn.switches = { data: '' };
    await import('../../src-main/main.ts');
    expect(await exit()).toBe(2);
    expect(electron.standIn.boxes.join()).toContain('--data needs a value');
  });

  test('D16 a damaged database: a question whose default changes nothing, and starting empty asks twice', async () => {
    const { Failure } = await import('../../src-main/domain/failure.ts');
    const { openWithConsent } = await import('../../src-main/desktop/opening.ts');
    let tries: string[] = [];
    const open = async (onDamage: string): Promise<string> => {
      tries.push(onDamage);
      if (onDamage === 'refuse') throw new Failure('DATABASE_DAMAGED', 'It is damaged.');
      return 'desk';
    };
    const answering = async (...answers: number[]): Promise<unknown> => {
      tries = [];
      electron.standIn.boxes = [];
      electron.standIn.answers = answers;
      return openWithConsent(open).catch((error: Error) => error.message);
    };
    expect(await answering(0)).toBe('It is damaged.');
    expect(tries).toEqual(['refuse']);
    expect(await answering(1)).toBe('desk');
    expect(tries).toEqual(['refuse', 'recover']);
    expect(electron.standIn.boxes).toHaveLength(1);
    // The second question's default goes back to the first.
    expect(await answering(2, 0, 0)).toBe('It is damaged.');
    expect(tries).toEqual(['refuse']);
    expect(await answering(2, 1)).toBe('desk');
    expect(tries).toEqual(['refuse', 'start-empty']);
    expect(electron.standIn.boxes).toHaveLength(2);
  });
});

test('new alerts are shown once as notifications, those that stood before are not', async () => {
  await prepare();
  const { setupNotifications } = await import('../../src-main/desktop/notifications.ts');
  await electron.app.whenReady();
  let push: (push: Push) => void = () => {};
  const calls = {
    call: () => Promise.reject(new Error('not called')),
    subscribe: (listener: (push: Push) => void) => {
      push = listener;
      return () => {};
    },
  };
  let shown = 0;
  setupNotifications(calls, () => {
    shown += 1;
  });
  const alert = (id: string, severity: AlertRow['severity']): AlertRow => ({
    id,
    severity,
    rule: 'a rule',
    account: null,
    symbol: null,
    text: `text ${id}`,
    at: 0,
  });
  const at = { slice: 'alerts' as const, epoch: 'e', version: 1 };
  push({ ...at, whole: [alert('1', 'critical')] });
  push({ ...at, changed: [alert('2', 'critical'), alert('3', 'info')], removed: [] });
  push({ ...at, changed: [alert('2', 'critical')], removed: [] });
  push({ ...at, whole: [alert('1', 'critical'), alert('2', 'critical'), alert('4', 'warning')] });
  const { notifications } = electron.standIn;
  expect(notifications.map((one) => one.options.body)).toEqual(['text 2', 'text 4']);
  notifications[0]?.emit('click');
  expect(shown).toBe(1);
  await tidy();
});
