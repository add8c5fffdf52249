import { type Oddity, type SetAside, setAsideSentence } from '../../domain/set-aside.ts';

/** More things that are not understood of one symbol are not kept: the first say enough. */
const MOST_KEPT = 10;

interface Entry {
  /** The same object while nothing was added. */
  told: SetAside;
  /** The last time it was set aside, counted. */
  arrival: number;
  /** Until when (venue's ms) a list may still tell what was before the stream's odd row. */
  listsLagUntil: number;
}

/** The symbols of one account that are set aside: see `SetAside`. */
export interface SetAsides {
  of(symbol: string): SetAside | null;
  all(): SetAside[];
  /**
   * Sets the symbols of what is odd aside, at `at` (ms). `listsLagUntil` (venue's ms): a list read before
   * may not show yet what the stream has told.
   */
  add(odd: readonly Oddity[], at: number, listsLagUntil?: number): void;
  /** Taken before a read: what is set aside afterwards is not ended by it. */
  mark(): number;
  /** The symbols of which the whole read, begun at `mark` and true as of `asOf` (venue's ms), shows nothing odd. */
  endedBy(read: { mark: number; asOf: number; odd: readonly Oddity[] }): string[];
  end(symbol: string): void;
}

export function createSetAsides(): SetAsides {
  const entries = new Map<string, Entry>();
  let arrivals = 0;

  return {
    of: (symbol) => entries.get(symbol)?.told ?? null,
    all: () => [...entries.values()].map(({ told }) => told),
    add(odd, at, listsLagUntil = Number.NEGATIVE_INFINITY) {
      arrivals += 1;
      for (const one of odd) {
        const { symbol } = one;
        const before = entries.get(symbol);
        entries.set(symbol, {
          told: withOddity(before?.told ?? nothingOf(symbol, at), one),
          arrival: arrivals,
          listsLagUntil: Math.max(before?.listsLagUntil ?? listsLagUntil, listsLagUntil),
        });
      }
    },
    mark: () => arrivals,
    endedBy({ mark, asOf, odd }) {
      const still = new Set(odd.map(({ symbol }) => symbol));
      return [...entries].flatMap(([symbol, { arrival, listsLagUntil }]) =>
        arrival <= mark && asOf >= listsLagUntil && !still.has(symbol) ? [symbol] : [],
      );
    },
    end: (symbol) => void entries.delete(symbol),
  };
}

const nothingOf = (symbol: string, since: number): SetAside => ({
  symbol,
  since,
  executionsFrom: null,
  oddities: [],
  sentence: '',
});

function withOddity(told: SetAside, one: Oddity): SetAside {
  const { readFrom = told.executionsFrom ?? told.since } = one;
  const executionsFrom =
    one.kind === 'execution'
      ? Math.min(told.executionsFrom ?? readFrom, readFrom)
      : told.executionsFrom;
  const known = told.oddities.some(({ sentence }) => sentence === one.sentence);
  const isTold = known || told.oddities.length >= MOST_KEPT;
  if (isTold && executionsFrom === told.executionsFrom) return told;
  const oddities = isTold ? told.oddities : [...told.oddities, one];
  return { ...told, executionsFrom, oddities, sentence: setAsideSentence(told.symbol, oddities) };
}
