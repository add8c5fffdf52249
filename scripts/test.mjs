import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findOrFetchBrowser } from './browser.mjs';
import { runQuietly } from './child.mjs';
import { installedElectron } from './electron.mjs';
import { projectNode, toolEnvironment } from './node.mjs';
import { Refusal, root, runScript, say } from './say.mjs';
import { built, installed, toolPath } from './setup.mjs';

const results = join(root, 'test-results');
const vitestReport = join(results, 'unit.json');
const playwrightReport = join(results, 'e2e.json');
const LIMIT = 8 * 60_000;
/** Kills per kill test here; `npm run crash` takes many more. */
const KILLS = '3';
/** Points of the proofs that go call by call. */
const POINTS = { faults: '32', power: '48' };

const totals = { passed: 0, failed: 0, skipped: 0 };

function count({ passed = 0, failed = 0, skipped = 0 }) {
  totals.passed += passed;
  totals.failed += failed;
  totals.skipped += skipped;
}

const print = (text) => process.stdout.write(`${text}\n`);

/** Runs one step and prints how it went; `cases` reads the test cases it ran, else it counts as one. */
async function step(name, run, cases) {
  say(`${name} ...`);
  const started = Date.now();
  const { code, output } = await run();
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const found = cases?.(output) ?? null;
  const failed = code !== 0;
  if (failed) print(output);
  const told = found
    ? ` (${found.passed} passed, ${found.failed} failed, ${found.skipped} skipped)`
    : '';
  print(`${failed ? 'FAILED' : 'ok    '} ${name}${told} in ${seconds} s`);
  for (const reason of found?.skips ?? []) print(`       skipped: ${reason}`);
  count(found ?? { [failed ? 'failed' : 'passed']: 1 });
  // A runner that broke off without a failing case has failed all the same.
  if (found && failed && found.failed === 0) count({ failed: 1 });
}

async function inTurn(steps) {
  for (const one of steps) await one();
}

const readJson = (path) => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null);

function unitCases() {
  const report = readJson(vitestReport);
  if (!report) return null;
  const cases = report.testResults.flatMap((file) => file.assertionResults);
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    skips: cases.filter((one) => one.status === 'skipped').map((one) => one.fullName),
  };
}

function browserCases() {
  const report = readJson(playwrightReport);
  if (!report) return null;
  const specs = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specs)];
  const skips = report.suites
    .flatMap(specs)
    .flatMap((spec) =>
      spec.tests
        .filter((one) => one.status === 'skipped')
        .map((one) => `${spec.title}: ${one.annotations.map((note) => note.description)}`),
    );
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected + flaky, failed: unexpected, skipped, skips };
}

/** A proof that cannot run on this machine says why. */
function skipCases(output) {
  const [, reason] = /^ *skipped: (.+)$/m.exec(output) ?? [];
  return reason ? { passed: 0, failed: 0, skipped: 1, skips: [reason] } : null;
}

function clientCases(output) {
  const [, passed, failed] = /^(\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  return passed === undefined ? null : { passed: +passed, failed: +failed, skipped: 0 };
}

await runScript(async (args) => {
  if (args.includes('--help')) {
    print('Runs every check and ends with "N passed, N failed, N skipped".\n\n  npm test');
    return 0;
  }
  if (args.length > 0)
    throw new Refusal(`npm test takes no arguments, but "${args[0]}" was given.`, 2);
  const started = Date.now();
  await installed();
  const node = await projectNode();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });

  const env = toolEnvironment({
    NO_COLOR: '1',
    FORCE_COLOR: undefined,
    // Hundreds of threads and processes are started from source; each reads it compiled.
    NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
  });
  const withNode =
    (script, ...rest) =>
    () =>
      runQuietly(node, [script, ...rest], { limit: LIMIT, env });
  const tool = (name, command, ...rest) => withNode(toolPath(name, command), ...rest);

  const statics = [
    () => step('lint', tool('oxlint', 'oxlint', '--type-aware', '--deny-warnings')),
    () => step('format', tool('@biomejs/biome', 'biome', 'check', '.')),
    () => step('types of the desk', tool('typescript', 'tsc', '-p', 'tsconfig.node.json')),
    () => step('types of the screens', tool('typescript', 'tsc', '-p', 'tsconfig.web.json')),
    () => step('nothing unused', tool('knip', 'knip')),
  ];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
  await step('build', async () => {
    try {
      await built(node);
      return { code: 0, output: '' };
    } catch (thrown) {
      return { code: 1, output: String(thrown.message) };
    }
  });
  const kills = readdirSync(join(root, 'tests', 'crash'))
    .filter((file) => /^[a-z]+\.ts$/.test(file) && file !== 'main.ts')
    .map((file) => file.slice(0, -3))
    .map((name) => () => {
      const kill = withNode('tests/crash/main.ts', name, '--kills', POINTS[name] ?? KILLS);
      return step(`kill test: ${name}`, kill, skipCases);
    });
  const program = await findOrFetchBrowser(node);
  const electron = await installedElectron();
  const inBrowser = (project) => async () => {
    rmSync(playwrightReport, { force: true });
    if (!program) {
      return {
        code: 1,
        output:
          'No Chrome or Chromium was found and none could be installed. Install one, or name it ' +
          'with CHROME_PATH, and run npm test again.',
      };
    }
    const args = [toolPath('@playwright/test', 'playwright'), 'test', '--project', project];
    return runQuietly(node, args, {
      limit: LIMIT,
      env: { ...env, CHROME_PATH: program, HOLDFAST_ELECTRON: electron ?? '' },
    });
  };
  // Each of these keeps about one processor busy; the unit tests take all there are.
  await Promise.all([
    inTurn([
      () => step('parts and views in a browser', inBrowser('screens'), browserCases),
      () => step('end to end in a browser', inBrowser('program'), browserCases),
    ]),
    inTurn([
      ...statics,
      () => step('another client (ccxt)', withNode('tests/ccxt/check.ts'), clientCases),
      ...kills,
    ]),
  ]);
  await step('unit and property tests', tool('vitest', 'vitest', 'run', ...reporters), unitCases);
  print(`\n${((Date.now() - started) / 1000).toFixed(0)} s in all`);
  print(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  return totals.failed === 0 ? 0 : 1;
});
