import { defaultBrowser, findBrowser, hasScreen } from './browser.mjs';
import { runQuietly } from './child.mjs';
import { electronOrReason } from './electron.mjs';
import { readFlags } from './flags.mjs';
import { webShell } from './programs.mjs';
import { runScript, say } from './say.mjs';
import { runDesk, runProgram, setUp } from './setup.mjs';

const HELP = `Starts Holdfast in a desktop window, or in the browser where Electron is not available.

  npm start -- [--data DIR] [--accounts FILE] [--web] [--port N] [--no-open]
               [--recover | --start-empty [--yes]]

  --data DIR       where data is kept (default: this system's application-data folder)
  --accounts FILE  connect the accounts in this file (mode 0600) instead of the practice
                   exchange
  --web            use the web shell, in a browser window, even if Electron is available
  --port N         the web shell's port on 127.0.0.1 (0 picks a free one); implies --web
  --no-open        use the web shell without opening a window, and print one line of JSON
                   when it is ready; implies --web
  --recover        if the database is damaged, restore the newest verified backup
  --start-empty    if it is damaged or missing, leave what was saved behind; asks twice, unless
                   --yes answers. (The desktop window asks by itself.)
  --help           this text
`;

await runScript(async (args) => {
  const flags = readFlags('npm start', args, {
    data: { type: 'string' },
    accounts: { type: 'string' },
    web: { type: 'boolean' },
    port: { type: 'string' },
    'no-open': { type: 'boolean' },
    recover: { type: 'boolean' },
    'start-empty': { type: 'boolean' },
    yes: { type: 'boolean' },
  });
  if (flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const node = await setUp();
  const given = (...names) =>
    names.flatMap((name) => (flags[name] === undefined ? [] : [`--${name}=${flags[name]}`]));
  if (!flags.web && !flags['no-open'] && flags.port === undefined) {
    const { program, reason } = await electronOrReason(node);
    if (program) return runProgram(program, ['.', ...given('data', 'accounts')]);
    say(`${reason}; opening the web shell instead.`);
  }
  const consents = ['recover', 'start-empty', 'yes'].filter((name) => flags[name]);
  const serve = [
    ...webShell,
    ...given('data', 'accounts', 'port'),
    ...consents.map((name) => `--${name}`),
  ];
  if (flags['no-open']) return runDesk(node, serve);
  return runDesk(node, serve, {
    stdio: ['inherit', 'pipe', 'inherit'],
    onStart: (child) => onReadyLine(child.stdout, open),
  });
});

/** Calls back with the web shell's ready line. */
function onReadyLine(stream, callback) {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end < 0 || text === '') return;
    const line = text.slice(0, end);
    text = '';
    if (line.includes('"event":"ready"')) void callback(JSON.parse(line));
  });
}

/**
 * A window of its own in an installed Chrome, else the default browser, else the address. Everybody on
 * this machine may read what a browser was started with: that opens the page once, and soon.
 */
async function open({ url, openUrl }) {
  say(`ready: ${url}`);
  say('press Ctrl+C to stop.');
  if (!hasScreen()) return;
  const browser = await findBrowser();
  const tries = [defaultBrowser(openUrl)];
  if (browser) tries.unshift({ command: browser, args: [`--app=${openUrl}`] });
  for (const { command, args } of tries) {
    const { code } = await runQuietly(command, args, { limit: 2 ** 31 - 1 });
    if (code === 0) return;
  }
  say(`no browser could be opened; open ${url} in one yourself.`);
}
