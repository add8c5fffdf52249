import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { makeFolder, syncAside } from '../file/folder.ts';
import type { ArchiveLimits } from '../store.ts';
import type { Span } from './archive-file.ts';
import { inThread } from './in-thread.ts';

export const ARCHIVE_LIMITS: ArchiveLimits = { days: 90, bytes: 64 * 1024 * 1024 };

/** What grows without end, and which rows of it are done with. */
const growing: Record<string, string> = {
  journal: 'TRUE',
  cycles: 'TRUE',
  operations: 'NOT running',
  alerts: 'NOT owed', // what a channel still owes stays
};

const DAY_MS = 86_400_000;
/** Rows deleted per turn of the event loop. */
const BATCH = 2_000;
/** Keys, hashes and indexes beside a row's data, bytes. */
const BESIDE = 250;

interface Load {
  table: string;
  rows: number;
  /** Average of the newest ones. */
  rowBytes: number;
}

/**
 * How many of a table's oldest rows must go so that all stay within the limit: from whichever is
 * largest, down to four fifths, so that it is not done again at once.
 */
export function surplus(loads: readonly Load[], limit: number): { table: string; rows: number }[] {
  const size = (load: Load): number => load.rows * load.rowBytes;
  let excess = loads.reduce((sum, load) => sum + size(load), 0) - limit;
  if (excess <= 0) return [];
  excess += limit / 5;
  return loads
    .toSorted((a, b) => size(b) - size(a))
    .flatMap((load) => {
      const rows = Math.min(load.rows, Math.ceil(excess / load.rowBytes));
      excess -= rows * load.rowBytes;
      return rows > 0 ? [{ table: load.table, rows }] : [];
    });
}

/** The months (UTC) from one time to another, each with its name and its bounds cut to them. */
export function monthsBetween(
  from: number,
  before: number,
): { name: string; from: number; before: number }[] {
  const months = [];
  for (let at = from; at < before; ) {
    const date = new Date(at);
    const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
    const name = date.toISOString().slice(0, 7).replace('-', '');
    months.push({ name, from: at, before: Math.min(next, before) });
    at = next;
  }
  return months;
}

/**
 * Moves old rows into `archives/TABLE.YYYYMM.jsonl.zst`: packed and verified in a thread, published
 * by renaming, and only then deleted here, so that a kill in between loses nothing. `allowed` throws
 * when it has to stop. Returns the rows moved, by table.
 */
export async function archiveOld(
  db: Database,
  options: { now: number; limits: ArchiveLimits; allowed: () => void },
): Promise<Record<string, number>> {
  const folder = join(dirname(db.name), 'archives');
  const moved: Record<string, number> = {};
  for (const [table, before] of Object.entries(cutoffs(db, options))) {
    const condition = growing[table] ?? 'FALSE';
    const oldest = db
      .prepare<[], number | null>(`SELECT min(at) FROM ${table} WHERE ${condition}`)
      .pluck()
      .get();
    if (oldest === null || oldest === undefined) continue;
    for (const month of monthsBetween(oldest, before)) {
      const span: Span = { table, from: month.from, before: month.before, condition };
      const rows = await archiveMonth(
        db,
        folder,
        `${table}.${month.name}.jsonl.zst`,
        span,
        options,
      );
      if (rows > 0) moved[table] = (moved[table] ?? 0) + rows;
    }
  }
  return moved;
}

/** For each table the time before which its rows are archived. */
function cutoffs(
  db: Database,
  { now, limits }: { now: number; limits: ArchiveLimits },
): Record<string, number> {
  const loads = Object.keys(growing).map((table): Load => {
    const count = db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
    const average = db
      .prepare<[], number | null>(
        `SELECT avg(length(data)) FROM (SELECT data FROM ${table} ORDER BY rowid DESC LIMIT 500)`,
      )
      .pluck()
      .get();
    return { table, rows: count, rowBytes: (average ?? 0) + BESIDE };
  });
  const result = Object.fromEntries(
    Object.keys(growing).map((table) => [table, now - limits.days * DAY_MS]),
  );
  for (const { table, rows } of surplus(loads, limits.bytes)) {
    const at = db
      .prepare<[number], number>(`SELECT at FROM ${table} ORDER BY at LIMIT 1 OFFSET ?`)
      .pluck()
      .get(rows - 1);
    if (at !== undefined) result[table] = Math.max(result[table] ?? 0, Math.min(at + 1, now));
  }
  return result;
}

async function archiveMonth(
  db: Database,
  folder: string,
  file: string,
  span: Span,
  { allowed }: { allowed: () => void },
): Promise<number> {
  const waiting = db
    .prepare<[number, number], number>(
      `SELECT count(*) FROM ${span.table} WHERE at >= ? AND at < ? AND ${span.condition}`,
    )
    .pluck()
    .get(span.from, span.before);
  if (!waiting) return 0;
  allowed();
  makeFolder(folder);
  const path = join(folder, file);
  const partial = `${path}.partial`;
  try {
    const existing = existsSync(path) ? path : null;
    const packed = await inThread('packMonth', { database: db.name, span, existing, partial });
    allowed();
    if (packed.added > 0) {
      renameSync(partial, path);
      await syncAside(folder);
    }
    await remove(db, span, packed.lastRow, allowed);
    return packed.rows;
  } finally {
    rmSync(partial, { force: true });
  }
}

async function remove(
  db: Database,
  span: Span,
  lastRow: number,
  allowed: () => void,
): Promise<void> {
  const batch = db.prepare<[number, number, number]>(
    `DELETE FROM ${span.table} WHERE rowid IN (
       SELECT rowid FROM ${span.table}
       WHERE at >= ? AND at < ? AND rowid <= ? AND ${span.condition} LIMIT ${BATCH})`,
  );
  do {
    await setImmediate();
    allowed();
  } while (batch.run(span.from, span.before, lastRow).changes === BATCH);
}
