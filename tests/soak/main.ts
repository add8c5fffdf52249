import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Failure, sentenceOf } from '../../src-main/domain/failure.ts';
import { endWith, table } from '../support/runner.ts';
import { type SoakOptions, soak } from './soak.ts';

const help = `Days of a busy desk on a virtual clock, with faults at random, in minutes.

  npm run soak -- --days N [--tape FILE] [--accounts N] [--seed N] [--json]

  --days N      simulated days (1 unless said; 0.5 is twelve hours)
  --tape FILE   prices to replay instead of a seeded walk: CSV, plain or gzipped
  --accounts N  accounts of 30 positions each, alternately main and mirror (2 unless said)
  --seed N      prices, hands and faults come from it (1 unless said)
  --json        one JSON object on standard output; each simulated hour goes to standard error

Ctrl+C makes the hour under way the last and prints the report. Exit code 1 when an aim is missed.
`;

// The desk starts threads all the time, and each would compile its source anew.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache');

await endWith(async () => {
  const options = read(process.argv.slice(2));
  if (options === null) {
    process.stdout.write(help);
    return 0;
  }
  const { json, ...rest } = options;
  const progress = (text: string): void => void process.stderr.write(`soak: ${text}\n`);
  const early = new AbortController();
  process.once('SIGINT', () => early.abort());
  const report = await soak({ ...rest, progress, signal: early.signal });
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : table(report));
  return report.aims.every((aim) => aim.met) ? 0 : 1;
});

/** What is to be done, or `null` for the help text. Throws BAD_USAGE. */
function read(argv: string[]): (Omit<SoakOptions, 'progress'> & { json: boolean }) | null {
  const values = parsed(argv);
  if (values.help === true) return null;
  const number = (flag: 'days' | 'accounts' | 'seed', usual: number, least: number): number => {
    const value = Number(values[flag] ?? usual);
    if (value >= least && (flag === 'days' || Number.isInteger(value))) return value;
    throw new Failure('BAD_USAGE', `--${flag} takes a number from ${least}. See --help.`);
  };
  return {
    hours: Math.max(1, Math.round(number('days', 1, 0.04) * 24)),
    accounts: number('accounts', 2, 1),
    seed: number('seed', 1, 0),
    tape: values.tape,
    json: values.json === true,
  };
}

function parsed(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        days: { type: 'string' },
        tape: { type: 'string' },
        accounts: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Failure('BAD_USAGE', `${sentenceOf(error).split('. ')[0]}. See --help.`);
  }
}
