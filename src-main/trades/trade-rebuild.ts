import type { Execution } from '../domain/execution.ts';
import { positionKey } from '../domain/keys.ts';
import type { Monitor } from '../domain/monitor.ts';
import {
  type Decimal,
  dividedBy,
  greater,
  isPositive,
  isZero,
  largest,
  less,
  minus,
  negated,
  plus,
  rounded,
  sum,
  times,
} from '../domain/numbers.ts';
import type { Side } from '../domain/position.ts';
import type { TradeEventRecord, TradeRecord } from '../persistence/records.ts';

/*
 * A trade's arithmetic. Its size and average entry are the venue's word, taken from the monitor; its
 * exits, fees and funding are executions, each of which is unique. So nothing is counted twice.
 */

/** Decimals kept of amounts and averages; far finer than any tick. */
const PLACES = 12;

/** The trade a monitor starts, named after its first entry when all of them were seen. */
export function openedTrade(monitor: Monitor, firstEntry: string | null): TradeRecord {
  return {
    version: 1,
    // A venue may say for `openedAt` when the symbol was first held at all, so it names no trade.
    id: `${positionKey(monitor)}/${firstEntry ?? monitor.phaseChangedAt}`,
    account: monitor.account,
    symbol: monitor.symbol,
    positionIdx: monitor.positionIdx,
    side: monitor.side,
    size: monitor.size,
    entered: monitor.size,
    left: '0',
    entryPrice: monitor.entryPrice,
    exitPrice: null,
    grossPnl: '0',
    fees: '0',
    funding: '0',
    realisedPnl: null,
    adopted: firstEntry === null,
    openedAt: monitor.openedAt,
    closedAt: null,
    closeReason: null,
  };
}

/** The trade with the monitor's size and average entry; what it grew by was entered. */
export function withMonitor(trade: TradeRecord, monitor: Monitor): TradeRecord {
  const grown = minus(monitor.size, trade.size);
  return {
    ...trade,
    size: monitor.size,
    entered: isPositive(grown) ? plus(trade.entered, grown) : trade.entered,
    entryPrice: monitor.entryPrice ?? trade.entryPrice,
  };
}

/** How much of an execution reduced a position of that side; the rest increased one. */
export function closingPart(execution: Execution, side: Side): Decimal {
  const reduces = execution.side === (side === 'long' ? 'Sell' : 'Buy');
  return reduces ? (execution.closedSize ?? execution.quantity) : '0';
}

/** Splits an execution that turned a position over: the part that closed and the part that opened. */
export function split(execution: Execution, closed: Decimal): [Execution, Execution | null] {
  const rest = minus(execution.quantity, closed);
  if (!isPositive(rest)) return [execution, null];
  const share = (amount: Decimal | null, part: Decimal): Decimal | null =>
    amount === null ? null : rounded(dividedBy(times(amount, part), execution.quantity), PLACES);
  return [
    { ...execution, quantity: closed, fee: share(execution.fee, closed) },
    { ...execution, quantity: rest, closedSize: '0', fee: share(execution.fee, rest) },
  ];
}

/** An increase: only its fee counts, the size comes from the venue. */
export const withEntry = (trade: TradeRecord, entry: Execution): TradeRecord => ({
  ...trade,
  fees: plus(trade.fees, entry.fee ?? '0'),
});

/** A reduction: (exit - average entry) x quantity, turned round for a short. */
export function withExit(trade: TradeRecord, exit: Execution): TradeRecord {
  const left = plus(trade.left, exit.quantity);
  const value = plus(times(trade.exitPrice ?? '0', trade.left), times(exit.price, exit.quantity));
  const gained = gainOf(trade, exit);
  return {
    ...trade,
    left,
    exitPrice: isZero(left) ? null : rounded(dividedBy(value, left), PLACES),
    grossPnl:
      trade.grossPnl === null || gained === null
        ? null
        : rounded(plus(trade.grossPnl, gained), PLACES),
    fees: plus(trade.fees, exit.fee ?? '0'),
  };
}

function gainOf(trade: TradeRecord, exit: Execution): Decimal | null {
  if (trade.entryPrice === null) return exit.pnl;
  const gain = times(minus(exit.price, trade.entryPrice), exit.quantity);
  return trade.side === 'long' ? gain : negated(gain);
}

export const withFunding = (trade: TradeRecord, funding: Execution): TradeRecord => ({
  ...trade,
  funding: plus(trade.funding, funding.fee ?? '0'),
});

/** The trade once flat. Its result is known only when all that was entered was seen to leave. */
export function closedTrade(trade: TradeRecord, at: number, reason: string): TradeRecord {
  const whole = !less(trade.left, trade.entered) && trade.grossPnl !== null;
  return {
    ...trade,
    size: '0',
    entered: largest(trade.entered, trade.left),
    realisedPnl:
      whole && trade.grossPnl !== null
        ? rounded(minus(trade.grossPnl, plus(trade.fees, trade.funding)), PLACES)
        : null,
    closedAt: at,
    closeReason: reason,
  };
}

/** The newest entries that make up `size`, and whether they do so exactly. */
export function entriesOf(
  size: Decimal,
  seen: readonly Execution[],
): { entries: Execution[]; exact: boolean } {
  const entries: Execution[] = [];
  for (const execution of seen.toReversed()) {
    const total = sum([...entries, execution].map((entry) => entry.quantity));
    if (greater(total, size)) break;
    entries.unshift(execution);
  }
  return { entries, exact: minus(size, sum(entries.map((entry) => entry.quantity))) === '0' };
}

/** The step of a trade's life that an execution is. */
export const stepOf = (
  trade: TradeRecord,
  kind: 'entry' | 'exit' | 'funding',
  execution: Execution,
): TradeEventRecord => ({
  id: `${trade.id}/${kind}/${execution.execId}`,
  trade: trade.id,
  account: trade.account,
  kind,
  at: execution.executedAt,
  price: execution.price,
  quantity: execution.quantity,
  fee: execution.fee,
  text: {
    entry: `Entered ${execution.quantity} at ${execution.price}.`,
    exit: `Left ${execution.quantity} at ${execution.price}.`,
    funding: `Funding of ${execution.fee ?? 'an unknown amount'}.`,
  }[kind],
});

/** What an operator would call a change between two looks at a monitor, as sentences. */
export function changesOf(before: Monitor, after: Monitor): string[] {
  const texts: string[] = [];
  const [from, to] = [before.stop?.price ?? null, after.stop?.price ?? null];
  if (from !== to) {
    if (to === null) texts.push(`Stop at ${from} removed.`);
    else texts.push(from === null ? `Stop set at ${to}.` : `Stop moved from ${from} to ${to}.`);
  }
  const ladder = (monitor: Monitor): string =>
    monitor.takeProfits.map((rung) => `${rung.quantity} at ${rung.price}`).join(', ');
  if (ladder(before) !== ladder(after)) {
    texts.push(`Take-profits: ${ladder(after) || 'none'}.`);
  }
  if (before.targetSize !== after.targetSize) {
    texts.push(`Intended size changed from ${before.targetSize} to ${after.targetSize}.`);
  }
  return texts;
}
