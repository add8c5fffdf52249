import { listOf, MalformedRow, payloadOf } from '../bybit/fields.ts';
import type { Sorted } from '../bybit/sort-error.ts';
import type { Outcome } from './rest-client.ts';

export type Walk<Row> =
  | { ok: true; rows: Row[] /** Venue's ms of the first page. */; time: number }
  | { ok: false; trouble: Sorted };

/** More pages than any account can fill: a walk beyond it is a venue that never ends its list. */
const MOST_PAGES = 400;

/**
 * Every page of one list, or nothing: a failed page or a row that cannot be read makes the whole
 * walk fail (P59). The venue gives a cursor even with the last page, so the end is an empty page, a
 * page shorter than `limit`, or a cursor seen before; or sooner, when what was looked for is `found`.
 */
export async function walkPages<Row>(
  limit: number,
  page: (cursor: string | undefined) => Promise<Outcome>,
  map: (row: unknown) => Row,
  found: (rows: readonly Row[]) => boolean = () => false,
): Promise<Walk<Row>> {
  const rows: Row[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  let time: number | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const outcome = await page(cursor);
    if (!outcome.ok) return outcome;
    time ??= outcome.time;
    try {
      const result = payloadOf(outcome.result, 'a page');
      const list = listOf(result['list'], 'a page without a list');
      for (const row of list) rows.push(map(row));
      const next = result['nextPageCursor'];
      const last = list.length < limit || typeof next !== 'string' || next === '';
      if (last || seen.has(next) || found(rows)) return { ok: true, rows, time };
      seen.add(next);
      cursor = next;
    } catch (thrown) {
      if (thrown instanceof MalformedRow) return malformed(thrown);
      throw thrown;
    }
  }
  return malformed(new MalformedRow('a list without an end'));
}

export const malformed = (row: MalformedRow): { ok: false; trouble: Sorted } => ({
  ok: false,
  trouble: { verdict: 'retry', code: 0, sentence: row.message, cause: null },
});

/** Several walks as one: all of them, or the first trouble. */
export function joinWalks<Row>(walks: readonly Walk<Row>[]): Walk<Row> {
  const rows: Row[] = [];
  let time = Number.POSITIVE_INFINITY;
  for (const walk of walks) {
    if (!walk.ok) return walk;
    rows.push(...walk.rows);
    time = Math.min(time, walk.time);
  }
  return { ok: true, rows, time };
}
