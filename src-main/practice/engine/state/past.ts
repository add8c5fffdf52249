import type { Account, CoinBalance, Order, Position } from './state.ts';

/** How far back lists can be shown, ms. */
const kept = 60_000;

interface Change {
  at: number;
  kind: 'order' | 'position' | 'coin';
  key: string;
  /** What stood there before; `null` when nothing did. */
  was: Order | Position | CoinBalance | null;
}

interface Memory {
  orders: Map<string, Order>;
  positions: Map<string, Position>;
  coins: Map<string, CoinBalance>;
  /** Oldest first. */
  changes: Change[];
}

/** What accounts showed a moment ago: the venue's lists are copies that lag behind its books. */
export class Past {
  private readonly memories = new Map<Account, Memory>();

  /** Takes everything as it stands for the beginning. */
  begin(account: Account): void {
    this.memories.set(account, {
      orders: new Map([...account.open].map(([id, order]) => [id, { ...order }])),
      positions: new Map([...account.positions].map(([key, one]) => [key, { ...one }])),
      coins: new Map(Object.entries(account.coins)),
      changes: [],
    });
  }

  /** Something of an account has changed by now. */
  note(
    account: Account,
    at: number,
    changed: { orders: Iterable<Order>; symbols: ReadonlySet<string>; coins: Iterable<string> },
  ): void {
    const memory = this.memories.get(account);
    if (memory === undefined) return;
    const { changes, orders, positions, coins } = memory;
    for (const order of changed.orders) {
      changes.push({
        at,
        kind: 'order',
        key: order.orderId,
        was: orders.get(order.orderId) ?? null,
      });
      if (account.open.has(order.orderId)) orders.set(order.orderId, { ...order });
      else orders.delete(order.orderId);
    }
    for (const [key, position] of account.positions) {
      if (!changed.symbols.has(position.symbol)) continue;
      changes.push({ at, kind: 'position', key, was: positions.get(key) ?? null });
      positions.set(key, { ...position });
    }
    for (const coin of changed.coins) {
      changes.push({ at, kind: 'coin', key: coin, was: coins.get(coin) ?? null });
      const balance = account.coins[coin];
      if (balance !== undefined) coins.set(coin, balance);
    }
    const old = changes.findIndex((change) => change.at >= at - kept);
    if (old > 1000) changes.splice(0, old);
  }

  /** The account as it was at a time of the last minute: for reading only. */
  asOf(account: Account, at: number): Account {
    const open = new Map(account.open);
    const positions = new Map(account.positions);
    const coins = { ...account.coins };
    const unheard = new Set<string>();
    const put = <Value>(map: Map<string, Value>, key: string, value: Value | null): void =>
      void (value === null ? map.delete(key) : map.set(key, value));
    const { changes } = this.memories.get(account) ?? { changes: [] };
    for (let index = changes.length - 1; index >= 0; index -= 1) {
      const change = changes[index];
      if (change === undefined || change.at <= at) break;
      if (change.kind === 'order') {
        unheard.add(change.key);
        put(open, change.key, change.was as Order | null);
      } else if (change.kind === 'position') {
        put(positions, change.key, change.was as Position | null);
      } else if (change.was !== null) coins[change.key] = change.was as CoinBalance;
    }
    return {
      ...account,
      open,
      positions,
      coins,
      ended: account.ended.filter((order) => !unheard.has(order.orderId)),
      executions: account.executions.filter((row) => row.execTime <= at),
    };
  }
}
