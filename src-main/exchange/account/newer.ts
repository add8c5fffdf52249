import { compare } from '../../domain/numbers.ts';
import { hasEnded, type Order, type OrderStatus } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Source } from '../../domain/read.ts';
import { sameContent } from '../../domain/same-content.ts';

/** A row, who told it, and the venue's time (ms) of the telling. */
export interface Known<Row> {
  row: Row;
  asOf: number;
  from: Source;
}

/**
 * Whether the second telling of the same thing comes after the first. `unclear` when both bear the
 * same marks of time and yet differ: then only the venue can say.
 */
export type Newer = 'newer' | 'older' | 'unclear';

/**
 * By cross sequence, then the position's own update time. With both equal, two pushes go by the time
 * of the push; a push and an answer have no time in common, and may differ by the mark price only.
 */
export function newerPosition(before: Known<Position>, now: Known<Position>): Newer {
  const order =
    bySequence(before.row, now.row) || (now.row.updatedAt ?? 0) - (before.row.updatedAt ?? 0);
  if (order !== 0) return order > 0 ? 'newer' : 'older';
  if (now.from === 'stream' && before.from === 'stream') return byPush(before, now);
  return sameContent(withoutMark(before.row), withoutMark(now.row)) ? 'newer' : 'unclear';
}

/** Pushes do not say when a position was opened; while it stays open on its side, that is known. */
export const withOpening = (before: Position | undefined, now: Position): Position =>
  now.openedAt === null && now.side !== null && before?.side === now.side
    ? { ...now, openedAt: before.openedAt }
    : now;

/** The venue numbers a leg that was never traded -1, which says nothing of when. */
const bySequence = (before: Position, now: Position): number =>
  before.seq < 0 || now.seq < 0 ? 0 : now.seq - before.seq;

/**
 * An ended order stays ended: two endings are told apart by what was filled, then a full fill before
 * a cancellation (the venue sends both when they race), then time. Open orders go by update time,
 * then filled quantity, then their place in the order's life, then the time of the push.
 */
export function newerOrder(before: Known<Order>, now: Known<Order>): Newer {
  const endedBefore = hasEnded(before.row);
  if (endedBefore !== hasEnded(now.row)) return endedBefore ? 'older' : 'newer';
  const filled = compare(now.row.filledQuantity, before.row.filledQuantity);
  const updated = now.row.updatedAt - before.row.updatedAt;
  const life = LIFE[now.row.status] - LIFE[before.row.status];
  const order = endedBefore ? filled || life || updated : updated || filled || life;
  if (order !== 0) return order > 0 ? 'newer' : 'older';
  if (now.from === 'stream' && before.from === 'stream') return byPush(before, now);
  return sameContent(before.row, now.row) ? 'older' : 'unclear';
}

function byPush(before: Known<object>, now: Known<object>): Newer {
  if (now.asOf !== before.asOf) return now.asOf > before.asOf ? 'newer' : 'older';
  return sameContent(before.row, now.row) ? 'older' : 'unclear';
}

/** What remains of a position when everything that moves with the mark price is left out. */
function withoutMark(position: Position): object {
  const {
    markPrice: _mark,
    positionValue: _value,
    unrealisedPnl: _pnl,
    liquidationPrice: _liquidation,
    venueBreakEvenPrice: _breakEven,
    initialMargin: _initial,
    maintenanceMargin: _maintenance,
    adlRank: _rank,
    ...rest
  } = position;
  return rest;
}

const LIFE: Readonly<Record<OrderStatus, number>> = {
  Untriggered: 0,
  Triggered: 1,
  New: 2,
  PartiallyFilled: 3,
  Deactivated: 4,
  Rejected: 5,
  Cancelled: 6,
  Filled: 7,
};
