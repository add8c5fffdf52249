import type { Monitor } from '../domain/monitor.ts';
import {
  type Decimal,
  dividedBy,
  isPositive,
  isZero,
  minus,
  negated,
  plus,
  smallest,
  times,
} from '../domain/numbers.ts';
import type { Open } from './open-trade.ts';
import { withUnseen } from './trade-rebuild.ts';

/** An execution may follow the position it led to by this much. ms. */
export const FOLLOWS_WITHIN_MS = 10_000;

/** Books what the venue's word has beyond the executions that were seen. */
export function unseen(one: Open, quantity: Decimal, price: Decimal | null): void {
  const before = one.unseen;
  one.unseen = plus(one.unseen, quantity);
  // Once all of it was explained by executions, nothing of the trade is the venue's word.
  const adopted = isPositive(one.unseen) || (one.trade.adopted && !isPositive(before));
  one.trade = { ...withUnseen(one.trade, quantity, price), adopted };
}

/** A size that the venue tells: what is missing of it was not seen, or is still to come. */
export function takeWord(
  one: Open,
  { size, entryPrice }: Monitor,
  at: number,
): 'as booked' | 'more than booked' | 'less than foretold' {
  const missing = minus(size, one.trade.size);
  if (isPositive(missing)) {
    const known = entryPrice !== null && (one.trade.entryPrice !== null || isZero(one.trade.size));
    const value = known
      ? minus(times(entryPrice, size), times(one.trade.entryPrice ?? '0', one.trade.size))
      : null;
    const price = value === null ? null : dividedBy(value, missing);
    unseen(one, missing, price);
    one.ahead = { quantity: missing, price, until: at + FOLLOWS_WITHIN_MS };
    return 'more than booked';
  }
  if (!isZero(missing) && at <= one.ahead.until) {
    // The word before was not of this position, or is taken back.
    const back = smallest(negated(missing), one.ahead.quantity);
    if (!isPositive(back)) return 'as booked';
    unseen(one, negated(back), one.ahead.price);
    one.ahead = { ...one.ahead, quantity: minus(one.ahead.quantity, back) };
    return 'less than foretold';
  }
  return 'as booked';
}
