import { LRUCache } from 'lru-cache';
import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import { executionKey, type PositionKey, positionKey } from '../../domain/keys.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Source } from '../../domain/read.ts';
import { oldestFirst } from '../bybit/map-execution.ts';
import { type Known, newerOrder, newerPosition, sameContent } from './newer.ts';
import { createWalletBook, type WalletBook } from './wallet-book.ts';

export interface OrderDoubt {
  symbol: string;
  orderId: string;
}

export interface TakenPositions {
  changed: Position[];
  doubts: string[];
}

export interface TakenOrders {
  changed: Order[];
  doubts: OrderDoubt[];
}

/** Execution ids and ended orders remembered; far more than a reconnect's overlap can bring again. */
const EXECUTIONS_REMEMBERED = 20_000;
const ENDED_REMEMBERED = 5_000;
/** An open order or position first heard of with news this old (ms) is asked about. */
const SUSPICIOUSLY_OLD = 60_000;

/**
 * What is believed of one account. Every message is laid against what is known and only ever moves
 * it forward, so any order and any repetition of the same messages ends in the same belief. No I/O:
 * what cannot be settled from the messages alone is handed back as a doubt, to be asked about.
 */
export interface Book {
  /** `doubts` are symbols. An answer (`rest`) settles doubts and never raises one. */
  takePositions(rows: readonly Position[], asOf: number, from: Source): TakenPositions;
  takeOrders(rows: readonly Order[], asOf: number, from: Source): TakenOrders;
  /** Those not seen before, oldest first. */
  takeExecutions(rows: readonly Execution[]): Execution[];
  readonly wallet: WalletBook;
  /** The venue's answers are complete as of `asOf`; older news of unknown things is then doubted. */
  completeAsOf(asOf: number): void;
  /** Takes out what every place the venue keeps orders in no longer knows. */
  dropOrder(orderId: string): void;
  dropPosition(key: PositionKey): void;
  openPositions(): Position[];
  openOrders(): Order[];
  order(by: { orderId?: string; orderLinkId?: string }): Order | null;
  /** Whether the symbol is traded in hedge mode; `null` when no position of it was ever seen. */
  hedged(symbol: string): boolean | null;
  forgetMode(symbol: string): void;
  /** Executed-at of the newest execution, `null` before the first. */
  lastExecutedAt(): number | null;
}

export function createBook(
  account: AccountId,
  known: { lastExecutedAt?: number | null; seenExecutions?: Iterable<string> } = {},
): Book {
  const positions = new Map<PositionKey, Known<Position>>();
  const modes = new Map<string, boolean>();
  const open = new Map<string, Known<Order>>();
  const ended = new LRUCache<string, Known<Order>>({ max: ENDED_REMEMBERED });
  const executions = new LRUCache<string, true>({ max: EXECUTIONS_REMEMBERED });
  for (const key of known.seenExecutions ?? []) executions.set(key, true);
  let lastExecutedAt = known.lastExecutedAt ?? null;
  let complete = Number.NEGATIVE_INFINITY;
  let newest = Number.NEGATIVE_INFINITY;

  /** News of something unknown that a complete answer or the time since should have shown. */
  const late = (updatedAt: number): boolean =>
    updatedAt < complete || updatedAt < newest - SUSPICIOUSLY_OLD;

  return {
    takePositions(rows, asOf, from) {
      const changed: Position[] = [];
      const doubts = new Set<string>();
      for (const row of rows) {
        const key = positionKey(row);
        const before = positions.get(key);
        newest = Math.max(newest, row.updatedAt ?? 0);
        const verdict =
          before !== undefined
            ? newerPosition(before, { row, asOf, from })
            : row.side !== null && late(row.updatedAt ?? 0)
              ? 'unclear'
              : 'newer';
        if (verdict === 'unclear' && from === 'stream') doubts.add(row.symbol);
        if (verdict === 'older' || (verdict === 'unclear' && from === 'stream')) continue;
        positions.set(key, { row, asOf, from });
        modes.set(row.symbol, row.positionIdx !== 0);
        if (before === undefined ? row.side !== null : !sameContent(before.row, row)) {
          changed.push(row);
        }
      }
      return { changed, doubts: [...doubts] };
    },

    takeOrders(rows, asOf, from) {
      const changed = new Map<string, Order>();
      const doubts = new Map<string, OrderDoubt>();
      for (const row of rows) {
        const { orderId, symbol } = row;
        const before = open.get(orderId) ?? ended.get(orderId);
        newest = Math.max(newest, row.updatedAt);
        const verdict =
          before !== undefined
            ? newerOrder(before, { row, asOf, from })
            : !hasEnded(row) && late(row.updatedAt)
              ? 'unclear'
              : 'newer';
        if (verdict === 'unclear' && from === 'stream') doubts.set(orderId, { symbol, orderId });
        if (verdict === 'older' || (verdict === 'unclear' && from === 'stream')) continue;
        if (hasEnded(row)) {
          open.delete(orderId);
          ended.set(orderId, { row, asOf, from });
        } else {
          open.set(orderId, { row, asOf, from });
        }
        if (before === undefined || !sameContent(before.row, row)) changed.set(orderId, row);
      }
      return { changed: [...changed.values()], doubts: [...doubts.values()] };
    },

    takeExecutions(rows) {
      const fresh = rows.filter((row) => {
        const key = executionKey(row);
        if (executions.has(key)) return false;
        executions.set(key, true);
        lastExecutedAt = Math.max(lastExecutedAt ?? 0, row.executedAt);
        return true;
      });
      return fresh.sort(oldestFirst);
    },

    completeAsOf(asOf) {
      complete = Math.max(complete, asOf);
      newest = Math.max(newest, asOf);
    },
    dropOrder: (orderId) => void open.delete(orderId),
    dropPosition: (key) => void positions.delete(key),
    openPositions: () => [...positions.values()].map(({ row }) => row).filter((row) => row.side),
    openOrders: () => [...open.values()].map(({ row }) => row),
    order({ orderId, orderLinkId }) {
      if (orderId !== undefined) return (open.get(orderId) ?? ended.get(orderId))?.row ?? null;
      for (const { row } of [...open.values(), ...ended.values()]) {
        if (row.orderLinkId === orderLinkId) return row;
      }
      return null;
    },
    hedged: (symbol) => modes.get(symbol) ?? null,
    forgetMode: (symbol) => void modes.delete(symbol),
    wallet: createWalletBook(account),
    lastExecutedAt: () => lastExecutedAt,
  };
}
