import type { Source } from '../../src-preload/contract/words.ts';

export type { Source };

/**
 * The answer to a read. A failed or partial read is `unknown` and never looks like "nothing there":
 * only a whole, successful read may say `empty` (P18, P19, P58, P59).
 */
export type Read<T> =
  | { state: 'ok'; rows: readonly T[]; asOf: number; source: Source }
  | { state: 'empty'; asOf: number; source: Source }
  | { state: 'unknown'; reason: string };

/** A whole read of `rows` as of `asOf` (ms): `ok`, or `empty` when there are none. */
export const answered = <T>(rows: readonly T[], asOf: number, source: Source): Read<T> =>
  rows.length > 0 ? { state: 'ok', rows, asOf, source } : { state: 'empty', asOf, source };

export const unknown = (reason: string): Read<never> => ({ state: 'unknown', reason });

/** The rows of a known answer; an `unknown` has none to give and must be told apart first. */
export const rowsOf = <T>(read: Exclude<Read<T>, { state: 'unknown' }>): readonly T[] =>
  read.state === 'ok' ? read.rows : [];
