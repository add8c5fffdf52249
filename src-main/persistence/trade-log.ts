import { LRUCache } from 'lru-cache';
import type { Execution } from '../domain/execution.ts';
import { type PositionKey, positionKey } from '../domain/keys.ts';
import type { Monitor } from '../domain/monitor.ts';
import { isPositive, isZero } from '../domain/numbers.ts';
import type { TradeEventRecord, TradeRecord } from './records.ts';
import type { Change, LoadedState } from './store.ts';
import { tables } from './tables.ts';
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
} from './trades.ts';

/** Executions remembered: as booked already, as entries before their monitor, as exits of a trade. */
const REMEMBERED = { booked: 10_000, symbols: 2_000, each: 50 };

export interface TradeLog {
  /**
   * The change together with the trades and their steps that follow from its monitors and
   * executions, to be saved in one commit. An execution is booked once, however often it comes (P51).
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
  from: Pick<LoadedState, 'openTrades' | 'monitors' | 'recentExecutions'>,
  /** Why a position ended, from its closing executions; `null` when its monitor is not known. */
  reasonOf: (monitor: Monitor | null, exits: readonly Execution[]) => string,
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

  const placeOf = (of: { account: string; symbol: string }, side: string): string =>
    JSON.stringify([of.account, of.symbol, side]);

  function book(execution: Execution, events: TradeEventRecord[], touched: Set<Open>): void {
    const id = tables.executions.key(execution);
    if (known.has(id)) return;
    known.set(id, true);
    const here = [...open.values()].filter(
      ({ trade }) => trade.account === execution.account && trade.symbol === execution.symbol,
    );
    if (execution.type === 'Funding') {
      const [only, ...others] = here;
      if (only && others.length === 0) apply(only, 'funding', execution);
      return; // of two legs the venue does not say which one paid
    }
    const closing = here.find(({ trade }) => isPositive(closingPart(execution, trade.side)));
    let entry: Execution | null = execution;
    if (closing) {
      const [exit, rest] = split(execution, closingPart(execution, closing.trade.side));
      apply(closing, 'exit', exit);
      closing.exits = [...closing.exits, execution].slice(-REMEMBERED.each);
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
    }
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
          : `Found open: ${trade.side}, ${trade.size}. Its entries were not all seen.`,
      ),
      ...entries.map((entry) => stepOf(trade, 'entry', entry)),
    );
    touched.add(one);
  }

  function end(key: PositionKey, events: TradeEventRecord[], touched: Set<Open>): void {
    const one = open.get(key);
    if (!one) return;
    const at = one.exits.at(-1)?.executedAt ?? one.monitor?.updatedAt ?? one.trade.openedAt;
    const reason = reasonOf(one.monitor, one.exits);
    one.trade = closedTrade(one.trade, at, reason);
    open.delete(key);
    const result = one.trade.realisedPnl ?? 'not known, as not every exit was seen';
    events.push(noted(one.trade, 'closed', at, `Closed (${reason}). Result: ${result}.`));
    touched.add(one);
  }

  return {
    booked(change) {
      const events: TradeEventRecord[] = [];
      const touched = new Set<Open>();
      for (const execution of change.executions ?? []) book(execution, events, touched);
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
