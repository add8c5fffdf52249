import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasScreen } from './browser.mjs';
import { runQuietly } from './child.mjs';
import { root, say } from './say.mjs';

const folder = join(root, 'node_modules', 'electron');
const missing = join(root, 'node_modules', '.electron-missing');
const DAY = 24 * 60 * 60_000;
const DOWNLOAD_LIMIT = 60_000;

/** The Electron program in `node_modules`, or the one `ELECTRON_EXEC_PATH` names; may not exist. */
function programPath() {
  if (process.env.ELECTRON_EXEC_PATH) return process.env.ELECTRON_EXEC_PATH;
  const named = join(folder, 'path.txt');
  return existsSync(named) ? join(folder, 'dist', readFileSync(named, 'utf8').trim()) : null;
}

/** The runtime's path when it is there and answers, else `null`. */
export async function installedElectron() {
  const program = programPath();
  if (!program || !existsSync(program)) return null;
  const { code } = await runQuietly(program, ['--version'], { limit: 15_000 });
  return code === 0 ? program : null;
}

/**
 * The runtime to start the desktop shell with, fetched once when it is missing; or, in plain words,
 * why there is none. A failed fetch is not tried again for a day.
 */
export async function electronOrReason(node) {
  if (!hasScreen()) return { reason: 'there is no display to open a window on' };
  if (process.platform === 'linux' && process.getuid() === 0) {
    return { reason: 'the desktop window does not run as root' };
  }
  let program = await installedElectron();
  if (!program && !triedLately()) {
    say('downloading the Electron runtime (once, up to a minute) ...');
    await runQuietly(node, [join(folder, 'install.js')], { limit: DOWNLOAD_LIMIT });
    program = await installedElectron();
    if (!program) writeFileSync(missing, '');
  }
  if (!program) {
    return {
      reason: 'the Electron runtime could not be downloaded (npx install-electron tries again)',
    };
  }
  rmSync(missing, { force: true });
  return { program };
}

const triedLately = () => existsSync(missing) && Date.now() - statSync(missing).mtimeMs < DAY;
