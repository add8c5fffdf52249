import { parseArgs } from 'node:util';
import { Failure, sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import { type ScenarioName, scenarioNames } from './scenario/names.ts';
import { type PracticeOptions, startPractice } from './server.ts';

const help = `npm run exchange -- [options]    The practice exchange on its own, on this machine only.

  --port N         port to listen on; 0 (the default) picks a free one
  --seed N         makes prices and ids repeat (default 1)
  --scenario NAME  ${scenarioNames.join(', ')}
  --tape FILE      replay prices: CSV (also .gz) with time_ms,symbol,open,high,low,close,volume
  --speed X        how fast market time runs (default 1: real time)
  --latency MS     delay of every request
  --jitter MS      typical extra delay of each message, drawn anew every time
  --lag MS         how far lists of orders, positions, executions and wallet may lag behind
  --accounts N     number of accounts, alternately main and mirror (default 2)
  --help           this text

Prints one line of JSON when ready. Press Ctrl+C to stop.
`;

/** `npm run exchange`: runs until it is told to end. Throws BAD_USAGE, PORT_BUSY, BAD_TAPE. */
export async function runExchange(argv: string[]): Promise<void> {
  const options = read(argv);
  if (options === null) {
    process.stdout.write(help);
    return;
  }
  const practice = await startPractice({ ...options, log: errorLog });
  const { rest, wsPublic, wsPrivate, accounts } = practice;
  const ready = { event: 'ready', rest, wsPublic, wsPrivate, accounts, pid: process.pid };
  process.stdout.write(`${JSON.stringify(ready)}\n`);
  await new Promise<void>((resolve) => {
    // Not `once`: a second signal must not cut the stopping short.
    process.on('SIGINT', resolve);
    process.on('SIGTERM', resolve);
  });
  await practice.stop();
}

/** The options asked for, or `null` for the help text. */
function read(argv: string[]): PracticeOptions | null {
  const values = parsed(argv);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') throw usage(`--${name} needs a value.`);
  }
  if (values.help === true) return null;
  const options: PracticeOptions = {};
  if (values.port !== undefined) options.port = whole('--port', values.port, 0, 65_535);
  if (values.seed !== undefined) options.seed = whole('--seed', values.seed, 0, 2 ** 32 - 1);
  if (values.latency !== undefined)
    options.latencyMs = whole('--latency', values.latency, 0, 60_000);
  if (values.jitter !== undefined) options.jitterMs = whole('--jitter', values.jitter, 0, 60_000);
  if (values.lag !== undefined) options.lagMs = whole('--lag', values.lag, 0, 60_000);
  if (values.accounts !== undefined)
    options.accounts = whole('--accounts', values.accounts, 1, 100);
  if (values.scenario !== undefined) options.scenario = scenarioOf(values.scenario);
  if (values.tape !== undefined) options.tape = values.tape;
  if (values.speed !== undefined) {
    const speed = Number(values.speed);
    if (!(speed >= 0 && speed <= 100_000)) {
      throw usage(`--speed ${values.speed} is not a number from 0 to 100000.`);
    }
    options.speed = speed;
  }
  return options;
}

function parsed(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        seed: { type: 'string' },
        scenario: { type: 'string' },
        tape: { type: 'string' },
        speed: { type: 'string' },
        latency: { type: 'string' },
        jitter: { type: 'string' },
        lag: { type: 'string' },
        accounts: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (thrown) {
    throw usage(sentenceOf(thrown).split('. ')[0]?.replace(/\.?$/, '.') ?? '');
  }
}

const usage = (sentence: string): Failure =>
  new Failure('BAD_USAGE', `${sentence} See npm run exchange -- --help.`);

function whole(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most) {
    throw usage(`${flag} ${text} is not a whole number from ${least} to ${most}.`);
  }
  return value;
}

function scenarioOf(text: string): ScenarioName {
  const name = scenarioNames.find((one) => one === text);
  if (name === undefined) {
    throw usage(`There is no scenario "${text}"; choose ${scenarioNames.join(', ')}.`);
  }
  return name;
}

const line = (level: string, text: string, facts?: Record<string, unknown>): void => {
  const shown = facts === undefined ? '' : ` ${JSON.stringify(facts, errorText)}`;
  process.stderr.write(`${level} ${text}${shown}\n`);
};

const errorText = (_key: string, value: unknown): unknown =>
  value instanceof Error ? (value.stack ?? value.message) : value;

const errorLog: Log = {
  info: (text, facts) => line('info', text, facts),
  warn: (text, facts) => line('warn', text, facts),
  error: (text, facts) => line('error', text, facts),
};
