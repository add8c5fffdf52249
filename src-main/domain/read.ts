import type { Source } from '../../src-preload/contract/words.ts';
import type { Oddity } from './set-aside.ts';

export type { Source };

/**
 * The answer to a read. A failed or partial read is `unknown` and never looks like "nothing there":
 * only a whole, successful read may say `empty` (P18, P19, P58, P59).
 */
export type Read<T> =
  | {
      state: 'ok';
      rows: readonly T[];
      asOf: number;
      source: Source;
      /** What is not understood, of symbols that no row is given of; absent where everything is. */
      odd?: readonly Oddity[];
    }
  | { state: 'empty'; asOf: number; source: Source }
  | { state: 'unknown'; reason: string };

/** A whole read of `rows` as of `asOf` (ms): `ok`, or `empty` when there is nothing. */
export function answered<T>(
  rows: readonly T[],
  asOf: number,
  source: Source,
  odd: readonly Oddity[] = [],
): Read<T> {
  if (odd.length > 0) return { state: 'ok', rows, asOf, source, odd };
  return rows.length > 0 ? { state: 'ok', rows, asOf, source } : { state: 'empty', asOf, source };
}

export const unknown = (reason: string): Extract<Read<never>, { state: 'unknown' }> => ({
  state: 'unknown',
  reason,
});

/** The rows of a known answer; an `unknown` has none to give and must be told apart first. */
export const rowsOf = <T>(read: Exclude<Read<T>, { state: 'unknown' }>): readonly T[] =>
  read.state === 'ok' ? read.rows : [];
