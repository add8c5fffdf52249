import type { Database } from 'better-sqlite3';
import BetterSqlite from 'better-sqlite3';
import { positionKey } from '../../domain/keys.ts';
import { metaOf } from '../file/meta.ts';
import type { SightingRecord } from '../records.ts';
import type { LoadedState, QuarantinedRow } from '../store.ts';
import { createReader, type Reader } from './reader.ts';
import { sightingsShape } from './shapes.ts';
import { type Row, type Table, tables } from './tables.ts';

const NEWEST = { timeline: 1_000, executions: 2_000, tradeEvents: 2_000, endedTrades: 200 };

const sightings: Table<SightingRecord[]> = {
  name: 'sightings',
  shape: sightingsShape,
  key: () => 'all',
  at: () => 0,
  account: () => null,
  position: () => null,
  keeps: 'latest',
  live: true,
};

const newest = (limit: number): [string, number] => ['ORDER BY at DESC LIMIT ?', limit];

/**
 * Reads everything the desk starts from, and the rows that are hereby known to be on the disk.
 * `quarantined` collects what the reader had to set aside meanwhile.
 */
export function loadState(
  db: Database,
  reader: Reader,
  quarantined: QuarantinedRow[],
): { state: LoadedState; known: Row[] } {
  const known: Row[] = [];
  const read = <Item>(table: Table<Item>, condition = '', ...values: unknown[]): Item[] => {
    const rows = reader.rows(table, condition, ...values);
    known.push(...rows.map(([, row]) => row).toReversed());
    return rows.map(([item]) => item);
  };

  const monitors = read(tables.monitors);
  const watched = new Set(monitors.map(positionKey));
  const executions = read(tables.executions, ...newest(NEWEST.executions));
  read(tables.tradeEvents, ...newest(NEWEST.tradeEvents));
  const settings = read(tables.settings).map(({ name, value }) => [name, value]);
  const state: LoadedState = {
    dataEpoch: metaOf(db, 'dataEpoch') ?? '',
    accounts: read(tables.accounts),
    monitors,
    sightings: reader
      .records(sightings, '')
      .flat()
      .filter((sighting) => watched.has(sighting.position)),
    settings: Object.fromEntries(settings),
    intents: read(tables.intents, 'WHERE pending ORDER BY at'),
    openTrades: read(tables.trades, 'WHERE open ORDER BY at'),
    operations: read(tables.operations, 'WHERE running ORDER BY at'),
    endedTrades: read(
      tables.trades,
      'WHERE NOT open ORDER BY at DESC LIMIT ?',
      NEWEST.endedTrades,
    ).toReversed(),
    lastExecution: lastOfEach(db, reader),
    recentExecutions: new Set(executions.map(tables.executions.key)),
    timeline: read(tables.timeline, ...newest(NEWEST.timeline)).toReversed(),
    alerts: read(tables.alerts, 'WHERE owed ORDER BY at'),
    quarantined,
  };
  return { state, known };
}

function lastOfEach(db: Database, reader: Reader): LoadedState['lastExecution'] {
  const accounts = db.prepare<[], string>('SELECT DISTINCT account FROM executions').pluck().all();
  return Object.fromEntries(
    accounts.flatMap((account) => {
      const [last] = reader.records(
        tables.executions,
        'WHERE account = ? ORDER BY at DESC, key DESC LIMIT 1',
        account,
      );
      return last ? [[account, { execId: last.execId, executedAt: last.executedAt }]] : [];
    }),
  );
}

/**
 * What `loadState` will find once the database at `path` is the state, without a change to it; throws
 * where that would throw.
 */
export function rehearseLoad(path: string): ReturnType<typeof loadState> {
  const db = new BetterSqlite(path, { readonly: true, fileMustExist: true });
  try {
    const quarantined: QuarantinedRow[] = [];
    const reader = createReader(
      db,
      ({ table, key }, why) => void quarantined.push({ table, key, why }),
    );
    return loadState(db, reader, quarantined);
  } finally {
    db.close();
  }
}
