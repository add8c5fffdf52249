import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, type Source, sources } from './sources.ts';

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

/** The text without its comments. */
const codeOf = (text: string): string => text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');

describe('rules of the house', () => {
  test('there are files to look at', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(100);
  });

  test('the practice exchange shares no code with its client', () => {
    const shared = offences(
      ({ path }) => path.startsWith('src-main/practice/'),
      (name) =>
        (!name.startsWith('src-') && name !== 'bybit-api') ||
        name.startsWith('src-main/practice/') ||
        // How it counts, refuses and reports says nothing of how Bybit is spoken to.
        /^src-main\/domain\/(numbers|failure|log)\.ts$/.test(name),
    );
    expect(shared).toEqual([]);
  });

  test('time and timers are passed in, so that a test can hold them', () => {
    const mayReach = new Map([
      ['src-main/domain/clock.ts', 'the clock itself'],
      [
        'src-main/practice/time.ts',
        'the practice exchange’s own, which shares no code with its client',
      ],
      [
        'src-main/exchange/account/follower.ts',
        'bybit-api stamps by Date.now() on the stream, which is evened out',
      ],
      ['src-main/backup/files/answering.ts', 'waits for a disk, which lives in real time'],
      ['src-main/backup/worker/job-runner.ts', 'waits for a thread, which lives in real time'],
      ['src-main/command-line/doctor.ts', 'a program of its own'],
      ['src-main/serve.ts', 'the web shell'],
    ]);
    const found = sources
      .filter(({ path }) => /^src-main\/(?!desktop\/|web\/)/.test(path))
      .filter(({ text }) => /\bDate\.now\(\)|(?<!\.)\bset(Timeout|Interval)\(/.test(codeOf(text)))
      .map(({ path }) => path);
    expect(found.sort()).toEqual([...mayReach.keys()].sort());
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
        name.startsWith('src-preload/contract/'),
    );
    expect(found).toEqual([]);
  });

  test('commands are known by their types outside of the main process, so that no schema reaches a screen', () => {
    const values = /^import (?!type )[^;]*?\/commands\/[^;]*;/gm;
    const found = sources
      .filter(({ path }) => /^src-renderer\/|^src-preload\/(?!contract\/commands\/)/.test(path))
      .flatMap(({ path, text, imports }) => [
        ...[...text.matchAll(values)].map(([line]) => `${path}: ${line}`),
        ...imports.filter((name) => name === 'zod').map((name) => `${path} -> ${name}`),
      ]);
    expect(found).toEqual([]);
  });

  test('the preload and the contract import nothing of the main process', () => {
    const found = offences(
      ({ path }) => path.startsWith('src-preload/'),
      (name) => !name.startsWith('src-main/') && !name.startsWith('src-renderer/'),
    );
    expect(found).toEqual([]);
  });

  test('entries and the preload keep to their lengths; a file of over 300 lines says why', () => {
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
    const long = sources.filter(
      ({ text }) => lines(text) > 300 && !/more than 300 lines because/.test(text),
    );
    expect(long.map(({ path, text }) => `${path} (${lines(text)})`)).toEqual([]);
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
