import { LRUCache } from 'lru-cache';
import type { Execution } from '../domain/execution.ts';
import { tables } from '../persistence/rows/tables.ts';
import type { Change, LoadedState } from '../persistence/store.ts';
import { opened } from './open-trade.ts';
import { createRebooking, type Rebooked, type Rebooking } from './rebooking.ts';
import { inSequence } from './sequence.ts';
import type { Input, ReasonOf, TradeBook } from './trade-book.ts';

/** Executions remembered as booked already: those of many accounts. */
const REMEMBERED = 5_000;

export interface TradeLog {
  /**
   * The change together with the trades and their steps that follow from it, to be saved in one commit.
   * Executions alone, in the venue's sequence, open, grow, shrink and end a trade, whether a monitor knew
   * of it or not; a monitor's word counts for what was entered before the record. An execution is booked
   * once, however often it comes (P51), and in its place, however late: what was booked in another order
   * is made good. One learned after the end of its trade completes that trade.
   */
  booked(change: Change): Change;
}

/** Keeps the log of trades, from where the last run left it. Made anew after a restore. */
export function createTradeLog(
  from: Pick<LoadedState, 'openTrades' | 'endedTrades' | 'monitors' | 'recentExecutions'>,
  reasonOf: ReasonOf,
  /** ms since 1970 UTC: when an end whose executions were not seen is learned. */
  now: () => number,
): TradeLog {
  const known = new LRUCache<string, true>({ max: REMEMBERED });
  for (const id of [...from.recentExecutions].toReversed()) known.set(id, true);
  const loaded = booksOf(from);
  const books = new Map(
    [...loaded].map(([place, book]) => [place, createRebooking(book, reasonOf)]),
  );

  function bookOf(of: Of): Rebooking {
    const place = placeOf(of);
    const book = books.get(place) ?? createRebooking(emptyBook(), reasonOf);
    books.set(place, book);
    return book;
  }

  function isNews(execution: Execution): boolean {
    const id = tables.executions.key(execution);
    if (known.has(id)) return false;
    known.set(id, true);
    return true;
  }

  /** What a change tells of each symbol of each account: executions first, in the venue's sequence. */
  function inputsOf(change: Change): Map<Rebooking, Input[]> {
    const at = now();
    const inputs = new Map<Rebooking, Input[]>();
    const add = (book: Rebooking, input: Input): void =>
      void inputs.set(book, [...(inputs.get(book) ?? []), input]);
    for (const execution of (change.executions ?? []).filter(isNews).sort(inSequence))
      add(bookOf(execution), { kind: 'execution', at, execution });
    for (const monitor of change.monitors ?? [])
      add(bookOf(monitor), { kind: 'word', at, monitor });
    for (const key of change.removedMonitors ?? [])
      for (const book of books.values())
        if (book.knows(key)) add(book, { kind: 'removed', at, key });
    return inputs;
  }

  return {
    booked(change) {
      const all: Rebooked[] = [...inputsOf(change)].map(([book, inputs]) => book.take(inputs));
      if (all.every(({ trades, removedTrades }) => trades.size + removedTrades.length === 0))
        return change;
      return {
        ...change,
        trades: [...(change.trades ?? []), ...all.flatMap(({ trades }) => [...trades.values()])],
        tradeEvents: [
          ...(change.tradeEvents ?? []),
          ...all.flatMap(({ events }) => [...events.values()]),
        ],
        removedTrades: all.flatMap(({ removedTrades }) => removedTrades),
        removedTradeEvents: all.flatMap(({ removedEvents }) => removedEvents),
      };
    },
  };
}

type Of = { account: string; symbol: string };

const placeOf = ({ account, symbol }: Of): string => JSON.stringify([account, symbol]);

const emptyBook = (): TradeBook => ({
  open: new Map(),
  ended: [],
  monitors: new Map(),
  endedAt: new Map(),
});

/** The books as the last run left them. */
function booksOf({
  openTrades,
  endedTrades,
  monitors,
}: Pick<LoadedState, 'openTrades' | 'endedTrades' | 'monitors'>): Map<string, TradeBook> {
  const books = new Map<string, TradeBook>();
  const bookOf = (of: Of): TradeBook => {
    const book = books.get(placeOf(of)) ?? emptyBook();
    books.set(placeOf(of), book);
    return book;
  };
  for (const monitor of monitors) bookOf(monitor).monitors.set(monitor.side, monitor);
  for (const trade of endedTrades) bookOf(trade).ended.push(opened(trade, null));
  for (const trade of openTrades) {
    const book = bookOf(trade);
    book.open.set(trade.side, opened(trade, book.monitors.get(trade.side) ?? null));
  }
  return books;
}
