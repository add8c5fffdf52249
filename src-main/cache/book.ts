import { LRUCache } from 'lru-cache';
import type { Execution } from '../domain/execution.ts';
import type { FeeRate } from '../domain/instrument.ts';
import { positionKey } from '../domain/keys.ts';
import { approximate, type Decimal, equal, isZero } from '../domain/numbers.ts';
import { hasEnded, type Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Wallet } from '../domain/wallet.ts';
import { Table, type TableRules } from './table.ts';

const EXECUTIONS_KEPT = 2_000;

const sameDecimal = (a: Decimal | null, b: Decimal | null): boolean =>
  a === b || (a !== null && b !== null && equal(a, b));
/** A stop that is not set is `null` in one spelling and `"0"` in the other. */
const samePrice = (a: Decimal | null, b: Decimal | null): boolean =>
  sameDecimal(a !== null && isZero(a) ? null : a, b !== null && isZero(b) ? null : b);

export const positionRules: TableRules<Position> = {
  idOf: positionKey,
  groupOf: (row) => row.symbol,
  isLive: (row) => row.side !== null && !isZero(row.size),
  isOlder: (a, b) =>
    a.seq >= 0 && b.seq >= 0 && a.seq !== b.seq
      ? a.seq < b.seq
      : (a.updatedAt ?? 0) < (b.updatedAt ?? 0),
  isSame: (a, b) =>
    a.side === b.side &&
    a.status === b.status &&
    sameDecimal(a.size, b.size) &&
    sameDecimal(a.entryPrice, b.entryPrice) &&
    samePrice(a.stopLoss, b.stopLoss) &&
    samePrice(a.takeProfit, b.takeProfit) &&
    samePrice(a.trailingStop, b.trailingStop) &&
    sameDecimal(a.leverage, b.leverage),
  goneForGood: false,
};

export const orderRules: TableRules<Order> = {
  idOf: (row) => row.orderId,
  groupOf: positionKey,
  isLive: (row) => !hasEnded(row),
  isOlder: (a, b) =>
    a.updatedAt !== b.updatedAt
      ? a.updatedAt < b.updatedAt
      : approximate(a.filledQuantity) < approximate(b.filledQuantity),
  isSame: (a, b) =>
    a.status === b.status &&
    a.reduceOnly === b.reduceOnly &&
    a.positionIdx === b.positionIdx &&
    sameDecimal(a.quantity, b.quantity) &&
    sameDecimal(a.filledQuantity, b.filledQuantity) &&
    samePrice(a.price, b.price) &&
    samePrice(a.triggerPrice, b.triggerPrice),
  goneForGood: true,
};

/** Everything held of one account. */
export class Book {
  readonly positions = new Table<Position>(positionRules);
  readonly orders = new Table<Order>(orderRules);
  readonly feeRates = new Map<string, FeeRate>();
  wallet: Wallet | null = null;
  /** ms of the newest execution seen. */
  newestExecutionAt: number | null;
  evictedExecutions = 0;
  readonly #executions = new LRUCache<string, Execution>({
    max: EXECUTIONS_KEPT,
    dispose: (_value, _key, why) => {
      if (why === 'evict') this.evictedExecutions += 1;
    },
  });

  constructor(newestExecutionAt: number | null) {
    this.newestExecutionAt = newestExecutionAt;
  }

  /** Newest first. */
  executions(): Execution[] {
    return [...this.#executions.values()];
  }

  /** Keeps the executions not seen before and returns them, in the order given. */
  addExecutions(rows: readonly Execution[]): Execution[] {
    return rows.filter((row) => {
      const id = `${row.symbol}/${row.execId}`;
      if (this.#executions.has(id)) return false;
      this.#executions.set(id, row);
      this.newestExecutionAt = Math.max(this.newestExecutionAt ?? 0, row.executedAt);
      return true;
    });
  }

  symbols(): string[] {
    return [...this.positions.rows(), ...this.orders.rows()].map((row) => row.symbol);
  }
}

/** True when two wallets hold the same coins; unrealised P&L moves without a push and is left out. */
export function sameBalances(a: Wallet | null, b: Wallet): boolean {
  if (!a) return false;
  const held = new Map(a.coins.map((coin) => [coin.coin, coin.walletBalance]));
  return b.coins.every((coin) => {
    const before = held.get(coin.coin);
    return before !== undefined && sameDecimal(before, coin.walletBalance);
  });
}
