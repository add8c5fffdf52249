import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { exitCodeOf, runQuietly, runToEnd } from './child.mjs';
import { withSetupLock } from './lock.mjs';
import { projectNode, toolEnvironment } from './node.mjs';
import { Refusal, root, say } from './say.mjs';

const at = (...parts) => join(root, ...parts);
const hashOf = (parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : null);

/** Dependencies and build are there and current; answers the Node to run things with. */
export async function setUp() {
  await installed();
  const node = await projectNode();
  await built(node);
  return node;
}

// ---- dependencies -------------------------------------------------------------------------------

const stampIn = (folder) => join(folder, 'node_modules', '.holdfast-installed');
const lockHash = (folder) =>
  hashOf([readFileSync(join(folder, 'package-lock.json')), process.platform, process.arch]);

function isInstalled(folder) {
  const npmsRecord = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(npmsRecord)) return false;
  if (textOf(stampIn(folder)) === lockHash(folder)) return true;
  // Installed by hand with npm: npm writes its record after the lock.
  return statSync(npmsRecord).mtimeMs >= statSync(join(folder, 'package-lock.json')).mtimeMs;
}

/** Installs what a folder's lock names when its `node_modules` is missing or older than the lock. */
export async function installed(folder = root) {
  if (isInstalled(folder)) return;
  await withSetupLock(async () => {
    if (isInstalled(folder)) return;
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const what = relative(root, folder);
    say(
      `installing the dependencies${what ? ` of ${what}` : ' (a minute or two the first time)'} ...`,
    );
    const ticking = setInterval(() => say(`still installing, ${seconds()} s ...`), 15_000);
    const npm = npmCommand(['ci', '--loglevel=error', '--no-progress']);
    const { code, output } = await runQuietly(npm.command, npm.args, {
      cwd: folder,
      limit: 15 * 60_000,
      shell: npm.shell,
    });
    clearInterval(ticking);
    if (code !== 0) {
      process.stderr.write(output);
      throw new Refusal(
        'The dependencies could not be installed. Check the network and the messages above, ' +
          'then run the command again.',
      );
    }
    writeFileSync(stampIn(folder), `${lockHash(folder)}\n`);
    say(`dependencies installed in ${seconds()} s.`);
  });
}

/** npm as it was called for this run, else the one on the path. */
function npmCommand(args) {
  const cli = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(cli) && existsSync(cli)) {
    return { command: process.env.npm_node_execpath ?? process.execPath, args: [cli, ...args] };
  }
  const beside = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(beside)) return { command: process.execPath, args: [beside, ...args] };
  return { command: 'npm', args, shell: process.platform === 'win32' };
}

// ---- build --------------------------------------------------------------------------------------

const buildStamp = at('out', '.built-from');
const buildInputs = [
  'src-main',
  'src-preload',
  'src-renderer',
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
];

/** One hash over the content of everything the build reads. */
export function sourceHash() {
  const files = buildInputs.flatMap((input) =>
    statSync(at(input)).isFile()
      ? [input]
      : readdirSync(at(input), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
  );
  return hashOf(
    files.sort((a, b) => (a < b ? -1 : 1)).flatMap((file) => [file, readFileSync(at(file))]),
  );
}

/** Builds when `out/` is missing or was made from other source. */
export async function built(node) {
  if (textOf(buildStamp) === sourceHash()) return;
  await withSetupLock(async () => {
    const hash = sourceHash();
    if (textOf(buildStamp) === hash) return;
    say('building ...');
    rmSync(buildStamp, { force: true });
    const { code, output } = await runQuietly(node, [toolPath('electron-vite'), 'build'], {
      limit: 5 * 60_000,
      env: toolEnvironment({ NODE_ENV: 'production' }),
    });
    if (code !== 0) {
      process.stderr.write(output);
      throw new Refusal('The build failed; the messages above say where.');
    }
    mkdirSync(dirname(buildStamp), { recursive: true });
    writeFileSync(buildStamp, `${hash}\n`);
  });
}

/** The script behind a tool's command, so that it runs on the Node we chose. */
export function toolPath(name, tool = name) {
  const { bin } = JSON.parse(readFileSync(at('node_modules', name, 'package.json'), 'utf8'));
  return at('node_modules', name, typeof bin === 'string' ? bin : bin[tool]);
}

/** Runs one of the project's own programs and answers its exit code. */
export const runProgram = (node, args, options) =>
  runToEnd(node, args, { env: toolEnvironment(), ...options });

/** The desk's own word that something unforeseen ended it (src-main/domain/failure.ts), */
const BROKE_OFF = 70;
/** and the ends that the runtime makes of one: out of memory, a fault in native code. */
const CRASHES = new Set(['SIGABRT', 'SIGBUS', 'SIGILL', 'SIGSEGV', 'SIGTRAP'].map(exitCodeOf));
/** A desk that ran this long, ms, is not about to fail again at once. */
const STEADY = 60_000;
const LONGEST_WAIT = 60_000;

/**
 * Runs the desk and answers its exit code. A desk that broke off is started anew, and that is said:
 * while it is down nobody watches. One that was ended from outside stays ended.
 */
export async function runDesk(node, args, options) {
  for (let wait = 0; ; ) {
    const started = Date.now();
    const code = await runProgram(node, args, options);
    if (code !== BROKE_OFF && !CRASHES.has(code)) return code;
    wait = Date.now() - started > STEADY ? 0 : Math.min(LONGEST_WAIT, wait * 2 || 1_000);
    say(`Holdfast stopped unexpectedly (exit code ${code}); restarting it in ${wait / 1000} s.`);
    await new Promise((resume) => setTimeout(resume, wait));
  }
}
