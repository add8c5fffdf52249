import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tellWhereItIs } from './calls/address-file.ts';
import { type OnDamage, openAsAsked } from './command-line/damaged.ts';
import { dataFolderOf, readFlags } from './command-line/flags.ts';
import { terminal } from './command-line/terminal.ts';
import { readAccountsFile } from './desk/accounts/accounts-file.ts';
import { createDesk } from './desk/create-desk.ts';
import type { Desk } from './desk/desk.ts';
import { stderrLog } from './desk/stderr-log.ts';
import { onUnforeseen } from './desk/unforeseen.ts';
import { systemClock } from './domain/clock.ts';
import { exitCodes, Failure, sentenceOf } from './domain/failure.ts';
import type { Log } from './domain/log.ts';
import { startWebShell } from './web/server.ts';

const HELP = `Holdfast in a browser on this machine.

  --data DIR       where state and backups are kept (default: the application-data folder)
  --port N         port on 127.0.0.1; 0 picks a free one (default 0)
  --accounts FILE  connect the accounts in this file (mode 0600) instead of the practice exchange
  --recover        if the database is damaged, restore the newest verified backup
  --start-empty    if the database is damaged or missing, leave what was saved behind; asks twice
  --yes            answer both questions of --start-empty with yes
  --help           this text
`;

/** A stop is promised within 5 s. */
const STOP_WITHIN_MS = 4_700;

interface Flags {
  data: string;
  port: number;
  accounts: string | null;
  recover: boolean;
  startEmpty: boolean;
  yes: boolean;
}

function flagsOf(argv: string[]): Flags | 'help' {
  const { values } = readFlags(argv, {
    data: { type: 'string' },
    port: { type: 'string', default: '0' },
    accounts: { type: 'string' },
    recover: { type: 'boolean', default: false },
    'start-empty': { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  });
  if (values.help) return 'help';
  if (values.recover && values['start-empty']) {
    throw new Failure('BAD_USAGE', 'Choose one of --recover and --start-empty.');
  }
  const port = /^\d{1,5}$/.test(values.port) ? Number.parseInt(values.port, 10) : 65_536;
  if (port > 65_535)
    throw new Failure('BAD_USAGE', `--port takes a number from 0 to 65535, not "${values.port}".`);
  return {
    data: dataFolderOf(values.data),
    port,
    accounts: values.accounts ? resolve(values.accounts) : null,
    recover: values.recover,
    startEmpty: values['start-empty'],
    yes: values.yes,
  };
}

async function serve(): Promise<void> {
  const flags = flagsOf(process.argv.slice(2));
  if (flags === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const log = stderrLog();
  const asked = toldToEnd(log);
  const accounts = flags.accounts ? readAccountsFile(flags.accounts) : 'practice';
  const open = (onDamage: OnDamage): Promise<Desk> =>
    createDesk({
      dataDir: flags.data,
      accounts,
      recover: onDamage === 'recover',
      startEmpty: onDamage === 'start-empty',
      clock: systemClock,
      log,
    });
  const desk = await openAsAsked(open, flags, terminal());
  let shell: Awaited<ReturnType<typeof startWebShell>>;
  try {
    shell = await startWebShell({
      desk,
      port: flags.port,
      rendererFolder: fileURLToPath(new URL('../renderer/', import.meta.url)),
      log,
    });
  } catch (error) {
    await desk.stop();
    throw error;
  }
  const { url, openUrl, rpc, token } = shell;
  const forget = tellWhereItIs(flags.data, { pid: process.pid, rpc, token }, log);
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', url, openUrl, rpc, token, pid: process.pid })}\n`,
  );

  const why = await asked;
  const exitCode = why === UNFORESEEN ? exitCodes.BROKE_OFF : 0;
  log.info('Stopping', { why });
  setTimeout(() => {
    log.warn('Something did not stop in time, but everything that had to be saved was saved');
    process.exit(exitCode);
  }, STOP_WITHIN_MS);
  forget();
  await shell.stop();
  await desk.stop();
  process.exit(exitCode);
}

const UNFORESEEN = 'something unforeseen';

/** Resolves to the first signal that asks the program to end, or to a failure, however early it comes. */
const toldToEnd = (log: Log): Promise<string> =>
  new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => resolve(name));
    onUnforeseen(log, () => resolve(UNFORESEEN));
  });

serve().catch((error: unknown) => {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exit(error instanceof Failure ? error.exitCode : 1);
});
