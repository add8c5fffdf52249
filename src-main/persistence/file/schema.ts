import type { Database } from 'better-sqlite3';
import BetterSqlite from 'better-sqlite3';

/** "Hfst" in the file's header: how a database of ours is told from another program's. */
export const APPLICATION_ID = 0x48667374;

/**
 * A table of saved rows. `data` is plain JSON, `hash` covers every other column but itself, because
 * SQLite does not notice a flipped bit inside a value; `saved` is when it was written (ms).
 */
const rows = (name: string, more = ''): string =>
  `${state(name, more)} CREATE INDEX ${name}_at ON ${name} (at);`;

/** The same for state that is only ever read whole. */
const state = (name: string, more = ''): string => `
  CREATE TABLE ${name} (
    key TEXT PRIMARY KEY NOT NULL,
    account TEXT,
    position TEXT,
    at INTEGER NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    saved INTEGER NOT NULL${more}
  ) STRICT;`;

/** Numbered by place: the first makes version 1. Never edited once published, only added to. */
const migrations: readonly string[] = [
  [
    'CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;',
    state('accounts'),
    state('settings'),
    state('monitors'),
    state('sightings'),
    state('intents', ", pending INTEGER AS (data ->> '$.pending') STORED"),
    rows(
      'executions',
      `, symbol TEXT AS (data ->> '$.symbol') STORED, exec_id TEXT AS (data ->> '$.execId') STORED,
    UNIQUE (account, symbol, exec_id)`,
    ),
    rows('trades', ", open INTEGER AS (data ->> '$.closedAt' IS NULL) STORED"),
    rows('trade_events', ", trade TEXT AS (data ->> '$.trade') STORED"),
    'CREATE INDEX trade_events_trade ON trade_events (trade, at);',
    rows('journal'),
    `CREATE TRIGGER journal_is_append_only BEFORE UPDATE ON journal
     BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;`,
    rows('timeline'),
    'CREATE INDEX timeline_position ON timeline (position, at);',
    rows('alerts', ", owed INTEGER AS (data ->> '$.owed' <> '[]') STORED"),
    rows('equity'),
    rows('cycles'),
    `CREATE TABLE quarantine (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL,
      key TEXT NOT NULL,
      data TEXT NOT NULL,
      hash TEXT NOT NULL,
      why TEXT NOT NULL,
      at INTEGER NOT NULL
    ) STRICT;`,
  ].join('\n'),
  rows('operations', ", running INTEGER AS (data ->> '$.state' = 'running') STORED"),
  // Monitors of their second version: the first is read as one, so no table changes. The number is for a
  // program that knows only the first, which would set such a row aside, and for the backup before.
  '',
];

export const SCHEMA_VERSION = migrations.length;

export const schemaVersionOf = (db: Database): number =>
  db.prepare<[], number>('PRAGMA user_version').pluck().get() ?? 0;

/**
 * What in a database is not as the migrations of its version make it: a table, index or trigger that
 * is missing, different or not ours; `null` when nothing is. A version that is not known is strange.
 */
export function strangeInSchema(db: Database): string | null {
  const version = schemaVersionOf(db);
  if (version < 1 || version > SCHEMA_VERSION) return `version ${version} is not known`;
  const found = schemaOf(db);
  const expected = expectedSchema(version);
  for (const name of new Set([...expected.keys(), ...found.keys()])) {
    if (!found.has(name)) return `${name} is missing`;
    if (!expected.has(name)) return `${name} does not belong there`;
    if (found.get(name) !== expected.get(name)) return `${name} differs`;
  }
  return null;
}

/** The text that made each table, index, view and trigger, by what it is. */
const schemaOf = (db: Database): Map<string, string> =>
  new Map(
    db
      .prepare<[], [string, string]>(
        `SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema
         WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
      )
      .raw()
      .all(),
  );

const expected = new Map<number, Map<string, string>>();

function expectedSchema(version: number): Map<string, string> {
  const known = expected.get(version);
  if (known) return known;
  const db = new BetterSqlite(':memory:');
  try {
    migrate(db, version);
    const made = schemaOf(db);
    expected.set(version, made);
    return made;
  } finally {
    db.close();
  }
}

/** Brings a database up to date, each step in a transaction of its own with its number. */
export function migrate(db: Database, upTo = SCHEMA_VERSION): void {
  for (const [index, sql] of migrations.slice(0, upTo).entries()) {
    if (index < schemaVersionOf(db)) continue;
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${index + 1}`);
    })();
  }
}
