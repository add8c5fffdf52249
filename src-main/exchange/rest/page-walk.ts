import type { Oddity } from '../../domain/set-aside.ts';
import { listOf, MalformedRow, payloadOf } from '../bybit/fields.ts';
import type { Sorted } from '../bybit/sort-error.ts';
import { type Understood, withoutOdd } from '../bybit/understood.ts';
import type { Outcome } from './rest-client.ts';

export type Walk<Row> =
  | ({ ok: true /** Venue's ms of the first page. */; time: number } & Understood<Row>)
  | Unread;

interface Unread {
  ok: false;
  trouble: Sorted;
  /** What was asked about by name is there, and not understood. */
  odd?: readonly Oddity[];
}

/** More pages than any account can fill: a walk beyond it is a venue that never ends its list. */
const MOST_PAGES = 400;

/**
 * Every page of one list, or nothing: a failed page or a row that cannot be read and names no symbol makes
 * the whole walk fail (P59); one that names its symbol is told as odd, for its symbol alone (E1). The venue gives a cursor even with the last page, so the end is an empty page, a
 * page shorter than `limit`, or a cursor seen before; or sooner, when what was looked for is `found`.
 */
export async function walkPages<Row>(
  limit: number,
  ask: (cursor: string | undefined) => Promise<Outcome>,
  read: (list: readonly unknown[]) => Understood<Row>,
  found: (rows: readonly Row[]) => boolean = () => false,
): Promise<Walk<Row>> {
  const rows: Row[] = [];
  const odd: Oddity[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  let time: number | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const outcome = await ask(cursor);
    if (!outcome.ok) return outcome;
    time ??= outcome.time;
    try {
      const result = payloadOf(outcome.result, 'a page');
      const list = listOf(result['list'], 'a page without a list');
      const page = read(list);
      rows.push(...page.rows);
      odd.push(...page.odd);
      const next = result['nextPageCursor'];
      const last = list.length < limit || typeof next !== 'string' || next === '';
      if (last || seen.has(next) || found(rows)) {
        return { ok: true, rows: withoutOdd(rows, odd), odd, time };
      }
      seen.add(next);
      cursor = next;
    } catch (thrown) {
      if (thrown instanceof MalformedRow) return malformed(thrown);
      throw thrown;
    }
  }
  return malformed(new MalformedRow('a list without an end'));
}

/** `odd` in the cause: the answer came, and is not understood. */
export const malformed = (row: MalformedRow): Unread => unreadable(row.message);

export const unreadable = (sentence: string): Unread => ({
  ok: false,
  trouble: { verdict: 'retry', code: 0, sentence, cause: 'odd' },
});

/** Several walks as one: all of them, or the first trouble. */
export function joinWalks<Row>(walks: readonly Walk<Row>[]): Walk<Row> {
  const rows: Row[] = [];
  const odd: Oddity[] = [];
  let time = Number.POSITIVE_INFINITY;
  for (const walk of walks) {
    if (!walk.ok) return walk;
    rows.push(...walk.rows);
    odd.push(...walk.odd);
    time = Math.min(time, walk.time);
  }
  return { ok: true, rows: withoutOdd(rows, odd), odd, time };
}
