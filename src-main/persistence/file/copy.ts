import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '../../domain/failure.ts';
import { syncAside } from './folder.ts';
import { SCHEMA_VERSION, schemaVersionOf } from './schema.ts';

/** Pages copied per turn of the event loop: 400 kB, about a millisecond. */
const PAGES_PER_TURN = 100;

/**
 * Replaces the live database's content by that of another file, in one transaction of SQLite's own,
 * and makes that durable: the connection that a copy writes through does not wait for the disk. A locked
 * target ends as "success" with no page copied, so the pages are asserted (P40).
 */
export async function replaceContent(live: Database.Database, from: string): Promise<void> {
  const source = new Database(from, { readonly: true, fileMustExist: true });
  try {
    const version = schemaVersionOf(source);
    if (version > SCHEMA_VERSION) {
      throw new Failure(
        'DATABASE_NEWER',
        `This backup was made by a newer version of Holdfast (schema ${version}; this one reads up to ${SCHEMA_VERSION}). Update Holdfast first.`,
      );
    }
    const { totalPages, remainingPages } = await source.backup(live.name, {
      progress: () => PAGES_PER_TURN,
    });
    if (totalPages === 0 || remainingPages > 0) {
      throw new Failure(
        'BUSY',
        `The database ${live.name} could not be replaced: another program is using that file. Close it there and try again.`,
      );
    }
  } finally {
    source.close();
  }
  // The log holds the new state now. (The main file is never opened here: closing it would drop our lock.)
  const log = `${live.name}-wal`;
  if (existsSync(log)) await syncAside(log);
  await syncAside(dirname(live.name));
  live.pragma('wal_checkpoint(PASSIVE)');
}
