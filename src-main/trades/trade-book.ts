import { closes } from '../domain/close-reason.ts';
import type { Execution } from '../domain/execution.ts';
import { positionKey } from '../domain/keys.ts';
import type { Monitor } from '../domain/monitor.ts';
import { type Decimal, isPositive, isZero, minus, negated, smallest } from '../domain/numbers.ts';
import type { PositionIdx, Side } from '../domain/position.ts';
import type { TradeEventRecord, TradeRecord } from '../persistence/records.ts';
import {
  closedText,
  endOf,
  lacksExits,
  notBooked,
  noted,
  type Open,
  opened,
} from './open-trade.ts';
import { fundingLegs, inSequence } from './sequence.ts';
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

/** Executions remembered as exits of a trade. */
const EXITS = 50;
/** Ended trades of a symbol that executions learned late can still reach: about a busy day's. */
const ENDED_KEPT = 5;
/** How far an exit may be stamped after the end of its trade was learned, as clocks differ. ms. */
const CLOCKS_DIFFER_MS = 10_000;

/** What is booked of one symbol of one account. One-way or hedge, a side holds one position at a time. */
export interface TradeBook {
  readonly open: Map<Side, Open>;
  /** In the order in which they ended. */
  readonly ended: Open[];
  /** The last word on each side's position. */
  readonly monitors: Map<Side, Monitor>;
  /** When executions ended the trade of a side was learned, ms. */
  readonly endedAt: Map<Side, number>;
}

/** What the books are made from. `at`: when it was learned, ms since 1970 UTC. */
export type Input =
  | { readonly kind: 'execution'; readonly at: number; readonly execution: Execution }
  | { readonly kind: 'word'; readonly at: number; readonly monitor: Monitor }
  /** The monitor of this key is removed. */
  | { readonly kind: 'removed'; readonly at: number; readonly key: string };

/** What an input made of the trades. */
export interface Told {
  /** Trades as they are after it, by id. */
  readonly trades: Map<string, TradeRecord>;
  readonly events: Map<string, TradeEventRecord>;
}

/** Why a position ended, from its closing executions; `null` when its monitor is not known. */
export type ReasonOf = (monitor: Monitor | null, exits: readonly Execution[]) => string;

export const nothingTold = (): Told => ({ trades: new Map(), events: new Map() });

/** A copy that goes its own way. */
export const copied = (book: TradeBook): TradeBook => {
  const open = new Map([...book.open].map(([side, one]) => [side, { ...one }]));
  return {
    open,
    ended: book.ended.map((one) => ({ ...one })),
    monitors: new Map(book.monitors),
    endedAt: new Map(book.endedAt),
  };
};

/** What an execution of a side can close: the open size of the other side's position. */
export const closable = (book: TradeBook, side: Execution['side']): Decimal =>
  book.open.get(side === 'Buy' ? 'short' : 'long')?.trade.size ?? '0';

/**
 * Books one input and adds to `told` what follows from it. True when it said that more was open than was
 * seen to be entered.
 */
export function bookInput(book: TradeBook, input: Input, reasonOf: ReasonOf, told: Told): boolean {
  const { at } = input;
  const touch = ({ trade }: Open): void => void told.trades.set(trade.id, trade);
  const tell = (event: TradeEventRecord): void => void told.events.set(event.id, event);
  if (input.kind === 'execution') return bookExecution(input.execution);
  if (input.kind === 'word') return takeMonitor(input.monitor);
  for (const monitor of book.monitors.values())
    if (positionKey(monitor) === input.key) endWatched(monitor);
  return false;

  /** The trades an execution may be about, the likeliest first. */
  function about({ executedAt }: Execution): { ended: Open[]; open: Open[]; justEnded: Open[] } {
    const upTo = ({ trade }: Open, more: number): boolean =>
      executedAt >= trade.openedAt && executedAt <= (trade.closedAt ?? 0) + more;
    return {
      ended: book.ended.filter((one) => upTo(one, 0)),
      open: [...book.open.values()],
      justEnded: book.ended.filter((one) => upTo(one, CLOCKS_DIFFER_MS)),
    };
  }

  function bookExecution(execution: Execution): boolean {
    const candidates = about(execution);
    const past = [...candidates.ended, ...candidates.open];
    if (execution.type === 'Funding') bookFunding(execution, past);
    else if (execution.type === 'other') bookNothing(execution, past);
    else if (TRADING.has(execution.type)) return bookFill(execution, candidates);
    return false;
  }

  function bookFill(execution: Execution, candidates: ReturnType<typeof about>): boolean {
    const here = [...candidates.ended.filter(lacksExits), ...candidates.open];
    const closing = [...here, ...candidates.justEnded.filter(lacksExits)].find(({ trade }) =>
      isPositive(closingPart(execution, trade)),
    );
    let entry: Execution | null = execution;
    let assumed = !closing && closes(execution);
    if (closing) {
      const [exit, rest] = split(execution, closingPart(execution, closing.trade));
      // More left than is known to have been entered: the rest was entered before the record.
      const excess = minus(exit.quantity, heldBy(closing.trade));
      assumed = isPositive(excess);
      if (assumed) unseen(closing, excess, null);
      closing.exits = [...closing.exits, execution].sort(inSequence).slice(-EXITS);
      apply(closing, 'exit', exit);
      if (closing.trade.closedAt === null && isZero(closing.trade.size)) {
        end(closing);
        book.endedAt.set(closing.trade.side, at);
      }
      entry = rest;
    }
    if (!entry || (!closing && assumed)) return assumed;
    const side = entry.side === 'Buy' ? 'long' : 'short';
    const growing =
      here.find(
        ({ trade }) => trade.side === side && (trade.closedAt === null || lacksExits({ trade })),
      ) ?? openedBy(entry, side);
    const { quantity, price, until } = growing.ahead;
    const foretold = entry.executedAt <= until ? smallest(quantity, entry.quantity) : '0';
    if (isPositive(foretold)) {
      unseen(growing, negated(foretold), price);
      growing.ahead = { quantity: minus(quantity, foretold), price, until };
    }
    apply(growing, 'entry', entry);
    return assumed;
  }

  function openedBy(first: Execution, side: Side): Open {
    const { account, symbol, executedAt: openedAt, execId, quantity, price } = first;
    const positionIdx = book.monitors.get(side)?.positionIdx ?? legOf(side);
    const trade = newTrade({ account, symbol, positionIdx, side, openedAt }, execId);
    const one = opened(trade, null);
    book.open.set(side, one);
    tell(noted(trade, 'opened', openedAt, `Opened ${side}, ${quantity} at ${price}.`));
    return one;
  }

  /** The leg's index where only executions are known: a hedge shows by its other positions. */
  function legOf(side: Side): PositionIdx {
    const hedged = [...book.monitors.values()].some(({ positionIdx }) => positionIdx !== 0);
    if (!hedged) return 0;
    return side === 'long' ? 1 : 2;
  }

  function bookFunding(execution: Execution, candidates: Open[]): void {
    const { leg, legs } = fundingLegs(candidates, execution);
    if (leg) return apply(leg, 'funding', execution);
    for (const one of legs) {
      one.unplaced = true;
      const text = `Funding of ${execution.fee ?? 'an unknown amount'} is in no result: the exchange does not say which leg it was for.`;
      tell(noted(one.trade, 'change', execution.executedAt, text, execution.execId));
      touch(one);
    }
  }

  function bookNothing(execution: Execution, concerned: Open[]): void {
    for (const one of concerned) {
      tell(notBooked(one, execution));
      if (one.trade.closedAt === null) touch(one);
      else complete(one, execution.execId);
    }
  }

  function apply(one: Open, kind: 'entry' | 'exit' | 'funding', part: Execution): void {
    const applied = { entry: withEntry, exit: withExit, funding: withFunding }[kind];
    one.trade = applied(one.trade, part);
    tell(stepOf(one.trade, kind, part));
    if (one.trade.closedAt === null) touch(one);
    else complete(one, part.execId);
  }

  /** What was learned of an ended trade completes its result, its end and its reason. */
  function complete(one: Open, learned: string): void {
    const { monitor, exits } = one;
    const { closedAt, closeReason } = one.trade;
    const ended = endOf(one, closedAt ?? at);
    const reason = exits.length > 0 ? reasonOf(monitor, exits) : (closeReason ?? 'not known');
    one.trade = closedTrade(one.trade, ended, reason);
    const text = `More executions came in after the close. ${closedText(one)}`;
    tell(noted(one.trade, 'closed', ended, text, learned));
    touch(one);
  }

  function takeMonitor(monitor: Monitor): boolean {
    const other = book.monitors.get(monitor.side === 'long' ? 'short' : 'long');
    // One index holds one position: it was turned over.
    if (other?.positionIdx === monitor.positionIdx) endWatched(other);
    const assumed = follow(monitor);
    if (monitor.phase === 'closed') endWatched(monitor);
    return assumed;
  }

  function follow(monitor: Monitor): boolean {
    const { side } = monitor;
    book.monitors.set(side, monitor);
    // Of a position that executions ended a moment ago; one opened since has executions of its own.
    const lags = at <= (book.endedAt.get(side) ?? Number.NEGATIVE_INFINITY) + FOLLOWS_WITHIN_MS;
    const known = book.open.get(side);
    const one = known ?? (lags ? null : found(monitor));
    // One that ended says nothing of a trade that executions have opened since at its place.
    if (!one || (monitor.phase === 'closed' && one.monitor === null)) return false;
    const { monitor: before } = one;
    one.monitor = monitor;
    const size = before?.size !== monitor.size ? takeWord(one, monitor, at) : 'as booked';
    if (size !== 'as booked') touch(one);
    for (const [index, text] of (before ? changesOf(before, monitor) : []).entries()) {
      tell(noted(one.trade, 'change', monitor.updatedAt, text, `${index}`));
      touch(one);
    }
    if (!known)
      tell(
        noted(
          one.trade,
          'opened',
          one.trade.openedAt,
          `Found open: ${side}, ${one.trade.size}. Not all of its entries were seen.`,
        ),
      );
    return size === 'more than booked';
  }

  /** A position whose executions were not seen. */
  function found(monitor: Monitor): Open | null {
    if (monitor.phase === 'closed' || isZero(monitor.size)) return null;
    // A venue may say for `openedAt` when the symbol was first held at all, so it names no trade.
    const one = opened(newTrade(monitor, `${monitor.phaseChangedAt}`), null);
    book.open.set(monitor.side, one);
    return one;
  }

  function end(one: Open): void {
    const { side } = one.trade;
    const monitor = one.monitor ?? book.monitors.get(side) ?? null;
    const ended = endOf(one, at);
    one.trade = closedTrade(one.trade, ended, reasonOf(monitor, one.exits));
    book.open.delete(side);
    book.ended.push(one);
    if (book.ended.length > ENDED_KEPT) book.ended.shift();
    tell(noted(one.trade, 'closed', ended, closedText(one)));
    touch(one);
  }

  /** What a monitor that ended was watching; a trade that executions opened since is another one. */
  function endWatched({ side }: Monitor): void {
    const one = book.open.get(side);
    if (one?.monitor) end(one);
  }
}
