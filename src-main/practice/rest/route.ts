import type { Account } from '../engine/state/state.ts';
import type { Venue } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import type { Lagging } from '../traffic/lag.ts';

/** What a route is given: the parameters as they came, and whose request it is. */
export interface Call {
  venue: Venue;
  query: Record<string, string>;
  body: Record<string, unknown>;
  /** The real clock, ms: what the venue says the time is. */
  now: number;
  /** Takes one from the endpoint's bucket; false when it is empty (batch calls: one per order). */
  take: () => boolean;
}

export interface Answer {
  result: object;
  /** `retMsg`; "OK" unless said. */
  message?: string;
  ext?: object;
}

export interface PublicRoute {
  method: 'GET' | 'POST';
  answer: (call: Call) => Answer;
}

export interface PrivateRoute {
  method: 'GET' | 'POST';
  /** Requests per second and account. */
  perSecond: number;
  /** The list this shows, when it is a copy that lags behind. */
  lags?: Lagging;
  answer: (call: Call, account: Account) => Answer;
}

/** `limit` as asked, within what the endpoint allows. */
export function limitOf(query: Record<string, string>, fallback: number, most: number): number {
  const text = query.limit;
  if (text === undefined || text === '') return fallback;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Refusal(10001, 'params error: limit invalid');
  return Math.min(limit, most);
}

/** A cursor's parts: it comes back once or twice percent-encoded, depending on the client. */
export function cursorOf(query: Record<string, string>): string[] | null {
  const text = query.cursor;
  if (text === undefined || text === '') return null;
  let plain = text;
  for (let times = 0; times < 2 && plain.includes('%'); times += 1) plain = safeDecode(plain);
  return plain.split(/[,:]/);
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(10001, 'params error: cursor invalid');
  }
}

export interface Key {
  id: string;
  /** ms */
  at: number;
}

/**
 * One page of rows (newest first) and its cursor `first%3Ats%2Clast%3Ats`; "" for an empty page. The
 * page goes on after the row the cursor names, or where that row was if it is gone by now.
 */
export function pageOf<T>(
  call: Call,
  rows: T[],
  size: { usual: number; most: number },
  keyOf: (row: T) => Key,
): { page: T[]; nextPageCursor: string } {
  const limit = limitOf(call.query, size.usual, size.most);
  const cursor = cursorOf(call.query);
  const from =
    cursor === null ? 0 : indexAfter(rows.map(keyOf), cursor[2] ?? '', Number(cursor[3]));
  const page = rows.slice(from, from + limit);
  const [first, last] = [page[0], page.at(-1)];
  if (first === undefined || last === undefined) return { page, nextPageCursor: '' };
  const [a, b] = [keyOf(first), keyOf(last)];
  return { page, nextPageCursor: encodeURIComponent(`${a.id}:${a.at},${b.id}:${b.at}`) };
}

function indexAfter(keys: Key[], id: string, at: number): number {
  const known = keys.findIndex((key) => key.id === id);
  if (known >= 0) return known + 1;
  const next = keys.findIndex((key) => key.at < at || (key.at === at && key.id < id));
  return next < 0 ? keys.length : next;
}

const day = 86_400_000;

/** A time window: 7 days unless both ends are given, never wider than `most` days. */
export function windowOf(call: Call, days: number, most: number): { from: number; to: number } {
  const start = numberOf(call.query.startTime);
  const end = numberOf(call.query.endTime);
  const width = days * day;
  if (start === null && end === null) return { from: call.venue.time.now() - width, to: Infinity };
  if (start === null) return { from: (end ?? 0) - width, to: end ?? 0 };
  if (end === null) return { from: start, to: start + width };
  if (end < start || end - start > most * day) {
    throw new Refusal(
      10001,
      'params error: The time range between startTime and endTime cannot exceed 7 days',
    );
  }
  return { from: start, to: end };
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new Refusal(10001, 'params error: Time Is Invalid');
  return value;
}

/** Linear is all this venue lists. */
export function requireLinear(category: unknown): void {
  if (category !== 'linear') throw new Refusal(10001, 'params error: category invalid');
}
