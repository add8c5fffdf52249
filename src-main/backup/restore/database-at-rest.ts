import { existsSync } from 'node:fs';
import { replaceContent } from '../../persistence/file/copy.ts';
import { connect, examine, playBack } from '../../persistence/file/database.ts';
import { metaOf } from '../../persistence/file/meta.ts';
import type { DatabaseSource } from '../files/source.ts';

/**
 * The database of a data folder that no desk has open: for the command line, and for the backup
 * before a migration. To be used under the folder's lock. `null` when it is missing or damaged.
 */
export function databaseAtRest(path: string): (DatabaseSource & { close(): void }) | null {
  playBack(path);
  if (!existsSync(path) || 'damage' in examine(path)) return null;
  const db = connect(path);
  return {
    path,
    flush() {},
    refuseWrites() {},
    allowWrites() {},
    replaceFrom: (dbPath) => replaceContent(db, dbPath),
    epoch: () => metaOf(db, 'dataEpoch'),
    close: () => void db.close(),
  };
}
