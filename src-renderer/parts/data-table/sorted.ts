import type { Column, Sort } from './columns.ts';

type Value = number | string | undefined;

const words = new Intl.Collator('en', { numeric: true });

/** Numbers by size, words by the alphabet. */
const compare = (a: number | string, b: number | string): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : words.compare(String(a), String(b));

/**
 * Rows in the chosen order. `rank` comes before everything (what must never be scrolled away), then
 * the sort, with what is not known last either way, then the columns of `ties`.
 */
export function sortedRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: Sort | null,
  {
    rank,
    ties = [],
  }: { rank?: ((row: Row) => number) | undefined; ties?: readonly string[] | undefined },
): readonly Row[] {
  const keys = [sort, ...ties.map((id) => ({ id, desc: false }))].flatMap((key) => {
    const value = columns.find(({ id }) => id === key?.id)?.value;
    return key && value ? [{ value, sign: key.desc ? -1 : 1 }] : [];
  });
  const weighed = rows.map((row) => ({
    row,
    rank: rank?.(row) ?? 0,
    values: keys.map(({ value }): Value => value(row)),
  }));
  weighed.sort((a, b) => {
    if (a.rank !== b.rank) return a.rank - b.rank;
    for (const [index, { sign }] of keys.entries()) {
      const [x, y] = [a.values[index], b.values[index]];
      if (x === y) continue;
      if (x === undefined) return 1;
      if (y === undefined) return -1;
      const order = compare(x, y);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
  return weighed.map(({ row }) => row);
}
