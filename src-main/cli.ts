import { Failure, sentenceOf } from './domain/failure.ts';

const HELP = `Holdfast's command line.

  exchange   the practice exchange alone
  backups    list, create, show, verify, restore, undo, pin, export and import backups
  doctor     check the database, the backups, the disk, the clock and the keys

VERB --help says more.
`;

/** Answers the exit code; nothing is 0. */
type Verb = (argv: string[]) => Promise<number | void>;

/** Each verb loads only what it needs, so that a start stays quick. */
const verbs: Record<string, () => Promise<Verb>> = {
  exchange: async () => (await import('./practice/command.ts')).runExchange,
  backups: async () => (await import('./command-line/backups.ts')).runBackups,
  doctor: async () => {
    const { runDoctor } = await import('./command-line/doctor.ts');
    const { readContracts } = await import('./practice/prices/contracts.ts');
    return (argv) => runDoctor(argv, undefined, readContracts);
  },
};

async function main([name = '--help', ...argv]: string[]): Promise<number | void> {
  if (name === '--help' || name === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (!verb) {
    const known = Object.keys(verbs).join(', ');
    throw new Failure('BAD_USAGE', `There is no verb "${name}". The verbs are ${known}.`);
  }
  return (await verb())(argv);
}

try {
  process.exitCode = (await main(process.argv.slice(2))) ?? 0;
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = error instanceof Failure ? error.exitCode : 1;
}
