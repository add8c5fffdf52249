import Database from 'better-sqlite3';
import { hashOf } from '../rows/hash.ts';
import type { StoredRow } from '../rows/reader.ts';

export interface IntegrityQuestion {
  path: string;
  /** Those with hashed rows. Passed in: to learn them would load the shape of every record. */
  tables: readonly string[];
  kind: 'quick' | 'full';
  /** `quick` looks at the hashes of rows saved since then (ms). */
  since: number;
}

export interface IntegrityAnswer {
  /** Sentences; empty when sound. */
  findings: string[];
  /** Rows whose content is not what was saved. */
  badRows: { table: string; key: string }[];
}

/**
 * Looks for damage through a connection that only reads. Row hashes are compared as well, since
 * SQLite does not notice a flipped bit inside a value. Blocks: for a worker, or a file at rest.
 */
export function findDamage({ path, tables, kind, since }: IntegrityQuestion): IntegrityAnswer {
  const db = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const pragma = kind === 'full' ? 'integrity_check' : 'quick_check';
    const said = db.prepare<[], string>(`PRAGMA ${pragma}(20)`).pluck().all();
    const findings =
      said[0] === 'ok' ? [] : said.map((text) => `The database is damaged: ${text}.`);
    const badRows: IntegrityAnswer['badRows'] = [];
    // A database that no start of this version has opened yet lacks its newest tables.
    const there = new Set(db.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all());
    for (const table of tables.filter((name) => there.has(name))) {
      const rows = db
        .prepare<[number], StoredRow>(
          `SELECT key, account, position, at, data, hash FROM ${table} WHERE saved >= ?`,
        )
        .iterate(kind === 'full' ? 0 : since);
      for (const row of rows) {
        if (hashOf(row) === row.hash) continue;
        badRows.push({ table, key: row.key });
        findings.push(`The row ${row.key} of ${table} differs from what was saved.`);
      }
    }
    return { findings, badRows };
  } finally {
    db.close();
  }
}
