import { closes } from '../../domain/close-reason.ts';
import type { Execution } from '../../domain/execution.ts';
import type { Monitor } from '../../domain/monitor.ts';
import {
  absolute,
  approximate,
  type Decimal,
  dividedBy,
  equal,
  isPositive,
  less,
  minus,
  plus,
  sum,
  times,
} from '../../domain/numbers.ts';
import type { Position } from '../../domain/position.ts';

/** A position that was not where it used to be, at the first good look. */
export interface Absence {
  /** When the whole read that look rests on began, ms. */
  firstWholeAsOf: number;
  /** ms. */
  since: number;
}

/** Two whole reads count as two when the second began this long after the first, ms. */
export const READS_APART_MS = 1_000;
/** The venue cancels what only reduces a position once it is flat: while such an order stands, absence is doubted this long. ms. */
const ORDERS_SPEAK_MS = 30_000;
/** How long an absent position's closing executions are waited for, ms. */
const EXECUTIONS_WITHIN_MS = 10_000;

/**
 * What should be open by all that is known: the size, or, where nothing was held yet, the fills of entry
 * orders that have all ended. That they closed the other leg instead shows only by nothing being there.
 */
export function expectedSize({ size, phase, entries }: Monitor): Decimal {
  if (approximate(size) !== 0) return size;
  if (phase === 'closed' || entries.some((entry) => entry.open)) return '0';
  return sum(entries.map((entry) => entry.filledQuantity));
}

/**
 * When a position came to nothing on the way (ms), so that what was open later is another one; `null` when
 * it did not. `executions` are in the venue's sequence; those up to `asOf` (ms) are in its size already.
 */
export function wentFlatAt(
  { size, side }: Pick<Monitor, 'size' | 'side'>,
  asOf: number,
  executions: readonly Execution[],
): number | null {
  if (approximate(size) === 0) return null;
  let held = size;
  for (const execution of executions) {
    const { closedSize, quantity } = execution;
    if (execution.type === 'Funding' || closedSize === null || execution.executedAt <= asOf)
      continue;
    const isBuy = execution.side === 'Buy';
    if (isBuy === (side === 'long')) held = plus(held, minus(quantity, closedSize));
    else held = minus(held, closedSize);
    if (!isPositive(held)) return execution.executedAt;
  }
  return null;
}

/**
 * True when what is open was opened at the very moment at which all that was open before was closed: one move
 * of the price can fill a stop and an entry. What filled at once may be told in any order, so size and
 * average decide: all of it was entered then, not some of it added.
 */
export function reopenedAtOnce(
  { size, side, entryPrice }: Pick<Monitor, 'size' | 'side' | 'entryPrice'>,
  asOf: number,
  executions: readonly Execution[],
  now: Pick<Position, 'size' | 'entryPrice' | 'updatedAt'>,
): boolean {
  const news = executions.filter(
    ({ type, closedSize, executedAt }) =>
      type !== 'Funding' && closedSize !== null && executedAt > asOf,
  );
  const last = Math.max(...news.map(({ executedAt }) => executedAt));
  if (entryPrice === null || now.entryPrice === null || (now.updatedAt ?? 0) < last) return false;
  const adds = (execution: Execution): boolean => (execution.side === 'Buy') === (side === 'long');
  const at = (once: boolean, adding: boolean): Execution[] =>
    news.filter((one) => (one.executedAt === last) === once && adds(one) === adding);
  const closed = (of: readonly Execution[]): Decimal =>
    sum(of.map(({ closedSize }) => closedSize ?? '0'));
  const opened = (of: readonly Execution[]): Decimal =>
    sum(of.map(({ quantity, closedSize }) => minus(quantity, closedSize ?? '0')));
  const held = minus(plus(size, opened(at(false, true))), closed(at(false, false)));
  const entries = at(true, true);
  const entered = opened(entries);
  if (!isPositive(held) || !equal(closed(at(true, false)), held)) return false;
  if (!isPositive(entered) || !equal(entered, now.size)) return false;
  const value = sum(
    entries.map(({ price, quantity, closedSize }) =>
      times(price, minus(quantity, closedSize ?? '0')),
    ),
  );
  const off = (cost: Decimal, of: Decimal): Decimal =>
    absolute(minus(dividedBy(cost, of), now.entryPrice ?? '0'));
  const added = off(plus(value, times(entryPrice, held)), plus(entered, held));
  return less(off(value, entered), added);
}

/**
 * Whether an absent position is gone for good (P19): its closing executions add up to its size, or
 * it is still absent in a whole read that began a second or more after the one in which it was first
 * missed, and its executions were asked for since, so that its end is not told without them. That they
 * cannot be read is not waited for longer than 10 s. An open order that only reduces it speaks against.
 */
export function isGone(
  absence: Absence,
  now: {
    /** ms. */
    now: number;
    wholeAsOf: number;
    /** When the executions were last read whole, ms. */
    executionsAsOf: number;
    /** Size that should be open. */
    size: Decimal;
    /** When that was true by the venue's word, ms; executions before are in it already. */
    sizeAsOf: number;
    executions: readonly Execution[];
    /** An order that only reduces the position is open. */
    ordersStand: boolean;
  },
): boolean {
  let closed = '0';
  for (const execution of now.executions) {
    if (!closes(execution) || execution.closedSize === null) continue;
    if (execution.executedAt > now.sizeAsOf) closed = plus(closed, execution.closedSize);
  }
  if (!less(closed, now.size)) return true;
  const asked = now.executionsAsOf >= absence.since;
  const waited = now.now - absence.since;
  if (now.ordersStand && waited < ORDERS_SPEAK_MS) return false;
  const apart = now.wholeAsOf - absence.firstWholeAsOf >= READS_APART_MS;
  return apart && (asked || waited >= EXECUTIONS_WITHIN_MS);
}
