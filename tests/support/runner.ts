import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Failure, sentenceOf } from '../../src-main/domain/failure.ts';
import type { Report, Run } from './report.ts';

const MOST_KILLS = 100_000;

interface Runner {
  /** `bench` or `crash`: the npm command. */
  command: string;
  /** Where its modules lie. */
  folder: string;
  what: string;
  /** Kills when `--kills` is not given; null where there are none to give. */
  kills: number | null;
  /** True when a missed aim is a failure. */
  aimsMustBeMet: boolean;
}

/**
 * The command line of benchmarks and kill tests: runs `NAME.ts` of the folder, or all of them, prints
 * one JSON object (`--json`; `all` prints one per line) or a table, and sets the exit code.
 */
export const runNamed = (runner: Runner, argv: string[]): Promise<void> =>
  endWith(() => main(runner, argv));

/** Ends the process with the code that comes of the work, or with its failure told. */
export async function endWith(work: () => Promise<number>): Promise<void> {
  try {
    process.exit(await work());
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n`);
    if (!(error instanceof Failure) && error instanceof Error) {
      process.stderr.write(`${error.stack}\n`);
    }
    process.exit(error instanceof Failure ? error.exitCode : 1);
  }
}

async function main(runner: Runner, argv: string[]): Promise<number> {
  const names = readdirSync(runner.folder)
    .filter((file) => /^[a-z]+\.ts$/.test(file) && file !== 'main.ts')
    .map((file) => file.slice(0, -3));
  const flags = flagsOf(runner, argv, names);
  if (flags === 'help') {
    process.stdout.write(help(runner, names));
    return 0;
  }
  let met = true;
  for (const name of flags.names) {
    const file = pathToFileURL(join(runner.folder, `${name}.ts`)).href;
    const { run, usualKills } = (await import(file)) as { run: Run; usualKills?: number };
    const progress = (text: string): void => void process.stderr.write(`${name}: ${text}\n`);
    const report = await run({
      kills: flags.kills ?? usualKills ?? runner.kills ?? 0,
      progress,
    });
    process.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : table(report));
    met &&= report.aims.every((aim) => aim.met);
  }
  return met || !runner.aimsMustBeMet ? 0 : 1;
}

function flagsOf(
  runner: Runner,
  argv: string[],
  known: string[],
): { names: string[]; kills: number | null; json: boolean } | 'help' {
  let parsed;
  try {
    parsed = parseArgs({
      args: argv,
      allowPositionals: true,
      options: {
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        ...(runner.kills === null ? {} : { kills: { type: 'string' as const } }),
      },
    });
  } catch (error) {
    throw new Failure('BAD_USAGE', `${sentenceOf(error).split('. ')[0]}. See --help.`);
  }
  const { values, positionals } = parsed;
  if (values.help) return 'help';
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0 || (name !== 'all' && !known.includes(name))) {
    const there = [...known, 'all'].join(', ');
    throw new Failure('BAD_USAGE', `npm run ${runner.command} takes one name: ${there}.`);
  }
  const kills = values['kills'] === undefined ? null : Number.parseInt(String(values['kills']), 10);
  if (kills !== null && !(kills >= 1 && kills <= MOST_KILLS)) {
    throw new Failure('BAD_USAGE', `--kills takes a number from 1 to ${MOST_KILLS}.`);
  }
  return { names: name === 'all' ? known : [name], kills, json: values.json === true };
}

const help = (runner: Runner, names: string[]): string => `${runner.what}

  npm run ${runner.command} -- NAME [--json]${runner.kills === null ? '' : ' [--kills N]'}

  NAME      ${[...names, 'all'].join(', ')}
  --json    one JSON object on standard output; progress goes to standard error
${runner.kills === null ? '' : `  --kills N how often to kill (default ${runner.kills})\n`}`;

const shown = (value: number): string =>
  Number.isInteger(value) ? String(value) : value.toPrecision(4);

/** Figures and aims for people. */
export function table({ name, figures, aims, skipped }: Report): string {
  if (skipped) return `${name}\n  skipped: ${skipped}\n`;
  const rows = Object.entries(figures).map(([figure, value]) => {
    const aim = aims.find((one) => one.figure === figure);
    const told = aim ? `   aim ${aim.aim}: ${aim.met ? 'met' : 'MISSED'}` : '';
    return `  ${figure.padEnd(24)} ${shown(value).padStart(12)}${told}`;
  });
  return `${name}\n${rows.join('\n')}\n`;
}
