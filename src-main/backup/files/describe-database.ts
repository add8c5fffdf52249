import type { Database as Connection } from 'better-sqlite3';
import Database from 'better-sqlite3';
import { positionName } from '../../domain/words.ts';
import {
  APPLICATION_ID,
  SCHEMA_VERSION,
  schemaVersionOf,
  strangeInSchema,
} from '../../persistence/file/schema.ts';
import { hashOf } from '../../persistence/rows/hash.ts';
import { hashedTables } from '../../persistence/rows/tables.ts';

/** What a database file holds. `refusal` says why it cannot be used at all. */
export interface DatabaseFacts {
  schemaVersion: number;
  counts: Record<string, number>;
  /** ms since 1970 UTC of the newest execution, timeline line or trade event. */
  newestEventAt: number | null;
  refusal: string | null;
}

/** What restoring one database over another changes; positions as people call them. */
export interface Difference {
  /** In the backup, not there now: they come back. */
  monitorsAdded: string[];
  /** There now, not in the backup: they go. */
  monitorsRemoved: string[];
  monitorsChanged: string[];
  /** Trades there now that the backup does not know. */
  tradesLost: number;
  /** Positions whose trade is open in the backup and closed now: they must stay closed (P41). */
  closedSince: string[];
}

/** What an operator would count, by the table and condition that counts it. */
const COUNTED: Record<string, string> = {
  accounts: 'accounts',
  monitors: 'monitors',
  openTrades: 'trades WHERE open',
  closedTrades: 'trades WHERE NOT open',
  executions: 'executions',
  timeline: 'timeline',
  alerts: 'alerts',
  settings: 'settings',
};

/**
 * Opens a database and says what is in it: SQLite's integrity check,
 * whose it is, its version, counts, and (`whole`) every row against its own hash.
 */
export function describeDatabase(from: string, depth: 'whole' | 'outline'): DatabaseFacts {
  const nothing = { schemaVersion: 0, counts: {}, newestEventAt: null };
  let db: Connection | null = null;
  try {
    db = new Database(from, { readonly: true });
    const refusal = refusalOf(db, depth);
    if (refusal) return { ...nothing, refusal };
    return {
      schemaVersion: schemaVersionOf(db),
      counts: countsOf(db),
      newestEventAt: newestEventOf(db),
      refusal: depth === 'whole' ? damagedRows(db) : null,
    };
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error;
    return { ...nothing, refusal: 'The database inside is damaged.' };
  } finally {
    db?.close();
  }
}

/** Looks at the pages of a live database, without the rows in them; `null` when they are sound. */
export function quickCheck(path: string): string | null {
  try {
    const db = new Database(path, { readonly: true });
    try {
      const finding = db.pragma('quick_check(1)', { simple: true });
      return finding === 'ok' ? null : String(finding);
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof Database.SqliteError) return error.message;
    throw error;
  }
}

function refusalOf(db: Connection, depth: 'whole' | 'outline'): string | null {
  const check = depth === 'whole' ? 'integrity_check(1)' : 'quick_check(1)';
  const findings = db.pragma(check, { simple: true });
  if (findings !== 'ok') return 'The database inside is damaged: it fails the integrity check.';
  const application = db.pragma('application_id', { simple: true });
  const version = schemaVersionOf(db);
  if (version > SCHEMA_VERSION) {
    return (
      `It was made by a newer version of Holdfast (data version ${version}; this one reads up to ` +
      `${SCHEMA_VERSION}). Update Holdfast to use it.`
    );
  }
  const empty = tablesOf(db).size === 0;
  if (empty) return 'The database inside is empty: its tables are missing.';
  if (application !== APPLICATION_ID) return 'The database inside belongs to another program.';
  const strange = strangeInSchema(db);
  return strange === null ? null : `The database inside is not one of Holdfast’s: ${strange}.`;
}

const tablesOf = (db: Connection): Set<string> =>
  new Set(
    db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all(),
  );

function countsOf(db: Connection): Record<string, number> {
  const there = tablesOf(db);
  const counts: Record<string, number> = {};
  for (const [name, rows] of Object.entries(COUNTED)) {
    if (!there.has(rows.split(' ')[0] as string)) continue;
    counts[name] = db.prepare<[], number>(`SELECT count(*) FROM ${rows}`).pluck().get() ?? 0;
  }
  return counts;
}

function newestEventOf(db: Connection): number | null {
  const there = tablesOf(db);
  const newest = ['executions', 'timeline', 'trade_events']
    .filter((name) => there.has(name))
    .map((name) => db.prepare<[], number | null>(`SELECT max(at) FROM ${name}`).pluck().get())
    .filter((at) => typeof at === 'number');
  return newest.length > 0 ? Math.max(...newest) : null;
}

interface HashedRow {
  key: string;
  account: string | null;
  position: string | null;
  at: number;
  data: string;
  hash: string;
}

/** Rows that are not what was written: SQLite does not notice a flipped bit inside a value. */
function damagedRows(db: Connection): string | null {
  const there = tablesOf(db);
  let damaged = 0;
  let first = '';
  for (const table of hashedTables.filter((name) => there.has(name))) {
    const rows = db.prepare<[], HashedRow>(
      `SELECT key, account, position, at, data, hash FROM ${table}`,
    );
    for (const row of rows.iterate()) {
      if (hashOf(row) === row.hash) continue;
      if (damaged++ === 0) first = `${table} ${row.key}`;
    }
  }
  if (damaged === 0) return null;
  return `${damaged} ${damaged === 1 ? 'row differs' : 'rows differ'} from what was saved; the first is ${first}.`;
}

/** Compares two databases; both must have been described and found good. */
export function differenceBetween(nowPath: string, backup: string): Difference {
  const now = new Database(nowPath, { readonly: true });
  const then = new Database(backup, { readonly: true });
  try {
    const current = rowsOf(now, 'monitors');
    const stored = rowsOf(then, 'monitors');
    const trades = rowsOf(now, 'trades');
    const tradesThen = rowsOf(then, 'trades');
    const closedNow = rowsOf(now, 'trades WHERE NOT open');
    const names = (rows: Map<string, ComparedRow>, are: (row: ComparedRow) => boolean): string[] =>
      [...rows.values()].filter(are).map(nameOf);
    return {
      monitorsAdded: names(stored, ({ key }) => !current.has(key)),
      monitorsRemoved: names(current, ({ key }) => !stored.has(key)),
      monitorsChanged: names(current, ({ key, hash }) => (stored.get(key)?.hash ?? hash) !== hash),
      tradesLost: [...trades.keys()].filter((key) => !tradesThen.has(key)).length,
      closedSince: names(rowsOf(then, 'trades WHERE open'), ({ key }) => closedNow.has(key)),
    };
  } finally {
    now.close();
    then.close();
  }
}

interface ComparedRow {
  key: string;
  hash: string;
  account: string;
  symbol: string | null;
  side: string | null;
}

const rowsOf = (db: Connection, which: string): Map<string, ComparedRow> =>
  new Map(
    db
      .prepare<[], ComparedRow>(
        `SELECT key, hash, account, data ->> '$.symbol' AS symbol, data ->> '$.side' AS side
         FROM ${which} ORDER BY key`,
      )
      .all()
      .map((row) => [row.key, row]),
  );

const nameOf = ({ key, account, symbol, side }: ComparedRow): string =>
  symbol === null || side === null ? key : positionName({ symbol, side, account });
