import { z } from 'zod';
import type { AwayRow } from '../../src-preload/contract/away.ts';
import type { Change } from '../persistence/store.ts';

/** The setting that keeps the list until the operator has seen it. */
export const AWAY = 'away';

/** The oldest give way; the story of each position has them all. */
const KEPT = 500;

const shape = z.array(
  z.strictObject({
    id: z.string(),
    account: z.string(),
    symbol: z.string(),
    at: z.number(),
    text: z.string(),
  }),
);

/** What happened while the desk was off, as it comes to light after a start. */
export interface Away {
  /** Oldest first. */
  rows(): readonly AwayRow[];
  /** The change with the list in it, where it tells of something that happened before this start. */
  noticed(change: Change): Change;
  /** Empties the list; to be saved. Answers how many there were, and the change. */
  dismiss(): { dismissed: number; change: Change };
}

/**
 * `startedAt` (ms) tells what went on without us: fills of what is watched by their lines in its story,
 * trades by the steps that opened and closed them, whether anything watched them or not (H5). A desk that
 * has never run before was not away.
 */
export function createAway(options: {
  saved: unknown;
  hasRun: boolean;
  startedAt: number;
  onChange: () => void;
}): Away {
  const read = shape.safeParse(options.saved);
  let rows: AwayRow[] = read.success ? read.data : [];

  const isNews = ({ id, at }: AwayRow): boolean =>
    at < options.startedAt && !rows.some((row) => row.id === id);

  return {
    rows: () => rows,
    noticed(change) {
      if (!options.hasRun) return change;
      const found = [...linesOf(change), ...tradesOf(change)].filter(isNews);
      if (found.length === 0) return change;
      rows = [...rows, ...found].sort((a, b) => a.at - b.at).slice(-KEPT);
      options.onChange();
      return { ...change, settings: { ...change.settings, [AWAY]: rows } };
    },
    dismiss() {
      const dismissed = rows.length;
      rows = [];
      options.onChange();
      return { dismissed, change: { settings: { [AWAY]: rows } } };
    },
  };
}

const linesOf = ({ timeline = [] }: Change): AwayRow[] =>
  timeline.map(({ id, account, symbol, at, text }) => ({ id, account, symbol, at, text }));

function tradesOf({ trades = [], tradeEvents = [] }: Change): AwayRow[] {
  const symbols = new Map(trades.map(({ id, symbol }) => [id, symbol]));
  return tradeEvents.flatMap(({ id, trade, account, kind, at, text }) => {
    const symbol = symbols.get(trade);
    const isTold = kind === 'opened' || kind === 'closed';
    return symbol !== undefined && isTold ? [{ id, account, symbol, at, text }] : [];
  });
}
