import { existsSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { Failure, sentenceOf } from '../domain/failure.ts';
import { replaceContent } from './file/copy.ts';
import {
  connect,
  createEmpty,
  damagedFailure,
  databasePath,
  examine,
  keepDamaged,
  newestDamaged,
  playBack,
} from './file/database.ts';
import { makeFolder } from './file/folder.ts';
import { metaOf, setMeta } from './file/meta.ts';
import { migrate, SCHEMA_VERSION } from './file/schema.ts';
import { codeOf, diskFailure } from './file/trouble.ts';
import type { OperationRecord } from './records.ts';
import { loadState, rehearseLoad } from './rows/load.ts';
import { createReader, quarantineOf } from './rows/reader.ts';
import { tables } from './rows/tables.ts';
import type { QuarantinedRow, Store, StoreOptions } from './store.ts';
import { createUpkeep } from './upkeep/upkeep.ts';
import { createWaiting } from './write/waiting.ts';
import { createWriter } from './write/writer.ts';

/**
 * Opens the data folder's database, made or migrated as needed. Throws DATABASE_DAMAGED (the file is
 * then kept under another name), DATABASE_NEWER (nothing is touched), DATA_FOLDER or DISK_FULL.
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const path = databasePath(options.dataDir);
  try {
    makeFolder(options.dataDir);
    await prepare(path, options);
    const db = connect(path);
    try {
      migrate(db);
      return storeOver(db, options);
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw error instanceof Failure || codeOf(error) === '' ? error : diskFailure(error, path);
  }
}

/** Brings the file to where it can be opened: present, sound, not newer, backed up before a migration. */
async function prepare(path: string, options: StoreOptions): Promise<void> {
  if (!existsSync(path)) {
    const damaged = newestDamaged(path);
    const allowed = options.startEmpty ? options.startEmpty(damaged) : damaged === null;
    if (!allowed) {
      throw damaged
        ? damagedFailure(damaged, 'found at an earlier start')
        : new Failure(
            'DATABASE_DAMAGED',
            `The database ${path} is missing, but there are backups of it. Start with --recover to continue from the newest verified one.`,
          );
    }
    createEmpty(path, options.clock.now(), (db) => setMeta(db, 'dataEpoch', options.newId()));
    return;
  }
  playBack(path);
  const found = examine(path);
  if ('damage' in found) {
    throw damagedFailure(keepDamaged(path, options.clock.now()), found.damage);
  }
  if (found.version > SCHEMA_VERSION) {
    throw new Failure(
      'DATABASE_NEWER',
      `The database ${path} was written by a newer version of Holdfast (schema ${found.version}; version ${options.programVersion} reads up to ${SCHEMA_VERSION}). ` +
        'Nothing was changed. Update Holdfast, or give this version its own data folder with --data.',
    );
  }
  if (found.version < SCHEMA_VERSION) await options.beforeMigration(path, found.version);
}

function storeOver(db: Database, options: StoreOptions): Store {
  const { clock, log } = options;
  const waiting = createWaiting();
  const writer = createWriter(db, waiting, options);
  let quarantined: QuarantinedRow[] = [];
  const setAside = quarantineOf(db, () => clock.now());
  const reader = createReader(db, (bad, why) => {
    setAside(bad, why);
    const row = { table: bad.table, key: bad.key, why };
    quarantined.push(row);
    log.error('a row was set aside', { ...row });
    options.onTrouble({
      kind: 'row-quarantined',
      row,
      text: `The saved row ${row.key} of ${row.table} cannot be trusted (${why}). It was set aside and will be rebuilt.`,
    });
  });
  let loaded = false;
  let busy: Failure | null = null;

  function guard(): void {
    const unread = 'Nothing can be saved before the saved state has been read.';
    writer.refuse(busy ?? (loaded ? null : new Failure('NOT_READY', unread)));
  }

  guard();
  const upkeep = createUpkeep(db, {
    ...options,
    rewrite: writer.rewrite,
    allowed() {
      if (busy) throw busy;
    },
  });

  return {
    path: db.name,

    load() {
      quarantined = [];
      const { state, known } = loadState(db, reader, quarantined);
      waiting.reset(known, state.sightings);
      loaded = true;
      guard();
      return state;
    },
    save: writer.save,
    operation: writer.operation,
    flush: writer.flush,
    close() {
      try {
        writer.flush();
      } catch (error) {
        log.error('the last changes could not be saved', { why: sentenceOf(error) });
      }
      writer.stop();
      db.close();
    },
    statistics: writer.statistics,

    closedTrades: ({ limit, before }) =>
      reader.records(
        tables.trades,
        'WHERE NOT open AND at < ? ORDER BY at DESC LIMIT ?',
        before ?? Number.MAX_SAFE_INTEGER,
        limit,
      ),
    timeline: ({ position, limit }) =>
      position === undefined
        ? reader.records(tables.timeline, 'ORDER BY at DESC, key DESC LIMIT ?', limit)
        : reader.records(
            tables.timeline,
            'WHERE position = ? ORDER BY at DESC, key DESC LIMIT ?',
            position,
            limit,
          ),
    alerts: (limit) => reader.records(tables.alerts, 'ORDER BY at DESC LIMIT ?', limit),
    operations(limit) {
      const waits = waiting.of('operations');
      const saved = reader
        .records(tables.operations, 'ORDER BY at DESC, rowid DESC LIMIT ?', limit)
        .filter(({ id }) => !waits.has(id));
      const unsaved = [...waits.values()].map(
        ({ data }): OperationRecord => JSON.parse(data ?? 'null'),
      );
      return [...unsaved, ...saved].sort((a, b) => b.beganAt - a.beganAt).slice(0, limit);
    },

    refuseWrites(why) {
      busy = new Failure('BUSY', why);
      guard();
    },
    allowWrites() {
      busy = null;
      guard();
    },
    async replaceFrom(dbPath) {
      if (!busy)
        throw new Failure('NOT_READY', 'Writes must be refused before the data is replaced.');
      const { state, known } = rehearseLoad(dbPath);
      await replaceContent(db, dbPath);
      waiting.reset(known, state.sightings);
      loaded = true;
    },
    epoch: () => metaOf(db, 'dataEpoch'),
    check: upkeep.check,
    archive: upkeep.archive,
    upkeep: upkeep.due,
  };
}
