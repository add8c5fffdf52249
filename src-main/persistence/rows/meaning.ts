import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import { hashedTables, RESTLESS } from './tables.ts';

/**
 * A digest of what matters in the database at `path`: the same as long as nothing but what comes by
 * itself (marks, equity, cycles, when an account was last followed) was written. `null` when it cannot
 * be read.
 */
export function meaningOf(path: string): string | null {
  try {
    const db = new Database(path, { readonly: true, fileMustExist: true });
    try {
      const digest = createHash('sha256');
      db.exec('BEGIN');
      for (const table of hashedTables.filter((name) => !RESTLESS.tables.has(name))) {
        digest.update(`\n${table}`);
        const rows = db.prepare<[], [string, string]>(
          `SELECT key, hash FROM ${table} ORDER BY key`,
        );
        for (const [key, hash] of rows.raw().iterate()) {
          if (table !== 'settings' || !RESTLESS.settings.has(key))
            digest.update(`\n${key} ${hash}`);
        }
      }
      return digest.digest('hex');
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Database.SqliteError) return null;
    throw error;
  }
}
