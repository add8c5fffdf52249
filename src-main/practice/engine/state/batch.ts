import type { Account, Execution, Order } from './state.ts';
import type { Frame, Venue } from './venue.ts';

type Row = Record<string, unknown>;

/** Runs one change of an account and pushes what came of it, in the venue's order. */
export function during<T>(venue: Venue, account: Account, change: (batch: Batch) => T): T {
  venue.seq += 1;
  const batch = new Batch(venue, account);
  try {
    return change(batch);
  } finally {
    batch.flush();
  }
}

/**
 * Collects what one change did and pushes it in the order seen on the real stream: execution.fast,
 * execution, order, position, wallet. Rows are taken as they are at that moment, so an order that
 * triggers and fills is pushed twice.
 */
export class Batch {
  private readonly venue: Venue;
  private readonly account: Account;
  private readonly executions: Execution[] = [];
  private readonly orders: Row[][] = [];
  private readonly touched = new Set<Order>();
  private readonly symbols = new Set<string>();
  private readonly coins = new Set<string>();

  constructor(venue: Venue, account: Account) {
    this.venue = venue;
    this.account = account;
  }

  execution(execution: Execution): void {
    this.executions.push(execution);
  }

  /** The order as it stands now. Every order change pushes its position too. */
  order(order: Order): void {
    order.updatedTime = this.venue.time.now();
    this.venue.guards.delete(order.symbol);
    if (this.venue.quiet) return;
    const row = this.venue.spelling.order(this.venue, order);
    const frame = this.orders.at(-1);
    if (frame === undefined || frame.some((other) => other.orderId === order.orderId)) {
      this.orders.push([row]);
    } else {
      frame.push(row);
    }
    this.touched.add(order);
    this.symbols.add(order.symbol);
  }

  position(symbol: string): void {
    this.symbols.add(symbol);
  }

  coin(coin: string): void {
    this.coins.add(coin);
  }

  flush(): void {
    const { venue, account } = this;
    if (venue.quiet) return;
    if (this.executions.length > 0) {
      const trades = this.executions.filter((row) => row.execType === 'Trade');
      if (trades.length > 0)
        this.push('execution.fast', '', trades.map(venue.spelling.fastExecution));
      this.push('execution', this.matchId(), this.executions.map(venue.spelling.execution));
    }
    for (const rows of this.orders) this.push('order', this.matchId(), rows);
    const { symbols, coins, touched: orders } = this;
    if (symbols.size === 0 && coins.size === 0) return;
    const holdings = venue.spelling.holdings(venue, account, { symbols, coins: [...coins] });
    const now = venue.time.now();
    venue.past.note(account, now, { orders, symbols, coins });
    for (const legs of holdings.positions)
      this.push('position', `${account.uid}_position_${now}`, legs);
    if (holdings.wallet !== null)
      this.push('wallet', `${account.uid}_wallet_${now}`, [holdings.wallet]);
    venue.changed();
  }

  private matchId(): string {
    const symbol = this.symbols.values().next().value ?? this.executions[0]?.symbol ?? '';
    return `${this.account.uid}_${symbol}_${this.venue.seq}`;
  }

  private push(topic: Frame['topic'], id: string, data: object[]): void {
    this.venue.send({
      account: this.account,
      topic,
      id,
      creationTime: this.venue.time.now(),
      data,
    });
  }
}
