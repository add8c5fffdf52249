import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runSequence } from '../support/wire-steps.ts';

/**
 * The long run of the gateway's model test on virtual time:
 * `node tests/bench/wire-model.ts [sequences] [first seed] [--steps N] [--jitter MS,...] [--lag MS,...]
 * [--workers N] [--narrow]`, 2,000 from seed 1 of 30 steps each unless said, in one process. Of several latencies and
 * lags each seed takes one pair in turn, so that each seed repeats its own run exactly. Exit code 1 when
 * anything false was shown or a write ended otherwise than it said.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '30' },
    jitter: { type: 'string', default: '20' },
    lag: { type: 'string', default: '0' },
    workers: { type: 'string', default: '1' },
    narrow: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
  },
});
const sequences = Number(positionals[0] ?? 2_000);
const firstSeed = Number(positionals[1] ?? 1);
const workers = Number(values.workers);
const numbers = (list: string): number[] => list.split(',').map(Number);
const pairs = numbers(values.jitter).flatMap((jitterMs) =>
  numbers(values.lag).map((lagMs) => ({ jitterMs, lagMs })),
);
/** A new process now and then: what the libraries keep of a run is given back with it. */
const SEEDS_A_PROCESS = 1_000;

interface Found {
  seed: number;
  wrong: string | null;
}

async function run(seed: number): Promise<Found> {
  const pair = pairs[seed % pairs.length] ?? { jitterMs: 20, lagMs: 0 };
  const trace = (line: string): void => void process.stderr.write(`${line}\n`);
  const steps = Number(values.steps);
  const wrong = await runSequence(seed, {
    ...pair,
    steps,
    narrow: values.narrow,
    ...(values.trace ? { trace } : {}),
  });
  return {
    seed,
    wrong: wrong && `${wrong} (--jitter ${pair.jitterMs} --lag ${pair.lagMs})`,
  };
}

/** Runs a part of the seeds in a process of their own. */
async function runAside(from: number, count: number, found: (one: Found) => void): Promise<void> {
  const given = ['steps', 'jitter', 'lag'] as const;
  const file = fileURLToPath(import.meta.url);
  const options = given.flatMap((name) => [`--${name}`, values[name]]);
  if (values.narrow) options.push('--narrow');
  const child = spawn(process.execPath, [file, String(count), String(from), ...options], {
    env: { ...process.env, WIRE_MODEL_PART: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let come = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    found(JSON.parse(line) as Found);
    come += 1;
  }
  if (come < count) throw new Error(`Only ${come} of ${count} sequences from ${from} were run.`);
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  let [done, different] = [0, 0];
  const found = ({ wrong }: Found): void => {
    done += 1;
    if (wrong !== null) different += 1;
    if (wrong !== null) process.stderr.write(`${wrong}\n`);
    if (done % 500 === 0) process.stderr.write(`${done} of ${sequences}, ${different} different\n`);
  };
  let next = firstSeed;
  const end = firstSeed + sequences;
  const work = async (): Promise<void> => {
    while (next < end) {
      const from = next;
      next = Math.min(end, from + SEEDS_A_PROCESS);
      await runAside(from, next - from, found);
    }
  };
  if (workers > 1) await Promise.all(Array.from({ length: workers }, work));
  else for (let seed = firstSeed; seed < end; seed += 1) found(await run(seed));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const { steps, jitter, lag } = values;
  const figures = { sequences: done, firstSeed, steps, jitter, lag, different, seconds };
  process.stdout.write(`${JSON.stringify({ name: 'wire-model', ...figures })}\n`);
  process.exit(different === 0 ? 0 : 1);
}

if (process.env['WIRE_MODEL_PART'] === undefined) await main();
else
  for (let seed = firstSeed; seed < firstSeed + sequences; seed += 1)
    process.stdout.write(`${JSON.stringify(await run(seed))}\n`);
