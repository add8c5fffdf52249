import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { sameContent } from '../../domain/same-content.ts';
import type { AccountBook, Moment, WalletBook } from '../account-book.ts';
import { createExecutionsBook } from './executions-book.ts';
import { LIST_LAG } from './lag.ts';
import { orderOrder, positionOrder, sameButMark, type Telling, withOpening } from './newer.ts';
import { sameOrder, samePosition } from './same.ts';
import { createSetAsides, type SetAsides } from './set-asides.ts';
import { createShelf } from './shelf.ts';
import { createTable } from './table.ts';
import type { TakenOrders, TakenPositions } from './taken.ts';
import { createWalletBook } from './wallet-book.ts';

/** An open order or position first heard of with news this old (ms) is asked about. */
const SUSPICIOUSLY_OLD = 60_000;

/**
 * The one book of an account: whatever the stream or a read tells of its positions, orders, executions
 * and wallet is laid against what is known here and only ever moves it forward, so any order and any
 * repetition of the same messages ends in the same belief. No I/O: what cannot be settled from the
 * messages alone is handed back as a doubt, to be asked about. Everyone looks at its shelf.
 *
 * One rule tells which of two tellings is the newer (`newer.ts`): the venue's own marks of time, where
 * a thing bears them; without them, what the stream told stands against any answer that may lag behind
 * it, and gives way to one that cannot. A push that is doubted is kept until it was asked about: an
 * answer from before it does not decide, and then the push is believed.
 */
export interface Book extends AccountBook {
  readonly wallet: WalletBook;
  /** `doubts` are symbols. An answer settles doubts and never raises one. */
  takePositions(rows: readonly Position[], by: Telling): TakenPositions;
  takeOrders(rows: readonly Order[], by: Telling): TakenOrders;
  /** The stream has told everything since then, and goes on; `null`: it does not any more. */
  streamTells(since: Moment | null): void;
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

/** `ticks`: the monotonic clock, ms. */
export function createBook(
  account: AccountId,
  ticks: () => number,
  known: Parameters<typeof createExecutionsBook>[0] = {},
): Book {
  const modes = new Map<string, boolean>();
  /** Since when the stream has told everything; `null` while it does not. */
  let completeSince: Moment | null = null;
  let answeredAsOf = Number.NEGATIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;
  let tellings = 0;
  const now = (): Moment => ({ told: tellings, at: ticks() });
  const next = (): Moment => {
    tellings += 1;
    return now();
  };
  /** A list with the same marks of time is from that moment on: what no push told is from after it. */
  const isNews = (): boolean => completeSince === null;
  const isLate = ({ updatedAt }: { updatedAt: number | null }): boolean =>
    (updatedAt ?? 0) < answeredAsOf || (updatedAt ?? 0) < newest - SUSPICIOUSLY_OLD;
  /** The stream tells of what is new before the venue's lists do. */
  const isYoung = ({ updatedAt }: { updatedAt: number | null }, pushedAt: number): boolean =>
    (updatedAt ?? 0) > pushedAt - LIST_LAG;

  const asides = createSetAsides();
  const isSetAside = (symbol: string): boolean => asides.of(symbol) !== null;
  const executionsBook = createExecutionsBook(known, isSetAside);

  const shelf = createShelf();
  let held = false;
  const untold = { positions: new Set<PositionKey>(), orders: new Map<string, Order>() };

  const positions = createTable<Position>({
    idOf: positionKey,
    isThere: ({ side }) => side !== null,
    concludes: ({ symbol }) => !isSetAside(symbol),
    order: positionOrder,
    same: sameButMark,
    isLate,
    isYoung,
    tellsEnds: false,
    next,
    isNews,
    changed: (_id, row) => untold.positions.add(positionKey(row)),
  });
  const orders = createTable<Order>({
    idOf: ({ orderId }) => orderId,
    isThere: (row) => !hasEnded(row),
    concludes: ({ symbol }) => !isSetAside(symbol),
    order: orderOrder,
    same: sameContent,
    isLate,
    isYoung,
    tellsEnds: true,
    next,
    isNews,
    changed: (orderId, row) => untold.orders.set(orderId, row),
  });
  const openOrder = (orderId: string): Order | null => {
    const row = orders.row(orderId);
    return row === null || hasEnded(row) ? null : row;
  };

  /** Lays what is believed now on the shelf. */
  function lay(): void {
    for (const key of untold.positions) {
      const row = positions.row(key);
      shelf.setPosition(key, row && row.side !== null ? row : null);
    }
    for (const [orderId, last] of untold.orders) {
      const row = openOrder(orderId);
      const seen = shelf.ordersAt(positionKey(last)).some((one) => one.orderId === orderId);
      if (row === null && !seen) shelf.touchOrders(last);
      shelf.setOrder(orderId, row);
    }
    untold.positions.clear();
    untold.orders.clear();
  }

  function takePositions(rows: readonly Position[], by: Telling): TakenPositions {
    const named = rows.map((row) => withOpening(positions.row(positionKey(row)) ?? undefined, row));
    for (const row of named) newest = Math.max(newest, row.updatedAt ?? 0);
    const { changed, doubts } = positions.take(named, by);
    for (const row of named) modes.set(row.symbol, row.positionIdx !== 0);
    if (!held) lay();
    const symbols = named.filter((row) => doubts.includes(positionKey(row)));
    return { changed, doubts: [...new Set(symbols.map(({ symbol }) => symbol))] };
  }

  function takeOrders(rows: readonly Order[], by: Telling): TakenOrders {
    for (const row of rows) newest = Math.max(newest, row.updatedAt);
    const { changed, doubts } = orders.take(rows, by);
    if (!held) lay();
    const named = new Map(rows.map(({ orderId, symbol }) => [orderId, { orderId, symbol }]));
    return { changed, doubts: doubts.flatMap((orderId) => named.get(orderId) ?? []) };
  }

  /** The ids of those that differ from what was held before in what a decision could rest on. */
  const differing = <Row, Id>(
    changed: readonly Row[],
    before: ReadonlyMap<Id, Row | null>,
    idOf: (row: Row) => Id,
    same: (a: Row, b: Row) => boolean,
  ): Id[] =>
    changed
      .filter((row) => {
        const was = before.get(idOf(row)) ?? null;
        return was === null || !same(was, row);
      })
      .map(idOf);

  return {
    ...executionsBook,
    wallet: createWalletBook(account, { next, completeSince: () => completeSince }),
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

    answerPositions(rows, asked) {
      const keys = rows.map((row) => positionKey(row));
      const gone = positions.missing(new Set(keys), asked) as PositionKey[];
      const before = new Map(keys.map((key) => [key, positions.row(key)]));
      const { changed } = takePositions(rows, { asked, whole: true });
      lay();
      return [...gone, ...differing(changed, before, positionKey, samePosition)];
    },
    answerOrders(rows, asked) {
      const ids = rows.map(({ orderId }) => orderId);
      const gone = orders.missing(new Set(ids), asked);
      const before = new Map(ids.map((id) => [id, openOrder(id)]));
      const { changed } = takeOrders(rows, { asked, whole: true });
      lay();
      return [...gone, ...differing(changed, before, ({ orderId }) => orderId, sameOrder)];
    },
    answerLegs(symbol, rows, asked) {
      const { changed } = takePositions(rows, { asked, whole: false });
      const legs = new Map(rows.map((row) => [positionKey(row), row]));
      for (const row of positions.there()) {
        const key = positionKey(row);
        if (row.symbol === symbol && !legs.has(key)) positions.drop(key, true);
      }
      for (const [key, row] of legs) changed.push(...positions.settle(key, row, asked));
      if (!held) lay();
      return changed;
    },
    answerNamed(orderId, rows, asked) {
      const { changed } = takeOrders(rows, { asked, whole: false });
      const [row] = rows;
      if (row === undefined && orders.isGone(orderId, asked)) orders.drop(orderId, true);
      changed.push(...orders.settle(orderId, row, asked));
      if (!held) lay();
      return changed;
    },

    streamTells(since) {
      completeSince = since;
    },
    hold() {
      held = true;
    },
    release() {
      held = false;
      lay();
    },
    completeAsOf(asOf) {
      answeredAsOf = Math.max(answeredAsOf, asOf);
      newest = Math.max(newest, asOf);
    },

    now,
    pushedSince: (moment, id) =>
      positions.pushedSince(moment, id) || orders.pushedSince(moment, id),

    openPositions: () => positions.there(),
    openOrders: () => orders.there(),
    flat: (key) => positions.ended(key),
    order({ orderId, orderLinkId }) {
      if (orderId !== undefined) return orders.row(orderId);
      const all = [...orders.there(), ...orders.endedRows()];
      return all.find((row) => row.orderLinkId === orderLinkId) ?? null;
    },
    endedOrder: (orderId) => orders.ended(orderId),

    hedged: (symbol) => modes.get(symbol) ?? null,
    forgetMode: (symbol) => void modes.delete(symbol),
  };
}
