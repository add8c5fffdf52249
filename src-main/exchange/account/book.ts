import { LRUCache } from 'lru-cache';
import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Source } from '../../domain/read.ts';
import { sameContent } from '../../domain/same-content.ts';
import type { AccountBook, WalletBook } from '../account-book.ts';
import { createExecutionsBook } from './executions-book.ts';
import { type Known, newerOrder, newerPosition, withOpening } from './newer.ts';
import { sameOrder, samePosition } from './same.ts';
import { createSetAsides, type SetAsides } from './set-asides.ts';
import { createShelf } from './shelf.ts';
import type { OrderDoubt, TakenOrders, TakenPositions } from './taken.ts';
import { createWalletBook } from './wallet-book.ts';

/** Ended orders remembered; far more than a reconnect's overlap can bring again. */
const ENDED_REMEMBERED = 5_000;
/** An open order or position first heard of with news this old (ms) is asked about. */
const SUSPICIOUSLY_OLD = 60_000;
/** The venue's lists may lag its own stream by this much (ms): younger news outlives its absence there. */
export const LIST_LAG = 5_000;

/**
 * The one book of an account: whatever the stream or a read tells of its positions, orders, executions
 * and wallet is laid against what is known here and only ever moves it forward, so any order and any
 * repetition of the same messages ends in the same belief. No I/O: what cannot be settled from the
 * messages alone is handed back as a doubt, to be asked about. Everyone looks at its shelf.
 */
export interface Book extends AccountBook {
  readonly wallet: WalletBook;
  /** `doubts` are symbols. An answer (`rest`) settles doubts and never raises one. */
  takePositions(rows: readonly Position[], asOf: number, from: Source): TakenPositions;
  takeOrders(rows: readonly Order[], asOf: number, from: Source): TakenOrders;
  /** No list of the venue, read at `asOf`, knows the order any more. */
  answerNoOrder(orderId: string, asOf: number): void;
  /** From now on the shelf stays as it is, until `release`: nobody sees half of a snapshot. */
  hold(): void;
  release(): void;
  /** The venue's answers are complete as of `asOf`; older news of unknown things is then doubted. */
  completeAsOf(asOf: number): void;
  /** Sets the symbols of what is odd aside: see `SetAsides`. */
  setAside: SetAsides['add'];
  readonly setAsides: Pick<SetAsides, 'mark' | 'endedBy'>;
  /** A whole read of the symbol was taken: it is understood again. Answers its executions that waited. */
  understand(symbol: string): Execution[];
  openPositions(): Position[];
  openOrders(): Order[];
  order(by: { orderId?: string; orderLinkId?: string }): Order | null;
  /** Whether the symbol is traded in hedge mode; `null` when no position of it was ever seen. */
  hedged(symbol: string): boolean | null;
  forgetMode(symbol: string): void;
}

export function createBook(
  account: AccountId,
  known: Parameters<typeof createExecutionsBook>[0] = {},
): Book {
  const positions = new Map<PositionKey, Known<Position>>();
  const modes = new Map<string, boolean>();
  const open = new Map<string, Known<Order>>();
  const ended = new LRUCache<string, Known<Order>>({ max: ENDED_REMEMBERED });
  /** Gone from the venue's lists without a word: the stream must know better to bring them back. */
  const absentPositions = new LRUCache<string, Known<Position>>({ max: ENDED_REMEMBERED });
  const absentOrders = new LRUCache<string, Known<Order>>({ max: ENDED_REMEMBERED });
  let complete = Number.NEGATIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  /** When the stream last spoke of a row: the venue's ms, and how many rows it had told before. */
  const heard = new LRUCache<string, { at: number; arrival: number }>({
    max: 4 * ENDED_REMEMBERED,
  });
  let arrivals = 0;

  const asides = createSetAsides();
  const isSetAside = (symbol: string): boolean => asides.of(symbol) !== null;
  const executionsBook = createExecutionsBook(known, isSetAside);

  const shelf = createShelf();
  let held = false;
  const untold = { positions: new Set<PositionKey>(), orders: new Map<string, Order>() };

  /** Lays what is believed now on the shelf. */
  function lay(): void {
    for (const key of untold.positions) {
      const row = positions.get(key)?.row;
      shelf.setPosition(key, row && row.side !== null ? row : null);
    }
    for (const [orderId, last] of untold.orders) {
      const row = open.get(orderId)?.row ?? null;
      const seen = shelf.ordersAt(positionKey(last)).some((one) => one.orderId === orderId);
      if (row === null && !seen) shelf.touchOrders(last);
      shelf.setOrder(orderId, row);
    }
    untold.positions.clear();
    untold.orders.clear();
  }

  /** News of something unknown that a complete answer or the time since should have shown. */
  const late = (updatedAt: number): boolean =>
    updatedAt < complete || updatedAt < newest - SUSPICIOUSLY_OLD;

  const hear = (id: string, at: number, from: Source): void => {
    if (from === 'stream') heard.set(id, { at, arrival: (arrivals += 1) });
  };

  /** Whether a list read at `asOf` may not name it yet, although it is there. */
  const maybeUnlisted = (id: string, asOf: number): boolean =>
    (heard.get(id)?.at ?? Number.NEGATIVE_INFINITY) > asOf - LIST_LAG;

  function takePositions(rows: readonly Position[], asOf: number, from: Source): TakenPositions {
    const changed: Position[] = [];
    const doubts = new Set<string>();
    for (const told of rows) {
      const key = positionKey(told);
      const before = positions.get(key);
      const row = withOpening(before?.row, told);
      const now = { row, asOf, from };
      const absent = before === undefined ? absentPositions.get(key) : undefined;
      newest = Math.max(newest, row.updatedAt ?? 0);
      hear(key, asOf, from);
      const verdict =
        before !== undefined
          ? newerPosition(before, now)
          : (absent !== undefined && newerPosition(absent, now) !== 'newer') ||
              (row.side !== null && late(row.updatedAt ?? 0))
            ? 'unclear'
            : 'newer';
      if (verdict === 'unclear' && from === 'stream') doubts.add(row.symbol);
      if (verdict === 'older' || (verdict === 'unclear' && from === 'stream')) continue;
      const same = before !== undefined && sameContent(before.row, row);
      // Unchanged means untouched: whoever was given the row before still has the row of now.
      positions.set(key, same ? { ...now, row: before.row } : now);
      modes.set(row.symbol, row.positionIdx !== 0);
      if (same) continue;
      untold.positions.add(key);
      if (before !== undefined || row.side !== null) changed.push(row);
    }
    if (!held) lay();
    return { changed, doubts: [...doubts] };
  }

  function takeOrders(rows: readonly Order[], asOf: number, from: Source): TakenOrders {
    const changed = new Map<string, Order>();
    const doubts = new Map<string, OrderDoubt>();
    for (const row of rows) {
      const { orderId, symbol } = row;
      const now = { row, asOf, from };
      const before = open.get(orderId) ?? ended.get(orderId);
      const absent = before === undefined ? absentOrders.get(orderId) : undefined;
      newest = Math.max(newest, row.updatedAt);
      hear(orderId, asOf, from);
      const verdict =
        before !== undefined
          ? newerOrder(before, now)
          : !hasEnded(row) &&
              ((absent !== undefined && newerOrder(absent, now) !== 'newer') || late(row.updatedAt))
            ? 'unclear'
            : 'newer';
      if (verdict === 'unclear' && from === 'stream') doubts.set(orderId, { symbol, orderId });
      // The stream tells of a new order before the venue's lists do: it is asked about, and believed.
      const young = !before && !absent && row.updatedAt > asOf - LIST_LAG;
      if (verdict === 'older' || (verdict === 'unclear' && from === 'stream' && !young)) continue;
      if (hasEnded(row)) {
        open.delete(orderId);
        ended.set(orderId, now);
      } else {
        open.set(orderId, now);
      }
      if (before !== undefined && sameContent(before.row, row)) continue;
      untold.orders.set(orderId, row);
      changed.set(orderId, row);
    }
    if (!held) lay();
    return { changed: [...changed.values()], doubts: [...doubts.values()] };
  }

  function dropPosition(key: PositionKey): void {
    const before = positions.get(key);
    if (!before) return;
    positions.delete(key);
    absentPositions.set(key, before);
    untold.positions.add(key);
  }

  function dropOrder(orderId: string): void {
    const before = open.get(orderId);
    if (!before) return;
    open.delete(orderId);
    absentOrders.set(orderId, before);
    untold.orders.set(orderId, before.row);
  }

  const openPositions = (): Position[] =>
    [...positions.values()].map(({ row }) => row).filter((row) => row.side);

  return {
    ...executionsBook,
    wallet: createWalletBook(account),
    shelf,
    takePositions,
    takeOrders,

    setAside(odd, at, listsLagUntil) {
      const before = asides.all();
      asides.add(odd, at, listsLagUntil);
      for (const one of asides.all()) if (!before.includes(one)) shelf.touch(account, one.symbol);
    },
    setAsides: asides,
    understand(symbol) {
      if (!isSetAside(symbol)) return [];
      asides.end(symbol);
      shelf.touch(account, symbol);
      return executionsBook.takeWaiting(symbol);
    },
    setAsideOf: asides.of,
    allSetAside: asides.all,

    answerPositions(rows, asOf) {
      const differing = new Set<PositionKey>();
      const listed = new Set(rows.map((row) => positionKey(row)));
      for (const before of openPositions()) {
        const key = positionKey(before);
        if (listed.has(key) || maybeUnlisted(key, asOf) || isSetAside(before.symbol)) continue;
        dropPosition(key);
        differing.add(key);
      }
      const before = new Map(rows.map((row) => [row, positions.get(positionKey(row))?.row]));
      for (const row of takePositions(rows, asOf, 'rest').changed) {
        const was = before.get(row);
        if (!was || !samePosition(was, row)) differing.add(positionKey(row));
      }
      lay();
      return [...differing];
    },
    answerOrders(rows, asOf) {
      const differing = new Set<string>();
      const listed = new Set(rows.map(({ orderId }) => orderId));
      for (const [orderId, { row }] of open) {
        if (listed.has(orderId) || maybeUnlisted(orderId, asOf) || isSetAside(row.symbol)) continue;
        dropOrder(orderId);
        differing.add(orderId);
      }
      const before = new Map(rows.map((row) => [row, open.get(row.orderId)?.row]));
      for (const row of takeOrders(rows, asOf, 'rest').changed) {
        const was = before.get(row);
        if (!was || !sameOrder(was, row)) differing.add(row.orderId);
      }
      lay();
      return [...differing];
    },
    answerLegs(symbol, rows, asOf) {
      const { changed } = takePositions(rows, asOf, 'rest');
      const told = new Set(rows.map((row) => positionKey(row)));
      for (const row of openPositions()) {
        if (row.symbol === symbol && !told.has(positionKey(row))) dropPosition(positionKey(row));
      }
      if (!held) lay();
      return changed;
    },
    answerNamed: (rows, asOf) => void takeOrders(rows, asOf, 'rest'),
    answerNoOrder(orderId, asOf) {
      if (maybeUnlisted(orderId, asOf)) return;
      dropOrder(orderId);
      if (!held) lay();
    },

    hold() {
      held = true;
    },
    release() {
      held = false;
      lay();
    },
    completeAsOf(asOf) {
      complete = Math.max(complete, asOf);
      newest = Math.max(newest, asOf);
    },

    mark: () => arrivals,
    heardSince: (mark, id) => (heard.get(id)?.arrival ?? 0) > mark,

    openPositions,
    openOrders: () => [...open.values()].map(({ row }) => row),
    flat(key) {
      const row = positions.get(key)?.row;
      return row && row.side === null ? row : null;
    },
    order({ orderId, orderLinkId }) {
      if (orderId !== undefined) return (open.get(orderId) ?? ended.get(orderId))?.row ?? null;
      for (const { row } of [...open.values(), ...ended.values()]) {
        if (row.orderLinkId === orderLinkId) return row;
      }
      return null;
    },
    endedOrder: (orderId) => ended.get(orderId)?.row ?? null,
    hedged: (symbol) => modes.get(symbol) ?? null,
    forgetMode: (symbol) => void modes.delete(symbol),
  };
}
