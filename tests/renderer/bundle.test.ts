import { gzipSync } from 'node:zlib';
import { resolveConfig } from 'electron-vite';
import { build, type Rolldown } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { views } from '../../src-renderer/views/registry.ts';

/** Gzipped, 1,000 bytes: everything the page needs until its first view is drawn, without charts. */
const INITIAL_KB = 130;

let chunks: Rolldown.OutputChunk[] = [];

/** Built from the source as it is now with the configuration of the real build; nothing is written. */
beforeAll(async () => {
  const { config } = await resolveConfig({ logLevel: 'silent' }, 'build', 'production');
  const output = await build({
    ...config?.renderer,
    configFile: false,
    logLevel: 'silent',
    build: { ...config?.renderer?.build, write: false },
  });
  chunks = [output]
    .flat()
    .flatMap((one) => ('output' in one ? one.output : []))
    .filter((file) => file.type === 'chunk');
}, 60_000);

const holding = (module: RegExp): Rolldown.OutputChunk[] =>
  chunks.filter(({ modules }) => Object.keys(modules).some((id) => module.test(id)));

/** The chunks that are fetched before any of these can run. */
function fetchedFor(first: readonly Rolldown.OutputChunk[]): Set<Rolldown.OutputChunk> {
  const needed = new Set(first);
  for (const { imports } of needed) {
    for (const name of imports) {
      const chunk = chunks.find(({ fileName }) => fileName === name);
      if (chunk) needed.add(chunk);
    }
  }
  return needed;
}

const entries = (): Rolldown.OutputChunk[] => chunks.filter(({ isEntry }) => isEntry);

test('the screens carry no checker of inputs: zod is in none of their scripts', () => {
  expect(holding(/\/react-dom\//)).not.toEqual([]);
  expect(holding(/\/zod\/|\/contract\/commands\//).map(({ fileName }) => fileName)).toEqual([]);
});

test(`the first view is there within ${INITIAL_KB} kB of script`, () => {
  const [first] = views;
  const view = holding(new RegExp(`/views/${first.id}/${first.id}-view\\.tsx$`));
  expect(view).toHaveLength(1);
  const bytes = [...fetchedFor([...entries(), ...view])].map(({ code }) => gzipSync(code).length);
  const sum = bytes.reduce((all, one) => all + one, 0);
  console.info(`The first view takes ${(sum / 1000).toFixed(1)} kB of script, gzipped.`);
  expect(sum).toBeLessThan(INITIAL_KB * 1000);
});

test('the charts are a script of their own, fetched when one is shown', () => {
  const charts = holding(/\/node_modules\/uplot\//);
  expect(charts).toHaveLength(1);
  const others = Object.keys(charts[0]?.modules ?? {}).filter((id) => !/\/uplot\/|^\0/.test(id));
  expect(others).toEqual([]);
  expect([...fetchedFor(entries())]).not.toContain(charts[0]);
});
