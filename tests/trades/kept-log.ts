import type { Execution } from '../../src-main/domain/execution.ts';
import { positionKey } from '../../src-main/domain/keys.ts';
import type { Monitor } from '../../src-main/domain/monitor.ts';
import type { TradeEventRecord, TradeRecord } from '../../src-main/persistence/records.ts';
import { tables } from '../../src-main/persistence/rows/tables.ts';
import type { Change } from '../../src-main/persistence/store.ts';
import { createTradeLog } from '../../src-main/trades/trade-log.ts';

/** What the database would load of these at a start. */
const LOADED = { executions: 2_000, endedTrades: 200 };

/** The trade log over what a database keeps of it, so that it can be started again from there. */
export function keptLog(now: () => number) {
  const trades = new Map<string, TradeRecord>();
  const events = new Map<string, TradeEventRecord>();
  const executions = new Map<string, Execution>();
  const monitors = new Map<string, Monitor>();
  const reasonOf = (_: Monitor | null, exits: readonly Execution[]): string =>
    exits.at(-1)?.type ?? 'not known';
  const start = () => {
    const all = [...trades.values()];
    const latest = [...executions.values()].toSorted((a, b) => b.executedAt - a.executedAt);
    return createTradeLog(
      {
        openTrades: all.filter((trade) => trade.closedAt === null),
        endedTrades: all
          .filter((trade) => trade.closedAt !== null)
          .toSorted((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0))
          .slice(-LOADED.endedTrades),
        monitors: [...monitors.values()],
        recentExecutions: new Set(
          latest.slice(0, LOADED.executions).map((one) => tables.executions.key(one)),
        ),
      },
      reasonOf,
      now,
    );
  };
  let log = start();
  return {
    /** Books a change, and keeps what is to be saved of it. */
    take(change: Change): void {
      const booked = log.booked(change);
      for (const trade of booked.trades ?? []) trades.set(trade.id, trade);
      for (const event of booked.tradeEvents ?? []) events.set(event.id, event);
      for (const id of booked.removedTrades ?? []) trades.delete(id);
      for (const id of booked.removedTradeEvents ?? []) events.delete(id);
      for (const one of change.executions ?? []) executions.set(tables.executions.key(one), one);
      for (const monitor of change.monitors ?? []) monitors.set(positionKey(monitor), monitor);
      for (const key of change.removedMonitors ?? []) monitors.delete(key);
    },
    restart(): void {
      log = start();
    },
    trades: (): TradeRecord[] => [...trades.values()],
    events: (): TradeEventRecord[] => [...events.values()],
  };
}
