import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { root } from './say.mjs';

/** How long a program may take to end after it was told to, ms: ours promise 5 s. */
const PATIENCE = 8_000;
/** A tool's: nothing is lost when it is ended by force. */
const TOOL_PATIENCE = 1_000;

/** The children that run, each with its patience. */
const running = new Map();
/** The signal we were told to end by, until then `null`. */
let ending = null;

/** What a shell sees of a program that a signal ended. */
export const exitCodeOf = (signal) => 128 + (constants.signals[signal] ?? 0);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    ending = signal;
    if (running.size === 0) process.exit(exitCodeOf(signal));
    for (const [child, patience] of running) {
      // On a terminal, Ctrl+C has already reached the whole process group.
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
      setTimeout(() => child.kill('SIGKILL'), patience).unref();
    }
  });
}

/** Told to end: the last program's end is ours; nothing further is begun. */
function endOrWait() {
  if (running.size === 0) process.exit(exitCodeOf(ending));
  return new Promise(() => {});
}

/** Starts a program that ends with us; answers it and its end (exit code, or `null` if not started). */
function start(command, args, options, patience) {
  const child = spawn(command, args, { cwd: root, ...options });
  running.set(child, patience);
  const ended = new Promise((resolve) => {
    const finish = (code, failure) => {
      running.delete(child);
      resolve({ code, failure });
    };
    child.once('error', (error) => finish(null, error.message));
    child.once('close', (code, signal) => finish(code ?? exitCodeOf(signal), null));
  });
  return { child, ended };
}

/**
 * Runs a program to its end and answers its exit code. SIGINT and SIGTERM are passed on; a program
 * that does not heed them is ended by force. `onStart` is given the running child.
 */
export async function runToEnd(command, args, { onStart, ...options } = {}) {
  const { child, ended } = start(command, args, { stdio: 'inherit', ...options }, PATIENCE);
  onStart?.(child);
  const { code, failure } = await ended;
  if (failure) throw new Error(failure);
  return code;
}

/** Runs a program quietly for at most `limit` ms; answers its exit code and what it printed. */
export async function runQuietly(command, args, { limit, ...options }) {
  const stdio = ['ignore', 'pipe', 'pipe'];
  const { child, ended } = start(command, args, { stdio, ...options }, TOOL_PATIENCE);
  const timer = setTimeout(() => child.kill('SIGKILL'), limit);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  const { code, failure } = await ended;
  clearTimeout(timer);
  if (ending) return endOrWait();
  return { code, output: failure ?? output };
}
