import type { Execution } from '../domain/execution.ts';
import { positionKey } from '../domain/keys.ts';
import type { Monitor } from '../domain/monitor.ts';
import {
  type Decimal,
  dividedBy,
  equal,
  isPositive,
  isZero,
  less,
  minus,
  negated,
  plus,
  rounded,
  smallest,
  times,
} from '../domain/numbers.ts';
import type { TradeEventRecord, TradeRecord } from '../persistence/records.ts';

/*
 * A trade's arithmetic: size, averages, result and costs follow from its executions alone, each of which
 * is booked once, in the order of the venue's sequence. Only of what was entered before the record the
 * size and the average are the venue's word, and the trade then says so (`adopted`).
 */

/** Decimals kept of amounts; finer than any tick times any step. */
const PLACES = 12;
/** Of the venue's fees. */
const FEE_PLACES = 8;
/** Of averages, and of what is added up from them: a size of ten million units still ends in amounts that
 * are right to the last digit. */
const AVERAGE_PLACES = 20;

/** A trade that nothing was booked to yet. */
export const newTrade = (
  of: Pick<TradeRecord, 'account' | 'symbol' | 'positionIdx' | 'side' | 'openedAt'>,
  name: string,
): TradeRecord => ({
  version: 1,
  id: `${positionKey(of)}/${name}`,
  account: of.account,
  symbol: of.symbol,
  positionIdx: of.positionIdx,
  side: of.side,
  size: '0',
  entered: '0',
  left: '0',
  entryPrice: null,
  exitPrice: null,
  grossPnl: '0',
  fees: '0',
  funding: '0',
  realisedPnl: null,
  adopted: false,
  openedAt: of.openedAt,
  closedAt: null,
  closeReason: null,
});

/**
 * The trade with so much more (or less, when negative) entered that no execution told of: the venue's word
 * on size and average. `price` is `null` where not even that is known, and the result then is not either.
 */
export function withUnseen(
  trade: TradeRecord,
  quantity: Decimal,
  price: Decimal | null,
): TradeRecord {
  const after = held(trade, quantity, price);
  if (price === null) return { ...after, grossPnl: null };
  if (!isZero(after.size) || trade.entryPrice === null || trade.grossPnl === null) return after;
  // All of it is taken back, but exits were booked at the average it had made: they cost this much more.
  const cost = plus(times(trade.entryPrice, heldBy(trade)), times(price, quantity));
  const signed = trade.side === 'long' ? cost : negated(cost);
  return { ...after, grossPnl: rounded(minus(trade.grossPnl, signed), AVERAGE_PLACES) };
}

/** What was entered and has not left; of an ended trade what was not seen to leave. */
export const heldBy = ({ entered, left }: TradeRecord): Decimal => minus(entered, left);

/** The average of what is held moves: (held x average + quantity x price) / both. */
function held(trade: TradeRecord, quantity: Decimal, price: Decimal | null): TradeRecord {
  const before = heldBy(trade);
  const size = plus(before, quantity);
  const known = price !== null && (trade.entryPrice !== null || isZero(before));
  const value = known ? plus(times(trade.entryPrice ?? '0', before), times(price, quantity)) : null;
  return {
    ...trade,
    size,
    entered: plus(trade.entered, quantity),
    entryPrice:
      value === null || isZero(size)
        ? trade.entryPrice
        : rounded(dividedBy(value, size), AVERAGE_PLACES),
  };
}

/** What changes a position by trading; anything else is no entry and no exit of ours. */
export const TRADING: ReadonlySet<Execution['type']> = new Set([
  'Trade',
  'AdlTrade',
  'BustTrade',
  'BlockTrade',
  'Settle',
  'Delivery',
]);

/** How much of an execution reduced this trade's position; the rest increased one of the other side. */
export function closingPart(execution: Execution, trade: TradeRecord): Decimal {
  const reduces = execution.side === (trade.side === 'long' ? 'Sell' : 'Buy');
  if (!reduces) return '0';
  // Rows of old name no closed size.
  return execution.closedSize ?? smallest(execution.quantity, heldBy(trade));
}

/** Splits an execution that turned a position over: the part that closed and the part that opened. */
export function split(execution: Execution, closed: Decimal): [Execution, Execution | null] {
  const { quantity, fee } = execution;
  const rest = minus(quantity, closed);
  if (!isPositive(rest)) return [execution, null];
  const closeFee = fee === null ? null : feeOfPart(execution, fee, closed);
  const openFee = fee === null || closeFee === null ? null : minus(fee, closeFee);
  return [
    { ...execution, quantity: closed, fee: closeFee },
    { ...execution, quantity: rest, closedSize: '0', fee: openFee },
  ];
}

/** By the rate where that alone explains the fee, as the venue does it; else by quantity. */
function feeOfPart({ price, quantity, feeRate }: Execution, fee: Decimal, part: Decimal): Decimal {
  const at = (size: Decimal): Decimal =>
    rounded(times(times(size, price), feeRate ?? '0'), FEE_PLACES);
  const byRate = feeRate !== null && equal(at(quantity), fee);
  return byRate ? at(part) : rounded(dividedBy(times(fee, part), quantity), FEE_PLACES);
}

export const withEntry = (trade: TradeRecord, entry: Execution): TradeRecord => ({
  ...held(trade, entry.quantity, entry.price),
  fees: withCost(trade.fees, entry.fee),
});

/** One cost that is not known leaves their sum unknown. */
const withCost = (costs: Decimal | null, cost: Decimal | null): Decimal | null =>
  costs === null || cost === null ? null : plus(costs, cost);

/** A reduction: (exit - average entry) x quantity, turned round for a short. The average stays. */
export function withExit(trade: TradeRecord, exit: Execution): TradeRecord {
  const left = plus(trade.left, exit.quantity);
  const value = plus(times(trade.exitPrice ?? '0', trade.left), times(exit.price, exit.quantity));
  const gained = gainOf(trade, exit);
  return {
    ...trade,
    size: minus(trade.entered, left),
    left,
    exitPrice: isZero(left) ? null : rounded(dividedBy(value, left), AVERAGE_PLACES),
    grossPnl:
      trade.grossPnl === null || gained === null
        ? null
        : rounded(plus(trade.grossPnl, gained), AVERAGE_PLACES),
    fees: withCost(trade.fees, exit.fee),
  };
}

function gainOf(trade: TradeRecord, exit: Execution): Decimal | null {
  if (trade.entryPrice === null) return exit.pnl;
  const gain = times(minus(exit.price, trade.entryPrice), exit.quantity);
  return trade.side === 'long' ? gain : negated(gain);
}

export const withFunding = (trade: TradeRecord, funding: Execution): TradeRecord => ({
  ...trade,
  funding: withCost(trade.funding, funding.fee),
});

/** The trade once flat. Its result is known only when all that was entered was seen to leave, and its costs are. */
export function closedTrade(trade: TradeRecord, at: number, reason: string): TradeRecord {
  const { fees, funding } = trade;
  const whole = !less(trade.left, trade.entered) && trade.grossPnl !== null;
  const grossPnl = whole && trade.grossPnl !== null ? rounded(trade.grossPnl, PLACES) : null;
  const costs = fees === null || funding === null ? null : plus(fees, funding);
  return {
    ...trade,
    size: '0',
    grossPnl: grossPnl ?? trade.grossPnl,
    realisedPnl:
      grossPnl === null || costs === null ? null : rounded(minus(grossPnl, costs), PLACES),
    closedAt: at,
    closeReason: reason,
  };
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
