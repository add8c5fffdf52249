import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runQuietly } from './child.mjs';
import { root, say } from './say.mjs';
import { toolPath } from './setup.mjs';

const names = {
  linux: [
    'google-chrome',
    'google-chrome-stable',
    'chromium',
    'chromium-browser',
    'microsoft-edge',
    'microsoft-edge-stable',
  ],
  win32: ['chrome.exe', 'msedge.exe'],
};

const programs = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA]
    .filter(Boolean)
    .flatMap((folder) => [
      join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
      join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ]),
};

/** Paths of the Chrome, Chromium and Edge found on this machine; `CHROME_PATH` names one first. */
function candidates() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const onPath = (names[process.platform] ?? names.linux).flatMap((name) =>
    folders.map((folder) => join(folder, name)),
  );
  return [process.env.CHROME_PATH, ...(programs[process.platform] ?? []), ...onPath].filter(
    (path) => path && existsSync(path),
  );
}

/** An installed browser of the Chromium family that answers, or `null`. */
export async function findBrowser(more = []) {
  for (const path of [...candidates(), ...more.filter(existsSync)]) {
    // On Windows asking for the version would open a window.
    if (process.platform === 'win32') return path;
    const { code } = await runQuietly(path, ['--version'], { limit: 10_000 });
    if (code === 0) return path;
  }
  return null;
}

/** The system's default browser: the command that opens an address in it. */
export function defaultBrowser(url) {
  if (process.platform === 'darwin') return { command: 'open', args: [url] };
  if (process.platform === 'win32') {
    return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  }
  return { command: 'xdg-open', args: [url] };
}

const onLinux = process.platform === 'linux';

/** True where a window can be shown to someone. */
export const hasScreen = () =>
  !onLinux || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

const managers = [
  {
    command: 'apt-get',
    steps: [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ],
  },
  { command: 'dnf', steps: [['install', '-y', 'chromium']] },
  { command: 'zypper', steps: [['--non-interactive', 'install', 'chromium']] },
  { command: 'pacman', steps: [['-Sy', '--noconfirm', 'chromium']] },
  { command: 'apk', steps: [['add', 'chromium']] },
];

/** Asks the system's package manager for Chromium; false where that is not ours to do. */
async function installWithSystem() {
  if (!onLinux) return false;
  const prefix = process.getuid() === 0 ? [] : ['sudo', '-n'];
  if (prefix.length > 0) {
    const { code } = await runQuietly('sudo', ['-n', 'true'], { limit: 5_000 });
    if (code !== 0) return false;
  }
  const folders = (process.env.PATH ?? '').split(delimiter);
  const manager = managers.find(({ command }) =>
    folders.some((folder) => existsSync(join(folder, command))),
  );
  if (!manager) return false;
  say(`installing Chromium with ${manager.command} (up to five minutes) ...`);
  for (const step of manager.steps) {
    const [command, ...args] = [...prefix, manager.command, ...step];
    const { code } = await runQuietly(command, args, {
      limit: 5 * 60_000,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (code !== 0) return false;
  }
  return true;
}

/** A browser for the end-to-end tests: an installed one, else a fetched one, else `null`. */
export async function findOrFetchBrowser(node) {
  const { chromium } = await import(
    pathToFileURL(join(root, 'node_modules/playwright-core/index.mjs')).href
  );
  const own = [chromium.executablePath()];
  const found = await findBrowser(own);
  if (found) return found;
  say('no Chrome or Chromium found; downloading one (up to three minutes) ...');
  const fetching = [toolPath('playwright'), 'install', 'chromium'];
  await runQuietly(node, fetching, { limit: 3 * 60_000 });
  return (await findBrowser(own)) ?? ((await installWithSystem()) ? findBrowser(own) : null);
}
