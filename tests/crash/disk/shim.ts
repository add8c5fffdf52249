import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { preloading, settingsOf, type Watching } from './watching.ts';

const source = join(import.meta.dirname, './shim.c');

/** The built recorder, or why there is none on this machine. */
export function buildShim(): { path: string } | { skipped: string } {
  if (process.platform !== 'linux')
    return { skipped: 'Files are watched by preloading, on Linux only.' };
  const name = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const folder = join(tmpdir(), `holdfast-disk-${userInfo().uid}`);
  const path = join(folder, `${name}.so`);
  if (existsSync(path)) return { path };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  const flags = ['-shared', '-fPIC', '-O2', '-o', draft, source, '-ldl', '-lpthread'];
  try {
    execFileSync('cc', flags, { stdio: 'pipe' });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!missing) throw error;
    return { skipped: 'A C compiler (cc) is needed to build the recorder of file calls.' };
  }
  renameSync(draft, path);
  return { path };
}

export interface Ended {
  code: number | null;
  said: string[];
  errors: string;
}

/** Runs a script of ours under the shim and waits for its end, however it comes. */
export async function runWatched(
  shim: string,
  script: string,
  args: string[],
  watching: Watching,
): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...preloading(shim),
      ...settingsOf(watching),
    },
  });
  let said = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said: said.split('\n').filter(Boolean), errors };
}
