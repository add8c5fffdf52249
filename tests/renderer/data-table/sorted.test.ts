import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Column } from '../../../src-renderer/parts/data-table/columns.ts';
import { sortedRows } from '../../../src-renderer/parts/data-table/sorted.ts';

interface Row {
  name: string;
  size: number | undefined;
  bare: boolean;
}

const columns: readonly Column<Row>[] = [
  { id: 'name', name: 'Name', width: 10, value: ({ name }) => name, cell: ({ name }) => name },
  { id: 'size', name: 'Size', width: 10, value: ({ size }) => size, cell: ({ size }) => size },
  { id: 'plain', name: 'Plain', width: 10, cell: () => '' },
];
const rank = ({ bare }: Row): number => (bare ? 0 : 1);
const row = (name: string, size?: number, bare = false): Row => ({ name, size, bare });
const names = (rows: readonly Row[]): string => rows.map(({ name }) => name).join(' ');

test('what is not known comes last whichever way one sorts', () => {
  const rows = [row('a', 2), row('b'), row('c', 1)];
  expect(names(sortedRows(rows, columns, { id: 'size', desc: false }, {}))).toBe('c a b');
  expect(names(sortedRows(rows, columns, { id: 'size', desc: true }, {}))).toBe('a c b');
});

test('what must be seen first stays first, whatever is sorted by', () => {
  const rows = [row('a', 1), row('b', 9, true), row('c', 2)];
  for (const desc of [true, false]) {
    expect(names(sortedRows(rows, columns, { id: 'size', desc }, { rank }))).toMatch(/^b /);
  }
});

test('equal ones stand in the order of the ties, names with numbers in the order of the numbers', () => {
  const rows = [row('x10', 1), row('x9', 1), row('x1', 1)];
  const sort = { id: 'size', desc: true };
  expect(names(sortedRows(rows, columns, sort, { ties: ['name'] }))).toBe('x1 x9 x10');
});

test('without a sort, or by a column that has none, rows stay as they were given', () => {
  const rows = [row('b', 2), row('a', 1)];
  expect(names(sortedRows(rows, columns, null, {}))).toBe('b a');
  expect(names(sortedRows(rows, columns, { id: 'plain', desc: true }, {}))).toBe('b a');
});

test('sorting loses no row and orders every pair', () => {
  const anyRow = fc.record({
    name: fc.string(),
    size: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
    bare: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(anyRow), fc.boolean(), (rows, desc) => {
      const sorted = sortedRows(rows, columns, { id: 'size', desc }, { rank });
      expect(new Set(sorted)).toEqual(new Set(rows));
      for (const [index, now] of sorted.entries()) {
        const before = sorted[index - 1];
        if (!before || before.bare !== now.bare || before.size === undefined) continue;
        if (now.size === undefined) continue;
        expect(desc ? before.size >= now.size : before.size <= now.size).toBe(true);
      }
    }),
  );
});
