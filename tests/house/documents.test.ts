import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './sources.ts';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((path) => join('docs', path).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.md')),
];

test('what the documents point to is there', () => {
  const lost = documents.flatMap((document) => {
    const text = readFileSync(join(root, document), 'utf8');
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) =>
      join(dirname(document), to),
    );
    const named = [...text.matchAll(/`((?:src-\w+|tests|scripts|docs)\/[\w./-]+)`/g)].map(
      ([, path = '']) => path,
    );
    // `NAME` and `ROOM` stand for any.
    const all = [...links, ...named].filter((path) => !/NAME|ROOM/.test(path));
    return all
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${document} names ${path}, which is not there; name what replaced it.`);
  });
  expect(lost).toEqual([]);
});
