import { compare } from '../../domain/numbers.ts';
import { hasEnded, type Order, type OrderStatus } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { sameContent } from '../../domain/same-content.ts';
import type { Moment } from '../account-book.ts';
import { LIST_LAG } from './lag.ts';

/**
 * Who tells: the stream, with the venue's time of the push (ms), or the answer to a question; `whole`
 * when it was for everything of a kind.
 */
export type Telling = { pushedAt: number } | { asked: Moment; whole: boolean };

export const isPush = (by: Telling): by is { pushedAt: number } => 'pushedAt' in by;

/** What is known of a thing, and how. */
export interface Known<Row> {
  row: Row;
  /** The venue's time of the push that told it (ms); `null` when it is known from an answer. */
  pushedAt: number | null;
  /** When it was pushed; of an answer, when it was asked for. */
  told: Moment;
  /** Until when an answer to a question asked then may be from before it (ms, monotonic). */
  holdsUntil: number;
  /** When the thing was first known to be there (ms, monotonic). */
  since: number;
  /** What pushes told of it before, with the same marks of time. */
  past: readonly Row[];
}

/**
 * Whether the second telling of the same thing comes after the first. `unclear` when nothing tells
 * them apart: then only the venue can say.
 */
export type Newer = 'newer' | 'older' | 'unclear';

/**
 * Whether an answer may be from before what is known: that was told after the question was asked, or
 * pushed so shortly before that the list need not show it yet.
 */
export const mayLag = (known: Pick<Known<object>, 'told' | 'holdsUntil'>, asked: Moment): boolean =>
  asked.told < known.told.told || asked.at < known.holdsUntil;

/**
 * Whether a list that was asked for at `asked` and does not name a thing proves that it is gone. What
 * only answers told of is gone with the next one; what the stream told of, the list must have had the
 * time to show.
 */
export const isGone = (known: Known<object>, asked: Moment): boolean =>
  asked.told >= known.told.told && (known.pushedAt === null || known.since <= asked.at - LIST_LAG);

/**
 * Of two tellings that bear the same marks of time: two pushes go by the time of the push, then by
 * their order on the stream. An answer counts when it cannot lag behind what is known. If it may, it
 * has to be news, and not what a push told before. A push and the answer before it have no time in
 * common.
 */
export function amongEquals<Row extends object>(
  before: Known<Row>,
  row: Row,
  by: Telling,
  isNews: () => boolean,
): Newer {
  const same = sameContent(before.row, row);
  if (isPush(by)) {
    if (before.pushedAt === null) return same ? 'older' : 'unclear';
    if (by.pushedAt !== before.pushedAt) return by.pushedAt > before.pushedAt ? 'newer' : 'older';
    return same ? 'older' : 'newer';
  }
  if (same || by.asked.told < before.told.told) return 'older';
  if (by.asked.at >= before.holdsUntil) return 'newer';
  const wasTold = before.past.some((one) => sameContent(one, row));
  return isNews() && !wasTold ? 'newer' : 'older';
}

/**
 * Above 0 when the second bears the later marks of time, 0 when both bear the same: by cross sequence,
 * then the position's own update time.
 */
export const positionOrder = (before: Position, now: Position): number =>
  bySequence(before, now) || (now.updatedAt ?? 0) - (before.updatedAt ?? 0);

/** The venue numbers a leg that was never traded -1, which says nothing of when. */
const bySequence = (before: Position, now: Position): number =>
  before.seq < 0 || now.seq < 0 ? 0 : now.seq - before.seq;

/** Pushes do not say when a position was opened; while it stays open on its side, that is known. */
export const withOpening = (before: Position | undefined, now: Position): Position =>
  now.openedAt === null && now.side !== null && before?.side === now.side
    ? { ...now, openedAt: before.openedAt }
    : now;

/**
 * Above 0 when the second comes later in the order's life. An ended order stays ended, and what was
 * filled stays filled; two endings are told apart by a full fill before a cancellation (the venue sends
 * both when they race), then time; open orders by update time, then their place in the order's life.
 */
export function orderOrder(before: Order, now: Order): number {
  const ended = hasEnded(before);
  if (ended !== hasEnded(now)) return ended ? -1 : 1;
  const filled = compare(now.filledQuantity, before.filledQuantity);
  const updated = now.updatedAt - before.updatedAt;
  const life = LIFE[now.status] - LIFE[before.status];
  return filled || (ended ? life || updated : updated || life);
}

/** Equal but for what moves with the mark price. */
export const sameButMark = (a: Position, b: Position): boolean =>
  sameContent(withoutMark(a), withoutMark(b));

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
