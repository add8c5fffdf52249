import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, sources } from './sources.ts';

/** Members that bybit-api keeps to itself, by its own declarations. */
function keptToItself(): Set<string> {
  const library = join(root, 'node_modules/bybit-api/lib');
  const names = new Set<string>();
  for (const file of readdirSync(library, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts')) continue;
    const text = readFileSync(join(library, file), 'utf8');
    for (const [, name] of text.matchAll(
      /^\s+(?:private|protected)\s+(?:abstract\s+|readonly\s+|static\s+)*(\w+)/gm,
    ))
      names.add(name as string);
  }
  return names;
}

test('E17 the exchange’s client library is used through its public side only', () => {
  const names = keptToItself();
  expect(names.size).toBeGreaterThan(10);
  const users = sources.filter(({ text }) => /from 'bybit-api'/.test(text));
  expect(users.map(({ path }) => path).sort()).toEqual([
    'src-main/exchange/rest/rest-client.ts',
    'src-main/exchange/rest/venue-client.ts',
    'src-main/exchange/stream/socket.ts',
  ]);
  const touched = users.flatMap(({ path, text }) =>
    [...text.matchAll(/\b(?:client|bybit|this|super)(?:\??\.|\??\.?\[['"`])(\w+)/g)]
      .filter(([, name]) => names.has(name as string))
      .map(([what]) => `${path}: ${what}`),
  );
  expect(touched).toEqual([]);
  // Nor by telling the compiler to look away.
  expect(users.filter(({ text }) => /as any|as unknown as|@ts-/.test(text))).toEqual([]);
  // What is done here instead of there is said where it is done.
  for (const path of ['rest/venue-client.ts', 'stream/socket.ts']) {
    const user = users.find((one) => one.path.endsWith(path));
    expect(user?.text, path).toMatch(/\/\*\*[^]*(done here instead|is not used)[^]*\*\//);
  }
});
