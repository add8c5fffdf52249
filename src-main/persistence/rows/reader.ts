import type { Database } from 'better-sqlite3';
import { hashOf } from './hash.ts';
import type { Row, Table } from './tables.ts';

export interface StoredRow extends Row {
  readonly data: string;
  readonly hash: string;
}

export interface Reader {
  /** The trusted records of a table, in the order asked for; the others are set aside and told. */
  records<Item>(table: Table<Item>, condition: string, ...values: unknown[]): Item[];
  /** The same with the rows they came from. */
  rows<Item>(table: Table<Item>, condition: string, ...values: unknown[]): [Item, StoredRow][];
}

const COLUMNS = 'key, account, position, at, data, hash';

/** Why a row cannot be trusted, or what it holds. */
function trusted<Item>(row: StoredRow, table: Table<Item>): { item: Item } | { why: string } {
  if (hashOf(row) !== row.hash) return { why: 'its content differs from what was saved' };
  const checked = table.shape.safeParse(JSON.parse(row.data));
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return { why: `${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not valid'}`.trim() };
  }
  // It would stand beside the row of its own key for good (P03).
  const own = table.key(checked.data);
  return own === row.key ? { item: checked.data } : { why: `it is kept as ${own}` };
}

/**
 * Moves a row as it is to the quarantine table, where it waits for a look and can harm nobody.
 */
export function quarantineOf(
  db: Database,
  now: () => number,
): (row: StoredRow, why: string) => void {
  return db.transaction((row: StoredRow, why: string) => {
    db.prepare(
      'INSERT INTO quarantine (source, key, data, hash, why, at) VALUES (?, ?, ?, ?, ?, ?)',
    ).run(row.table, row.key, row.data, row.hash, why, now());
    db.prepare(`DELETE FROM ${row.table} WHERE key = ?`).run(row.key);
  });
}

/**
 * Reads rows and believes only those whose hash, shape and key hold. A row that does not is handed to
 * `onBad`: never silently dropped.
 */
export function createReader(db: Database, onBad: (row: StoredRow, why: string) => void): Reader {
  function rows<Item>(
    table: Table<Item>,
    condition: string,
    ...values: unknown[]
  ): [Item, StoredRow][] {
    const found = db
      .prepare<unknown[], StoredRow>(
        `SELECT '${table.name}' AS "table", ${COLUMNS} FROM ${table.name} ${condition}`,
      )
      .all(...values);
    return found.flatMap((row): [Item, StoredRow][] => {
      const verdict = trusted(row, table);
      if ('item' in verdict) return [[verdict.item, row]];
      onBad(row, verdict.why);
      return [];
    });
  }

  return {
    rows,
    records: (table, condition, ...values) =>
      rows(table, condition, ...values).map(([item]) => item),
  };
}
