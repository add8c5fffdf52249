import Database from 'better-sqlite3';

/** What is saved in a table, as plain values, newest first, by a connection of its own that only reads. */
export function savedRows<Row>(store: { path: string }, table: string): Row[] {
  const db = new Database(store.path, { readonly: true });
  try {
    return db
      .prepare<[], string>(`SELECT data FROM ${table} ORDER BY at DESC, rowid DESC`)
      .pluck()
      .all()
      .map((data) => JSON.parse(data) as Row);
  } finally {
    db.close();
  }
}
