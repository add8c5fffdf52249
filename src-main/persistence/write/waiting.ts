import type { SightingRecord } from '../records.ts';
import { type Row, tables } from '../rows/tables.ts';

const byName = new Map<string, { keeps: 'latest' | 'once' }>(
  Object.values(tables).map((table) => [table.name, table]),
);

/**
 * Rows remembered per table, to tell a change from a repetition and to write one again whose copy on the
 * disk is bad: more than a desk has positions. Forgetting costs one more write.
 */
const REMEMBERED = 2_000;

/** Packed sightings fill whole pages, so that SQLite overwrites them in place. */
const PAGE = 4096;

/** A row that a change really alters, with its JSON before (`null`: there was none). */
export interface Altered {
  row: Row;
  before: string | null;
  /** What waited to be written of it until then. */
  waited: Row | null;
}

/**
 * What is not written yet, one version per row, and what is known to be written. A row that equals
 * what is stored is not taken; one that returns to it no longer waits.
 */
export interface Waiting {
  take(rows: readonly Row[]): Altered[];
  /** Forgets what was just taken: what waited before waits again. */
  undo(altered: readonly Altered[]): void;
  /** Returns how many of them are news. */
  see(sightings: readonly SightingRecord[]): number;
  /** Rows of one table that wait, by key. */
  of(table: string): ReadonlyMap<string, Row>;
  /** Rows to write now, sightings packed into one. */
  rows(): Row[];
  /** These rows are on the disk. */
  settled(rows: readonly Row[]): void;
  /** Starts over from what was loaded: nothing waits. */
  reset(rows: readonly Row[], sightings: readonly SightingRecord[]): void;
  /** Makes rows whose copy on the disk is bad wait again, where their content is remembered. */
  rewrite(rows: readonly Pick<Row, 'table' | 'key'>[]): void;
  readonly size: number;
  readonly coalesced: number;
}

const idOf = (row: Pick<Row, 'table' | 'key'>): string => `${row.table} ${row.key}`;
const keepsFirst = (row: Row): boolean => byName.get(row.table)?.keeps === 'once';

export function createWaiting(): Waiting {
  const pending = new Map<string, Row>();
  const stored = new Map<string, Map<string, Row>>();
  const sightings = new Map<string, string>();
  const seen = new Set<string>();
  let coalesced = 0;

  function remember(row: Row): void {
    if (row.table === 'sightings') return;
    const texts = stored.get(row.table) ?? new Map<string, Row>();
    stored.set(row.table, texts);
    texts.delete(row.key);
    if (row.data === null) return;
    texts.set(row.key, keepsFirst(row) ? { ...row, data: null } : row);
    const [oldest] = texts.size > REMEMBERED ? texts.keys() : [];
    if (oldest !== undefined) texts.delete(oldest);
  }

  function takeOne(row: Row): Altered | null {
    const id = idOf(row);
    const earlier = pending.get(id);
    const written = stored.get(row.table)?.get(row.key);
    const latest = earlier ?? written;
    if (latest && (keepsFirst(row) || latest.data === row.data)) return null;
    if (earlier) coalesced++;
    if (written?.data === row.data) pending.delete(id);
    else pending.set(id, row);
    return { row, before: latest?.data ?? null, waited: earlier ?? null };
  }

  return {
    take(rows) {
      const altered: Altered[] = [];
      for (const row of rows) {
        const one = takeOne(row);
        if (one) altered.push(one);
        if (row.table === 'monitors' && row.data === null && sightings.delete(row.key)) {
          seen.add(row.key);
        }
      }
      return altered;
    },

    undo(altered) {
      for (const { row, waited } of altered.toReversed()) {
        if (waited) pending.set(idOf(row), waited);
        else pending.delete(idOf(row));
      }
    },

    see(records) {
      let news = 0;
      for (const { position, markPrice, distance, checkedAt } of records) {
        const text = JSON.stringify([position, markPrice, distance, checkedAt]);
        if (sightings.get(position) === text) continue;
        sightings.set(position, text);
        if (seen.has(position)) coalesced++;
        seen.add(position);
        news++;
      }
      return news;
    },

    of: (table) =>
      new Map(
        [...pending.values()].flatMap((row) => (row.table === table ? [[row.key, row]] : [])),
      ),

    rows() {
      const rows = [...pending.values()];
      if (seen.size > 0) {
        const packed = `[${[...sightings.values()].join(',')}]`;
        rows.push({
          table: 'sightings',
          key: 'all',
          account: null,
          position: null,
          at: 0,
          data: packed.padEnd(Math.ceil(packed.length / PAGE) * PAGE),
        });
      }
      return rows;
    },

    settled(rows) {
      for (const row of rows) {
        remember(row);
        if (row.table === 'sightings') seen.clear();
        else if (pending.get(idOf(row)) === row) pending.delete(idOf(row));
      }
    },

    reset(rows, records) {
      pending.clear();
      stored.clear();
      sightings.clear();
      for (const row of rows) remember(row);
      this.see(records);
      seen.clear();
    },

    rewrite(rows) {
      for (const { table, key } of rows) {
        const row = stored.get(table)?.get(key);
        if (table === 'sightings') for (const position of sightings.keys()) seen.add(position);
        else if (row && row.data !== null && !pending.has(idOf(row))) pending.set(idOf(row), row);
      }
    },

    get size() {
      return pending.size + seen.size;
    },
    get coalesced() {
      return coalesced;
    },
  };
}
