import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sentenceOf } from '../../src-main/domain/failure.ts';
import { runHistory } from './run.ts';

const help = `Histories of an armed desk at the practice exchange, each by its seed, on a virtual clock: hands, price
moves, faults, restarts and changes of mode. At the end of each, what was wanted must be so.

  npm run model -- [HISTORIES] [FIRST-SEED] [--steps N] [--workers N] [--trace]

  HISTORIES     100 unless said, from seed 1 on
  --steps N     what happens in each (60 unless said)
  --workers N   processes at a time (1 unless said)
  --trace       tells everything that happens; to look at one seed

Each seed repeats its own run. Exit code 1 when anything was wrong.
`;

process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');
const { values, positionals } = parsed();
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const histories = Number(positionals[0] ?? 100);
const firstSeed = Number(positionals[1] ?? 1);
/** A new process now and then: what the libraries keep of a run is given back with it. */
const SEEDS_A_PROCESS = 25;

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        steps: { type: 'string', default: '60' },
        workers: { type: 'string', default: '1' },
        trace: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    process.stderr.write(`${sentenceOf(error).split('. ')[0]}. See --help.\n`);
    return process.exit(2);
  }
}

async function run(seed: number): Promise<string | null> {
  const trace = (line: string): void => void process.stderr.write(`${line}\n`);
  return runHistory(seed, { steps: Number(values.steps), ...(values.trace ? { trace } : {}) });
}

async function runAside(from: number, count: number, found: (wrong: string | null) => void) {
  const args = [
    fileURLToPath(import.meta.url),
    String(count),
    String(from),
    '--steps',
    values.steps,
  ];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ENGINE_MODEL_PART: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let come = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    found((JSON.parse(line) as { wrong: string | null }).wrong);
    come += 1;
  }
  if (come < count) throw new Error(`Only ${come} of ${count} histories from ${from} were run.`);
}

async function main(): Promise<void> {
  const startedAt = performance.now();
  let [done, wrong] = [0, 0];
  const found = (told: string | null): void => {
    done += 1;
    if (told === null) return;
    wrong += 1;
    process.stderr.write(`${told}\n`);
  };
  let next = firstSeed;
  const end = firstSeed + histories;
  const work = async (): Promise<void> => {
    while (next < end) {
      const from = next;
      next = Math.min(end, from + SEEDS_A_PROCESS);
      await runAside(from, next - from, found);
      process.stderr.write(`${done} of ${histories}, ${wrong} wrong\n`);
    }
  };
  if (values.trace) for (let seed = firstSeed; seed < end; seed += 1) found(await run(seed));
  else await Promise.all(Array.from({ length: Number(values.workers) }, work));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const figures = { histories: done, firstSeed, steps: Number(values.steps), wrong, seconds };
  process.stdout.write(`${JSON.stringify({ name: 'engine-model', ...figures })}\n`);
  process.exit(wrong === 0 ? 0 : 1);
}

if (process.env['ENGINE_MODEL_PART'] === undefined) await main();
else {
  for (let seed = firstSeed; seed < firstSeed + histories; seed += 1)
    process.stdout.write(`${JSON.stringify({ wrong: await run(seed) })}\n`);
  process.exit(0);
}
