import { LRUCache } from 'lru-cache';
import type { Execution } from '../domain/execution.ts';
import { type PositionKey, positionKey } from '../domain/keys.ts';
import type { Monitor } from '../domain/monitor.ts';
import { isPositive, isZero, less } from '../domain/numbers.ts';
import type { TradeEventRecord, TradeRecord } from '../persistence/records.ts';
import { tables } from '../persistence/rows/tables.ts';
import type { Change, LoadedState } from '../persistence/store.ts';
import {
  changesOf,
  closedTrade,
  closingPart,
  entriesOf,
  openedTrade,
  split,
  stepOf,
  withEntry,
  withExit,
  withFunding,
  withMonitor,
} from './trade-rebuild.ts';

/** Executions remembered: as booked already, as entries before their monitor, as exits of a trade. */
const REMEMBERED = { booked: 10_000, symbols: 2_000, each: 50 };
/** Ended trades that executions learned late can still reach. */
const ENDED_KEPT = 200;
/** How far an exit may be stamped after the end of its trade was learned, as clocks differ. ms. */
const CLOCKS_DIFFER_MS = 10_000;

export interface TradeLog {
  /**
   * The change together with the trades and their steps that follow from its monitors and
   * executions, to be saved in one commit. An execution is booked once, however often it comes (P51).
   * One learned after the end of its trade completes that trade.
   */
  booked(change: Change): Change;
}

interface Open {
  trade: TradeRecord;
  monitor: Monitor | null;
  exits: Execution[];
}

/** Keeps the log of trades, from where the last run left it. Made anew after a restore. */
export function createTradeLog(
  from: Pick<LoadedState, 'openTrades' | 'endedTrades' | 'monitors' | 'recentExecutions'>,
  /** Why a position ended, from its closing executions; `null` when its monitor is not known. */
  reasonOf: (monitor: Monitor | null, exits: readonly Execution[]) => string,
  /** ms since 1970 UTC: when an end whose executions were not seen is learned. */
  now: () => number,
): TradeLog {
  const known = new LRUCache<string, true>({ max: REMEMBERED.booked });
  for (const id of [...from.recentExecutions].toReversed()) known.set(id, true);
  const early = new LRUCache<string, Execution[]>({ max: REMEMBERED.symbols });
  const monitors = new Map(from.monitors.map((monitor) => [positionKey(monitor), monitor]));
  const open = new Map<PositionKey, Open>(
    from.openTrades.map((trade) => {
      const key = positionKey(trade);
      return [key, { trade, monitor: monitors.get(key) ?? null, exits: [] }];
    }),
  );

  /** In the order in which they ended. */
  const ended: Open[] = from.endedTrades.map((trade) => ({ trade, monitor: null, exits: [] }));

  const placeOf = (of: { account: string; symbol: string }, side: string): string =>
    JSON.stringify([of.account, of.symbol, side]);

  /** The trades an execution may be about, the likeliest first. */
  function about(execution: Execution): { ended: Open[]; open: Open[]; justEnded: Open[] } {
    const { account, symbol, executedAt } = execution;
    const here = ({ trade }: Open): boolean => trade.account === account && trade.symbol === symbol;
    const upTo = ({ trade }: Open, more: number): boolean =>
      executedAt >= trade.openedAt && executedAt <= (trade.closedAt ?? 0) + more;
    const past = ended.filter(here);
    return {
      ended: past.filter((one) => upTo(one, 0)),
      open: [...open.values()].filter(here),
      justEnded: past.filter((one) => upTo(one, CLOCKS_DIFFER_MS)),
    };
  }

  function book(
    execution: Execution,
    events: TradeEventRecord[],
    touched: Set<Open>,
    late: Map<Open, string>,
  ): void {
    const id = tables.executions.key(execution);
    if (known.has(id)) return;
    known.set(id, true);
    const candidates = about(execution);
    if (execution.type === 'Funding') {
      const legs = new Map<PositionKey, Open>();
      for (const one of [...candidates.ended, ...candidates.open]) {
        const key = positionKey(one.trade);
        if (!legs.has(key)) legs.set(key, one);
      }
      const [only, ...others] = legs.values();
      if (only && others.length === 0) apply(only, 'funding', execution);
      return; // of two legs the venue does not say which one paid
    }
    const here = [...candidates.ended.filter(lacksExits), ...candidates.open];
    const closing = [...here, ...candidates.justEnded.filter(lacksExits)].find(({ trade }) =>
      isPositive(closingPart(execution, trade.side)),
    );
    let entry: Execution | null = execution;
    if (closing) {
      const [exit, rest] = split(execution, closingPart(execution, closing.trade.side));
      apply(closing, 'exit', exit);
      closing.exits = [...closing.exits, execution]
        .sort((a, b) => a.executedAt - b.executedAt)
        .slice(-REMEMBERED.each);
      entry = rest;
    }
    if (!entry || (!closing && entry.closedSize !== null && isPositive(entry.closedSize))) return;
    const side = entry.side === 'Buy' ? 'long' : 'short';
    const growing = here.find(({ trade }) => trade.side === side);
    if (growing) apply(growing, 'entry', entry);
    else {
      const place = placeOf(entry, side);
      early.set(place, [...(early.get(place) ?? []), entry].slice(-REMEMBERED.each));
    }

    function apply(one: Open, kind: 'entry' | 'exit' | 'funding', part: Execution): void {
      const applied = { entry: withEntry, exit: withExit, funding: withFunding }[kind];
      one.trade = applied(one.trade, part);
      events.push(stepOf(one.trade, kind, part));
      touched.add(one);
      if (one.trade.closedAt !== null) late.set(one, part.execId);
    }
  }

  /** What was learned of an ended trade completes its result, its end and its reason. */
  function complete(one: Open, lastLearned: string, events: TradeEventRecord[]): void {
    const { monitor, exits } = one;
    const { closedAt, closeReason } = one.trade;
    const at = endOf(one, closedAt ?? now());
    const reason = exits.length > 0 ? reasonOf(monitor, exits) : (closeReason ?? 'not known');
    one.trade = closedTrade(one.trade, at, reason);
    const text = `More executions came in after the close. ${closedText(one.trade)}`;
    events.push(noted(one.trade, 'closed', at, text, lastLearned));
  }

  function follow(monitor: Monitor, events: TradeEventRecord[], touched: Set<Open>): void {
    const one = open.get(positionKey(monitor));
    if (!one) return;
    const { trade, monitor: before } = one;
    one.trade = withMonitor(trade, monitor);
    one.monitor = monitor;
    if (one.trade.size !== trade.size || one.trade.entryPrice !== trade.entryPrice)
      touched.add(one);
    for (const [index, text] of (before ? changesOf(before, monitor) : []).entries()) {
      events.push(noted(trade, 'change', monitor.updatedAt, text, `${index}`));
      touched.add(one);
    }
  }

  function start(monitor: Monitor, events: TradeEventRecord[], touched: Set<Open>): void {
    const place = placeOf(monitor, monitor.side);
    const { entries, exact } = entriesOf(monitor.size, early.get(place) ?? []);
    early.delete(place);
    const first = exact ? entries[0]?.execId : undefined;
    const trade = entries.reduce(withEntry, openedTrade(monitor, first ?? null));
    const one: Open = { trade, monitor, exits: [] };
    open.set(positionKey(monitor), one);
    events.push(
      noted(
        trade,
        'opened',
        trade.openedAt,
        exact
          ? `Opened ${trade.side}, ${trade.size}.`
          : `Found open: ${trade.side}, ${trade.size}. Not all of its entries were seen.`,
      ),
      ...entries.map((entry) => stepOf(trade, 'entry', entry)),
    );
    touched.add(one);
  }

  function end(key: PositionKey, events: TradeEventRecord[], touched: Set<Open>): void {
    const one = open.get(key);
    if (!one) return;
    const at = endOf(one, now());
    one.trade = closedTrade(one.trade, at, reasonOf(one.monitor, one.exits));
    open.delete(key);
    ended.push(one);
    if (ended.length > ENDED_KEPT) ended.shift();
    events.push(noted(one.trade, 'closed', at, closedText(one.trade)));
    touched.add(one);
  }

  return {
    booked(change) {
      const events: TradeEventRecord[] = [];
      const touched = new Set<Open>();
      const late = new Map<Open, string>();
      for (const execution of change.executions ?? []) book(execution, events, touched, late);
      for (const [one, lastLearned] of late) complete(one, lastLearned, events);
      for (const monitor of change.monitors ?? []) {
        const key = positionKey(monitor);
        const turned = open.get(key)?.trade.side !== monitor.side;
        if (turned) end(key, events, touched);
        if (!open.has(key) && monitor.phase !== 'closed' && !isZero(monitor.size)) {
          start(monitor, events, touched);
        }
        follow(monitor, events, touched);
        if (monitor.phase === 'closed') end(key, events, touched);
      }
      for (const key of change.removedMonitors ?? []) end(key, events, touched);
      if (touched.size === 0) return change;
      return {
        ...change,
        trades: [...(change.trades ?? []), ...[...touched].map(({ trade }) => trade)],
        tradeEvents: [...(change.tradeEvents ?? []), ...events],
      };
    },
  };
}

/** True while less was seen to leave than was entered. */
const lacksExits = ({ trade }: Open): boolean => less(trade.left, trade.entered);

/** When a trade ended: at its last exit once all of them were seen. */
const endOf = (one: Open, otherwise: number): number =>
  (lacksExits(one) ? undefined : one.exits.at(-1)?.executedAt) ?? otherwise;

const closedText = ({ closeReason, realisedPnl }: TradeRecord): string =>
  `Closed (${closeReason}). Result: ${realisedPnl ?? 'not known, because not every exit was seen'}.`;

const noted = (
  trade: TradeRecord,
  kind: 'opened' | 'change' | 'closed',
  at: number,
  text: string,
  more = '',
): TradeEventRecord => ({
  id: [trade.id, kind, ...(more === '' ? [] : [at, more])].join('/'),
  trade: trade.id,
  account: trade.account,
  kind,
  at,
  price: null,
  quantity: null,
  fee: null,
  text,
});
