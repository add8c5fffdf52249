import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, sources } from './sources.ts';

const screens = sources.filter(({ path }) => /^src-renderer\/.*\.tsx$/.test(path));
const outside = screens.filter(({ path }) => !path.startsWith('src-renderer/parts/'));
const styles = readdirSync(join(root, 'src-renderer'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.css'))
  .map((path) => ({ path, text: readFileSync(join(root, 'src-renderer', path), 'utf8') }));

test('what an operator presses, fills in and reads in rows is a part: no raw element outside of parts/', () => {
  expect(outside.length).toBeGreaterThan(20);
  const raw = /<(button|input|select|textarea|table|dialog)\b/g;
  const found = outside.flatMap(({ path, text }) =>
    [...text.matchAll(raw)].map(([tag]) => `${path}: ${tag}>`),
  );
  expect(found).toEqual([]);
});

test('no class is known by its name in another file: rules belong to a module', () => {
  const found = screens.filter(({ text }) => /className="|className=\{`/.test(text));
  expect(found.map(({ path }) => path)).toEqual([]);
});

test('every rule stands in a layer, and the order of the layers is said once', () => {
  const order = styles.filter(({ text }) => /@layer [\w\s]+,/.test(text));
  expect(order.map(({ path }) => path)).toEqual([join('public', 'layers.css')]);
  const bare = styles.filter(
    ({ path, text }) =>
      path.endsWith('.module.css') && !/^@layer (parts|frame|views) \{\n[\s\S]*\n\}\n$/.test(text),
  );
  expect(bare.map(({ path }) => path)).toEqual([]);
});

test('a part knows no view and no frame', () => {
  const found = screens
    .filter(({ path }) => path.startsWith('src-renderer/parts/'))
    .flatMap(({ path, imports }) =>
      imports
        .filter((name) => /^src-renderer\/(views|frame)\//.test(name))
        .map((name) => `${path} -> ${name}`),
    );
  expect(found).toEqual([]);
});
