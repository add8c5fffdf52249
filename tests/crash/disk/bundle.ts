import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'vite';

const root = join(import.meta.dirname, '../../..');
const disk = 'tests/crash/disk';

/**
 * The operations and the threads they start, bundled as the program ships: most of what a point costs is
 * starting threads and processes, and from many files of source each takes several times as long.
 */
export async function bundled(): Promise<{ script(name: string): string; remove(): void }> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-crash-program-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  const threads = globSync('src-main/**/*-worker.ts', { cwd: root });
  await bundle(folder, [...threads, `${disk}/operations-child.ts`]);
  const starters = /^.*\/(job-runner|in-thread)\.ts$/;
  const instead = [{ find: starters, replacement: join(root, disk, 'in-one-thread.ts') }];
  await bundle(folder, [`${disk}/points-child.ts`], instead);
  return {
    script: (name) => join(folder, `${name}.js`),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function bundle(
  folder: string,
  entries: readonly string[],
  instead: { find: RegExp; replacement: string }[] = [],
): Promise<void> {
  // The native module alone stays where it is.
  const native = createRequire(import.meta.url).resolve('better-sqlite3');
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: [{ find: /^better-sqlite3$/, replacement: native }, ...instead] },
    ssr: { noExternal: true },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      target: 'node24',
      rolldownOptions: {
        external: [native],
        input: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
}
