import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import BetterSqlite from 'better-sqlite3';

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

/**
 * The data epoch of a database that nobody has open, as it stands once its logs are played back;
 * `null` when there is none to be read.
 */
export function epochAt(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    const db = new BetterSqlite(path, { fileMustExist: true });
    try {
      return metaOf(db, 'dataEpoch');
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof BetterSqlite.SqliteError) return null;
    throw error;
  }
}
