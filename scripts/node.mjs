import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runQuietly } from './child.mjs';
import { Refusal, root } from './say.mjs';

const LEAST_MAJOR = 22;
const system = process.platform === 'win32' ? 'win' : process.platform;
const own = join(
  root,
  'node_modules',
  `node-${system}-${process.arch}`,
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/**
 * The Node that runs the project: its own, which comes with the dependencies, else the host's when
 * it is new enough (better-sqlite3 13 crashes below Node 22).
 */
export async function projectNode() {
  if (existsSync(own)) {
    const { code } = await runQuietly(own, ['--version'], { limit: 10_000 });
    if (code === 0) return own;
  }
  if (Number(process.versions.node.split('.')[0]) >= LEAST_MAJOR) return process.execPath;
  throw new Refusal(
    `Holdfast needs Node ${LEAST_MAJOR} or newer on this kind of machine, but this is ` +
      `${process.version}. Install a newer Node and run the command again.`,
  );
}

/** The environment for the project's tools: their own folder of commands first on the path. */
export function toolEnvironment(extra = {}) {
  const bin = join(root, 'node_modules', '.bin');
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...process.env, [key]: `${bin}${delimiter}${process.env[key] ?? ''}`, ...extra };
}
