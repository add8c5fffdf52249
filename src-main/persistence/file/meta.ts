import type { Database } from 'better-sqlite3';

/** Facts about the database itself, by name. */
export type MetaName = 'dataEpoch' | 'fullCheckAt';

export const metaOf = (db: Database, name: MetaName): string | null =>
  db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(name) ?? null;

export const setMeta = (db: Database, name: MetaName, value: string): void =>
  void db
    .prepare(
      'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    )
    .run(name, value);
