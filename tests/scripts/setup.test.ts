import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const scripts = join(import.meta.dirname, '../../scripts');

/** A project of its own, with an npm that takes a moment and keeps count of its calls. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast scripts '));
  cpSync(scripts, join(folder, 'scripts'), { recursive: true });
  writeFileSync(join(folder, 'package-lock.json'), '{"lock":1}');
  writeFileSync(
    join(folder, 'main.mjs'),
    `import { installed } from './scripts/setup.mjs';
     import { runScript } from './scripts/say.mjs';
     await runScript(async () => { await installed(); process.stdout.write('ready'); return 0; });`,
  );
  giveNpm(`fs.rmSync('node_modules', { recursive: true, force: true });
    await new Promise((done) => setTimeout(done, 300));
    fs.mkdirSync('node_modules');
    fs.writeFileSync('node_modules/.package-lock.json', '{}');`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const npm = (): string => join(folder, 'npm-cli.js');
const giveNpm = (work: string): void =>
  writeFileSync(
    npm(),
    `import fs from 'node:fs';
     fs.appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
     ${work}`,
  );
const calls = (): string[] =>
  existsSync(join(folder, 'calls'))
    ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n')
    : [];

interface Ended {
  code: number | null;
  out: string;
  said: string;
}

const begin = (): { child: ChildProcess; ended: Promise<Ended> } => {
  const child = spawn(process.execPath, ['main.mjs'], {
    cwd: folder,
    env: { ...process.env, npm_execpath: npm(), npm_node_execpath: process.execPath },
  });
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, said]) => ({ code: code as number | null, out, said }),
  );
  return { child, ended };
};
const start = (): Promise<Ended> => begin().ended;

describe('set-up before a start', () => {
  test('installs what the lock names once, however many starts there are at a time', async () => {
    const starts = await Promise.all([start(), start(), start()]);
    for (const one of starts) expect(one).toMatchObject({ code: 0, out: 'ready' });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(/^ci /);
    expect((await start()).said).toBe('');
    expect(calls()).toHaveLength(1);
  });

  test('installs again when the lock has changed', async () => {
    await start();
    writeFileSync(join(folder, 'package-lock.json'), '{"lock":2}');
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(folder, 'package-lock.json'), later, later);
    expect((await start()).code).toBe(0);
    expect(calls()).toHaveLength(2);
  });

  test('takes an installation made by hand for one', async () => {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{}');
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(folder, 'node_modules', '.package-lock.json'), later, later);
    expect(await start()).toMatchObject({ code: 0, said: '' });
    expect(calls()).toEqual([]);
  });

  test('says what failed, and tries again at the next start', async () => {
    giveNpm(`process.stderr.write('npm error network'); process.exit(1);`);
    const failed = await start();
    expect(failed).toMatchObject({ code: 1, out: '' });
    expect(failed.said).toContain('npm error network');
    expect(failed.said).toContain('could not be installed');
    expect(existsSync(join(folder, '.setup-lock'))).toBe(false);
    await start();
    expect(calls()).toHaveLength(2);
  });

  test('a lock left by a killed start is broken', async () => {
    const lock = join(folder, '.setup-lock');
    writeFileSync(lock, '');
    const long = new Date(Date.now() - 60_000);
    utimesSync(lock, long, long);
    expect(await start()).toMatchObject({ code: 0, out: 'ready' });
    expect(existsSync(lock)).toBe(false);
  });

  test('an interrupted one ends, with its npm, and leaves no lock', async () => {
    giveNpm(`await new Promise((done) => setTimeout(done, 60_000));`);
    const { child, ended } = begin();
    await vi.waitUntil(() => calls().length === 1, 10_000);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 143, out: '' });
    expect(existsSync(join(folder, '.setup-lock'))).toBe(false);
  });
});

test('F1 a desk that broke off is started anew and that is said; one ended from outside stays ended', async () => {
  const run = async (first: string): Promise<Ended & { starts: number }> => {
    rmSync(join(folder, 'starts'), { force: true });
    writeFileSync(
      join(folder, 'desk.mjs'),
      `import fs from 'node:fs';
       fs.appendFileSync('starts', 'x');
       if (fs.readFileSync('starts', 'utf8') === 'x') ${first};`,
    );
    writeFileSync(
      join(folder, 'main.mjs'),
      `import { runDesk } from './scripts/setup.mjs';
       import { runScript } from './scripts/say.mjs';
       await runScript(() => runDesk(process.execPath, ['desk.mjs']));`,
    );
    const ended = await start();
    return { ...ended, starts: readFileSync(join(folder, 'starts'), 'utf8').length };
  };
  const brokeOff = await run('process.exit(70)');
  expect(brokeOff).toMatchObject({ code: 0, starts: 2 });
  expect(brokeOff.said).toContain('restarting it');
  expect(await run("process.kill(process.pid, 'SIGSEGV')")).toMatchObject({ code: 0, starts: 2 });
  expect(await run("process.kill(process.pid, 'SIGKILL')")).toMatchObject({ code: 137, starts: 1 });
  expect(await run('process.exit(8)')).toMatchObject({ code: 8, starts: 1 });
});

describe('flags are refused before anything is set up', () => {
  test.each([
    ['start.mjs', ['--nope'], '--nope'],
    ['start.mjs', ['--port', '1e3'], '--port'],
    ['start.mjs', ['--data', ''], '--data'],
    ['start.mjs', ['stray'], 'stray'],
    ['run.mjs', ['nope'], 'nope'],
    ['test.mjs', ['tests/one.test.ts'], 'tests/one.test.ts'],
    ['package.mjs', ['--nope'], '--nope'],
  ])('%s %j', async (script, args, named) => {
    const child = spawn(process.execPath, [join('scripts', script), ...args], { cwd: folder });
    const [said, out, [code]] = await Promise.all([
      text(child.stderr),
      text(child.stdout),
      once(child, 'close'),
    ]);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(said).toContain(named);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(existsSync(join(folder, '.setup-lock'))).toBe(false);
  });
});
