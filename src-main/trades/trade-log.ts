import { LRUCache } from 'lru-cache';
import type { Execution } from '../domain/execution.ts';
import { positionKey } from '../domain/keys.ts';
import type { Monitor } from '../domain/monitor.ts';
import { type Decimal, isPositive, isZero, minus, negated, smallest } from '../domain/numbers.ts';
import type { PositionIdx, Side } from '../domain/position.ts';
import type { TradeEventRecord } from '../persistence/records.ts';
import { tables } from '../persistence/rows/tables.ts';
import type { Change, LoadedState } from '../persistence/store.ts';
import {
  closedText,
  endOf,
  lacksExits,
  notBooked,
  noted,
  type Open,
  opened,
} from './open-trade.ts';
import { fundingLegs, inOrder, inSequence } from './sequence.ts';
import {
  changesOf,
  closedTrade,
  closingPart,
  heldBy,
  newTrade,
  split,
  stepOf,
  TRADING,
  withEntry,
  withExit,
  withFunding,
} from './trade-rebuild.ts';
import { FOLLOWS_WITHIN_MS, takeWord, unseen } from './venue-word.ts';

/** Executions remembered: as booked already, and as exits of a trade. */
const REMEMBERED = { booked: 10_000, exits: 50 };
/** Ended trades that executions learned late can still reach. */
const ENDED_KEPT = 200;
/** How far an exit may be stamped after the end of its trade was learned, as clocks differ. ms. */
const CLOCKS_DIFFER_MS = 10_000;

export interface TradeLog {
  /**
   * The change together with the trades and their steps that follow from it, to be saved in one commit.
   * Executions alone, in the venue's sequence, open, grow, shrink and end a trade, whether a monitor knew
   * of it or not; a monitor's word counts for what was entered before the record. An execution is booked
   * once, however often it comes (P51). One learned after the end of its trade completes that trade.
   */
  booked(change: Change): Change;
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
  /** One-way or hedge, a side of a symbol holds one position at a time. */
  const placeOf = (of: { account: string; symbol: string }, side: Side): string =>
    JSON.stringify([of.account, of.symbol, side]);
  const monitors = new Map(
    from.monitors.map((monitor) => [placeOf(monitor, monitor.side), monitor]),
  );
  const open = new Map<string, Open>(
    from.openTrades.map((trade) => {
      const place = placeOf(trade, trade.side);
      return [place, opened(trade, monitors.get(place) ?? null)];
    }),
  );

  /** When executions ended the trade of a place, ms. */
  const endedAt = new Map<string, number>();

  /** In the order in which they ended. */
  const ended: Open[] = from.endedTrades.map((trade) => opened(trade, null));

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

  /** What is open of the leg that an execution, if it closes anything, closes. */
  function openToClose(execution: Execution): Decimal {
    const side = execution.side === 'Buy' ? 'short' : 'long';
    return open.get(placeOf(execution, side))?.trade.size ?? '0';
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
    const past = [...candidates.ended, ...candidates.open];
    if (execution.type === 'Funding') return bookFunding(past);
    if (execution.type === 'other') return bookNothing(past);
    if (!TRADING.has(execution.type)) return;
    const here = [...candidates.ended.filter(lacksExits), ...candidates.open];
    const closing = [...here, ...candidates.justEnded.filter(lacksExits)].find(({ trade }) =>
      isPositive(closingPart(execution, trade)),
    );
    let entry: Execution | null = execution;
    if (closing) {
      const [exit, rest] = split(execution, closingPart(execution, closing.trade));
      // More left than is known to have been entered: the rest was entered before the record.
      const excess = minus(exit.quantity, heldBy(closing.trade));
      if (isPositive(excess)) unseen(closing, excess, null);
      apply(closing, 'exit', exit);
      closing.exits = [...closing.exits, execution].sort(inSequence).slice(-REMEMBERED.exits);
      if (closing.trade.closedAt === null && isZero(closing.trade.size)) {
        end(closing, events, touched);
        endedAt.set(placeOf(closing.trade, closing.trade.side), now());
      }
      entry = rest;
    }
    if (!entry || (!closing && entry.closedSize !== null && isPositive(entry.closedSize))) return;
    const side = entry.side === 'Buy' ? 'long' : 'short';
    const growing =
      here.find(
        ({ trade }) => trade.side === side && (trade.closedAt === null || lacksExits({ trade })),
      ) ?? openedBy(entry, side);
    const { quantity, price, until } = growing.ahead;
    const told = now() <= until ? smallest(quantity, entry.quantity) : '0';
    if (isPositive(told)) {
      unseen(growing, negated(told), price);
      growing.ahead = { quantity: minus(quantity, told), price, until };
    }
    apply(growing, 'entry', entry);

    function openedBy(first: Execution, of: Side): Open {
      const { account, symbol, executedAt, execId } = first;
      const place = placeOf(first, of);
      const monitor = monitors.get(place) ?? null;
      const positionIdx = monitor?.positionIdx ?? legOf(first, of);
      const trade = newTrade(
        { account, symbol, positionIdx, side: of, openedAt: executedAt },
        execId,
      );
      const one = opened(trade, null);
      open.set(place, one);
      events.push(
        noted(trade, 'opened', executedAt, `Opened ${of}, ${first.quantity} at ${first.price}.`),
      );
      return one;
    }

    function bookFunding(candidates: Open[]): void {
      const { leg, legs } = fundingLegs(candidates, execution);
      if (leg) return apply(leg, 'funding', execution);
      for (const one of legs) {
        one.unplaced = true;
        const text = `Funding of ${execution.fee ?? 'an unknown amount'} is in no result: the exchange does not say which leg it was for.`;
        events.push(noted(one.trade, 'change', execution.executedAt, text, execution.execId));
        touched.add(one);
      }
    }

    function bookNothing(concerned: Open[]): void {
      for (const one of concerned) {
        events.push(notBooked(one, execution));
        touched.add(one);
        if (one.trade.closedAt !== null) late.set(one, execution.execId);
      }
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
    const text = `More executions came in after the close. ${closedText(one)}`;
    events.push(noted(one.trade, 'closed', at, text, lastLearned));
  }

  /** The leg's index where only executions are known: a hedge shows by its other positions. */
  function legOf({ account, symbol }: Execution, side: Side): PositionIdx {
    const hedged = [...monitors.values()].some(
      (monitor) =>
        monitor.account === account && monitor.symbol === symbol && monitor.positionIdx !== 0,
    );
    if (!hedged) return 0;
    return side === 'long' ? 1 : 2;
  }

  function follow(monitor: Monitor, events: TradeEventRecord[], touched: Set<Open>): void {
    const place = placeOf(monitor, monitor.side);
    const last = monitors.get(place);
    monitors.set(place, monitor);
    // The word of a position that executions ended a moment ago.
    const until = (endedAt.get(place) ?? Number.NEGATIVE_INFINITY) + FOLLOWS_WITHIN_MS;
    const lags = last?.size === monitor.size && now() <= until;
    const one = open.get(place) ?? (lags ? null : found(monitor, place, events, touched));
    // One that ended says nothing of a trade that executions have opened since at its place.
    if (!one || (monitor.phase === 'closed' && one.monitor === null)) return;
    const { trade, monitor: before } = one;
    one.monitor = monitor;
    if (before?.size !== monitor.size && takeWord(one, monitor, now())) touched.add(one);
    for (const [index, text] of (before ? changesOf(before, monitor) : []).entries()) {
      events.push(noted(trade, 'change', monitor.updatedAt, text, `${index}`));
      touched.add(one);
    }
  }

  /** A position whose executions were not seen. */
  function found(
    monitor: Monitor,
    place: string,
    events: TradeEventRecord[],
    touched: Set<Open>,
  ): Open | null {
    if (monitor.phase === 'closed' || isZero(monitor.size)) return null;
    // A venue may say for `openedAt` when the symbol was first held at all, so it names no trade.
    const one = opened(newTrade(monitor, `${monitor.phaseChangedAt}`), null);
    open.set(place, one);
    if (takeWord(one, monitor, now())) touched.add(one);
    const { trade } = one;
    const text = `Found open: ${trade.side}, ${trade.size}. Not all of its entries were seen.`;
    events.push(noted(trade, 'opened', trade.openedAt, text));
    return one;
  }

  function end(one: Open, events: TradeEventRecord[], touched: Set<Open>): void {
    const place = placeOf(one.trade, one.trade.side);
    const monitor = one.monitor ?? monitors.get(place) ?? null;
    const at = endOf(one, now());
    one.trade = closedTrade(one.trade, at, reasonOf(monitor, one.exits));
    open.delete(place);
    ended.push(one);
    if (ended.length > ENDED_KEPT) ended.shift();
    events.push(noted(one.trade, 'closed', at, closedText(one)));
    touched.add(one);
  }

  /** What a monitor that ended was watching; a trade that executions opened since is another one. */
  function endWatched(monitor: Monitor, events: TradeEventRecord[], touched: Set<Open>): void {
    const one = open.get(placeOf(monitor, monitor.side));
    if (one?.monitor) end(one, events, touched);
  }

  return {
    booked(change) {
      const events: TradeEventRecord[] = [];
      const touched = new Set<Open>();
      const late = new Map<Open, string>();
      for (const execution of inOrder(change.executions ?? [], openToClose))
        book(execution, events, touched, late);
      for (const [one, lastLearned] of late) complete(one, lastLearned, events);
      for (const monitor of change.monitors ?? []) {
        const other = monitors.get(placeOf(monitor, monitor.side === 'long' ? 'short' : 'long'));
        // One index holds one position: it was turned over.
        if (other?.positionIdx === monitor.positionIdx) endWatched(other, events, touched);
        follow(monitor, events, touched);
        if (monitor.phase === 'closed') endWatched(monitor, events, touched);
      }
      for (const key of change.removedMonitors ?? []) {
        for (const monitor of monitors.values()) {
          if (positionKey(monitor) === key) endWatched(monitor, events, touched);
        }
      }
      if (touched.size === 0) return change;
      return {
        ...change,
        trades: [...(change.trades ?? []), ...[...touched].map(({ trade }) => trade)],
        tradeEvents: [...(change.tradeEvents ?? []), ...events],
      };
    },
  };
}
