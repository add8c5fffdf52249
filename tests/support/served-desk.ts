import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { webShell } from '../../scripts/programs.mjs';
import type {
  CommandInput,
  CommandName,
  CommandOutput,
} from '../../src-preload/contract/commands/index.ts';
import type { Answer } from '../../src-preload/contract/link.ts';
import type { SliceName, SliceValue } from '../../src-preload/contract/slices.ts';

const root = join(import.meta.dirname, '../..');

const launch = (args: string[]): ChildProcess =>
  spawn(process.execPath, [...webShell, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });

const everything = async (stream: Readable | null): Promise<string> => (stream ? text(stream) : '');

/** The built web shell, running in a process of its own. */
export interface ServedDesk {
  url: string;
  token: string;
  pid: number;
  /** ms from the start of the process to its ready line. */
  readyMs: number;
  call<Name extends CommandName>(
    command: Name,
    input: CommandInput<Name>,
  ): Promise<Answer<CommandOutput<Name>>>;
  /** A state slice; throws when the desk refuses it. */
  slice<Name extends SliceName>(name: Name): Promise<SliceValue<Name>>;
  /** Ends it by `signal` and answers its exit code (null: it did not end by itself). */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
}

/** Starts `out/main/serve.js` and waits for its ready line; throws with what it said when there is none. */
export async function serveDesk(args: string[]): Promise<ServedDesk> {
  const started = performance.now();
  const child = launch(args);
  const said = everything(child.stderr);
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const line = await firstLine(child);
  if (line === null) throw new Error(`The desk did not start: ${await said}`);
  const readyMs = performance.now() - started;
  const { url, rpc, token, pid } = JSON.parse(line) as Record<'url' | 'rpc' | 'token', string> & {
    pid: number;
  };
  const call = async (command: string, input: unknown): Promise<Answer<unknown>> => {
    const response = await fetch(`${rpc}/${command}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    return (await response.json()) as Answer<unknown>;
  };
  return {
    url,
    token,
    pid,
    readyMs,
    call: call as ServedDesk['call'],
    async slice<Name extends SliceName>(name: Name) {
      const answer = await call('state.get', { slice: name });
      if (!answer.ok) throw new Error(answer.error.message);
      return answer.value as SliceValue<Name>;
    },
    async end(signal) {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

/** Runs it where it is expected to refuse; answers its exit code and what it said. */
export async function refusedDesk(args: string[]): Promise<{ code: number | null; said: string }> {
  const child = launch(args);
  const said = everything(child.stderr);
  const guard = setTimeout(() => child.kill('SIGKILL'), 20_000);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(guard);
  return { code, said: await said };
}

async function firstLine(child: ChildProcess): Promise<string | null> {
  if (!child.stdout) return null;
  const lines = createInterface(child.stdout);
  for await (const line of lines) {
    lines.close();
    child.stdout.resume();
    return line;
  }
  return null;
}
