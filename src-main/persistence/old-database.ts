import Database from 'better-sqlite3';
import { Failure } from '../domain/failure.ts';
import { copyTo } from './copy.ts';
import { schemaVersionOf } from './schema.ts';

/**
 * A database of an earlier schema, opened only to be copied before it is migrated. It can be read by
 * the vault like the store, and replaced by nothing.
 */
export function openOldDatabase(path: string) {
  const db = new Database(path, { fileMustExist: true });
  return {
    path,
    backup: (
      target: string,
      onProgress?: (done: number, total: number) => void,
      signal?: AbortSignal,
    ) => copyTo(db, target, onProgress, signal),
    flush(): void {},
    counts: (): Record<string, number> => ({}),
    schemaVersion: () => schemaVersionOf(db),
    check: async (): Promise<string[]> => [],
    refuseWrites(): void {},
    allowWrites(): void {},
    async replaceFrom(): Promise<void> {
      throw new Failure(
        'NOT_READY',
        'The database is about to be migrated; restore after the start.',
      );
    },
    close: () => void db.close(),
  };
}
