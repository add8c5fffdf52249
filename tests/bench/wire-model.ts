import { runSequence } from '../support/wire-model.ts';

/**
 * The long run of the gateway's model test: `node tests/bench/wire-model.ts [sequences] [first seed]`,
 * 2,000 from seed 1 unless said. Each seed repeats its own run. Exit code 1 when what the gateway
 * told ever differs from the exchange's truth.
 */
const sequences = Number(process.argv[2] ?? 2_000);
const firstSeed = Number(process.argv[3] ?? 1);
const AT_ONCE = 6;

const seeds = Array.from({ length: sequences }, (_, i) => firstSeed + i);
const differences: string[] = [];
let done = 0;

async function work(): Promise<void> {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const difference = await runSequence(seed);
    if (difference !== null) differences.push(difference);
    if (difference !== null) process.stderr.write(`${difference}\n`);
    if (++done % 100 === 0) process.stderr.write(`${done} of ${sequences} sequences\n`);
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
process.stdout.write(
  `${JSON.stringify({ name: 'wire-model', sequences, firstSeed, different: differences.length })}\n`,
);
process.exit(differences.length === 0 ? 0 : 1);
