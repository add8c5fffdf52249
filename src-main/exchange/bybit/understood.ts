import type { Oddity } from '../../domain/set-aside.ts';
import { MalformedRow, symbolOf } from './fields.ts';

/** The rows of a list that are understood, and what is not understood of the others. */
export interface Understood<Row> {
  /** None of a symbol of which something is odd. */
  rows: Row[];
  odd: readonly Oddity[];
}

const WHAT: Readonly<Record<Oddity['kind'], string>> = {
  position: 'a position',
  order: 'an order',
  execution: 'an execution',
  'fee rate': 'a fee rate',
  instrument: 'the trading rules',
  ticker: 'the prices',
};

/**
 * Maps a list row by row. Throws MalformedRow when a row that is not understood names no symbol: it may be
 * about any (E1).
 */
export function understood<Row>(
  kind: Oddity['kind'],
  list: readonly unknown[],
  map: (row: unknown) => Row,
): Understood<Row> {
  const rows: Row[] = [];
  const odd: Oddity[] = [];
  for (const value of list) {
    try {
      rows.push(map(value));
    } catch (thrown) {
      const symbol = symbolOf(value);
      if (!(thrown instanceof MalformedRow) || symbol === null) throw thrown;
      odd.push(oddityOf(kind, symbol, thrown));
    }
  }
  return { rows: withoutOdd(rows, odd), odd };
}

export function oddityOf(
  kind: Oddity['kind'],
  symbol: string,
  { field, raw, message }: MalformedRow,
): Oddity {
  const what = field === '' ? message : `${field}: ${raw}`;
  const sentence = `Bybit sent ${WHAT[kind]} of ${symbol} that is not understood here (${what}).`;
  return { symbol, kind, field, raw, sentence };
}

/** The rows but those of a symbol of which something is odd. */
export function withoutOdd<Row>(rows: Row[], odd: readonly Oddity[]): Row[] {
  if (odd.length === 0) return rows;
  const symbols = new Set(odd.map(({ symbol }) => symbol));
  return rows.filter((row) => !symbols.has((row as { symbol?: string }).symbol ?? ''));
}
