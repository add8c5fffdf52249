import { parseArgs } from 'node:util';
import { runSequence } from '../support/wire-steps.ts';

/**
 * The long run of the gateway's model test on virtual time:
 * `node tests/bench/wire-model.ts [sequences] [first seed] [--steps N] [--jitter MS] [--lag MS]`,
 * 2,000 from seed 1 of 30 steps each unless said. Each seed repeats its own run exactly. Exit code 1
 * when the gateway was ever wrong.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    steps: { type: 'string', default: '30' },
    jitter: { type: 'string', default: '20' },
    lag: { type: 'string', default: '0' },
    trace: { type: 'boolean', default: false },
  },
});
const sequences = Number(positionals[0] ?? 2_000);
const firstSeed = Number(positionals[1] ?? 1);
const run = {
  steps: Number(values.steps),
  jitterMs: Number(values.jitter),
  lagMs: Number(values.lag),
  ...(values.trace ? { trace: (line: string) => process.stderr.write(`${line}\n`) } : {}),
};

const startedAt = performance.now();
let different = 0;
for (let at = 0; at < sequences; at += 1) {
  const difference = await runSequence(firstSeed + at, run);
  if (difference !== null) {
    different += 1;
    process.stderr.write(`${difference}\n`);
  }
  if ((at + 1) % 100 === 0) process.stderr.write(`${at + 1} of ${sequences} sequences\n`);
}
const seconds = Math.round((performance.now() - startedAt) / 1000);
const figures = { sequences, firstSeed, ...run, different, seconds };
process.stdout.write(`${JSON.stringify({ name: 'wire-model', ...figures })}\n`);
process.exit(different === 0 ? 0 : 1);
