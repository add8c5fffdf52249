import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = resolve(fileURLToPath(import.meta.url), '../../..');

interface Source {
  path: string;
  text: string;
  /** What it imports: paths from the root for our own files, names for packages. */
  imports: string[];
}

const importLine = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;

const sources: Source[] = ['src-main', 'src-preload', 'src-renderer']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(folder, path).replaceAll('\\', '/'),
    ),
  )
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const imports = [...text.matchAll(importLine)].map(([, name = '']) =>
      name.startsWith('.') ? join(dirname(path), name).replaceAll('\\', '/') : name,
    );
    return { path, text, imports };
  });

/** From the ground up. A room may import its own files and those of lower floors. */
const floors: Record<string, number> = {
  domain: 0,
  exchange: 1,
  persistence: 1,
  cache: 2,
  backup: 2,
  statistics: 2,
  alerts: 2,
  monitor: 3,
  desk: 4,
  web: 5,
  desktop: 6,
};

const roomOf = (path: string): string | null => /^src-main\/([^/]+)\//.exec(path)?.[1] ?? null;

/** Every import of `from` that `allowed` refuses, as "file -> what it imports". */
const offences = (
  from: (source: Source) => boolean,
  allowed: (name: string, source: Source) => boolean,
): string[] =>
  sources
    .filter(from)
    .flatMap((source) =>
      source.imports
        .filter((name) => !allowed(name, source))
        .map((name) => `${source.path} -> ${name}`),
    );

describe('rules of the house', () => {
  test('there are files to look at', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(100);
  });

  test('every room of the main process has its floor', () => {
    const rooms = new Set(sources.map(({ path }) => roomOf(path)).filter((room) => room !== null));
    expect([...rooms].filter((room) => !(room in floors) && room !== 'practice')).toEqual([]);
  });

  test('imports climb no stairs', () => {
    const climbs = offences(
      ({ path }) => (roomOf(path) ?? 'practice') !== 'practice',
      (name, { path }) => {
        const [from, to] = [roomOf(path) ?? '', roomOf(name)];
        if (to === null || to === from) return !/^src-main\/[^/]+\.ts$/.test(name);
        // The desk starts the embedded exchange; nothing else knows of it.
        if (to === 'practice') return from === 'desk';
        return (floors[to] ?? 99) < (floors[from] ?? -1);
      },
    );
    expect(climbs).toEqual([]);
  });

  test('the practice exchange shares no code with its client', () => {
    const shared = offences(
      ({ path }) => roomOf(path) === 'practice',
      (name) =>
        (!name.startsWith('src-') && name !== 'bybit-api') ||
        name.startsWith('src-main/practice/') ||
        // How it counts, refuses and reports says nothing of how Bybit is spoken to.
        /^src-main\/domain\/(numbers|failure|log)\.ts$/.test(name),
    );
    expect(shared).toEqual([]);
  });

  test('only the desktop shell and the preload know Electron', () => {
    const found = offences(
      ({ path }) => !/^src-main\/(desktop\/|main\.ts$)|^src-preload\/index\.ts$/.test(path),
      (name) => name !== 'electron',
    );
    expect(found).toEqual([]);
  });

  test('the screens import the contract and nothing else of the main process', () => {
    const found = offences(
      ({ path }) => path.startsWith('src-renderer/'),
      (name) =>
        !name.startsWith('src-') ||
        name.startsWith('src-renderer/') ||
        name === 'src-preload/contract.ts',
    );
    expect(found).toEqual([]);
  });

  test('the preload and the contract import nothing of the main process', () => {
    const found = offences(
      ({ path }) => path.startsWith('src-preload/'),
      (name) => !name.startsWith('src-main/') && !name.startsWith('src-renderer/'),
    );
    expect(found).toEqual([]);
  });

  test('entries and the preload keep to their lengths, and long files are named', () => {
    const lines = (text: string): number => text.trimEnd().split('\n').length;
    const limits: Record<string, number> = {
      'src-main/main.ts': 150,
      'src-main/serve.ts': 150,
      'src-main/cli.ts': 150,
      'src-preload/index.ts': 80,
    };
    const over = sources
      .filter(({ path, text }) => lines(text) > (limits[path] ?? Number.POSITIVE_INFINITY))
      .map(({ path }) => path);
    expect(over).toEqual([]);
    const long = sources.filter(({ text }) => lines(text) > 300);
    if (long.length > 0) {
      const list = long.map(({ path, text }) => `${path} (${lines(text)})`).join(', ');
      console.info(`Files over 300 lines, each perhaps two rooms: ${list}`);
    }
  });

  test.each([
    ['package-lock.json', 200],
    ['tests/ccxt/package-lock.json', 5],
  ])('%s names no registry host and every package has its checksum', (lock, least) => {
    const { packages } = JSON.parse(readFileSync(join(root, lock), 'utf8')) as {
      packages: Record<string, { integrity?: string; resolved?: string; link?: boolean }>;
    };
    const entries = Object.entries(packages).filter(([path]) => path !== '');
    expect(entries.length).toBeGreaterThan(least);
    expect(entries.filter(([, one]) => one.resolved !== undefined).map(([path]) => path)).toEqual(
      [],
    );
    expect(entries.filter(([, one]) => !one.integrity && !one.link).map(([path]) => path)).toEqual(
      [],
    );
  });
});
