import Database from 'better-sqlite3';
import { absolute, isZero, minus, plus, rounded, sum } from '../../src-main/domain/numbers.ts';
import type { TradeRecord } from '../../src-main/persistence/records.ts';
import type { World } from '../../src-main/practice/world.ts';

interface Closed {
  account: string;
  symbol: string;
  /** Of the trade that it closed a part of. */
  side: 'long' | 'short';
  at: number;
  pnl: string;
}

export interface Books {
  /** Notes what the venue booked since, and lets it forget what is a day old. */
  collect(): void;
  /**
   * Holds the trades in the desk's database against it; amounts in the quote currency. What is in no trade
   * counts as unknown.
   */
  compare(databasePath: string): {
    difference: number;
    trades: number;
    unknown: number;
    adopted: number;
    /** The first of the trades that differ, one sentence each. */
    told: string[];
  };
}

/** What a venue remembers of days past is no part of the desk's memory: what a first day fills, ms. */
const REMEMBERED = 86_400_000;

/** Decimals of the venue's amounts. */
const PLACES = 8;

/** The venue's closed P&L, gathered while it runs. */
export function keepBooks(world: World): Books {
  const closed = new Map<string, Closed>();
  const collect = (): void => {
    const before = world.venue.time.now() - REMEMBERED;
    for (const account of world.venue.accounts) {
      for (const row of account.closedPnl)
        closed.set(row.orderId, {
          account: account.name,
          symbol: row.symbol,
          side: row.side === 'Sell' ? 'long' : 'short',
          at: row.updatedTime,
          pnl: row.closedPnl,
        });
      account.closedPnl = account.closedPnl.filter((row) => row.updatedTime >= before);
      account.log = account.log.filter((row) => row.transactionTime >= before);
      account.executions = account.executions.filter((row) => row.execTime >= before);
      const old = account.ended.filter((order) => order.updatedTime < before);
      for (const { orderId } of old) account.endedById.delete(orderId);
      account.ended = account.ended.filter((order) => order.updatedTime >= before);
      account.forgotten = Math.max(0, account.forgotten - old.length);
    }
  };
  return {
    collect,
    compare(databasePath) {
      collect();
      const all = tradesOf(databasePath).toSorted((a, b) => endOf(a) - endOf(b));
      const rows = [...closed.values()];
      const told: string[] = [];
      let difference = '0';
      let unknown = 0;
      // What closed a trade at the moment in which the next one of its side began is the first one's.
      const taken = new Set<Closed>();
      for (const trade of all) {
        const { realisedPnl, funding } = trade;
        const its = rows.filter((row) => isOf(row, trade) && !taken.has(row));
        for (const row of its) taken.add(row);
        if (trade.adopted || trade.closedAt === null) continue;
        const is = sum(its.map((row) => row.pnl));
        if (realisedPnl === null || funding === null) {
          unknown += 1;
          told.push(`${trade.id}: the result is not known; it is ${is}`);
          continue;
        }
        const booked = plus(realisedPnl, funding);
        const off = rounded(absolute(minus(booked, is)), PLACES);
        difference = plus(difference, off);
        if (!isZero(off)) told.push(`${trade.id}: booked ${booked}, is ${is}`);
      }
      for (const row of rows.filter((one) => !taken.has(one))) {
        unknown += 1;
        told.push(`${row.account} ${row.symbol}: ${row.pnl} at ${row.at} is in no trade`);
      }
      const ended = all.filter((trade) => trade.closedAt !== null);
      const whole = ended.filter((trade) => !trade.adopted);
      return {
        difference: Number(difference),
        trades: whole.length,
        unknown,
        adopted: ended.length - whole.length,
        told,
      };
    },
  };
}

const isOf = (row: Closed, trade: TradeRecord): boolean =>
  row.account === trade.account &&
  row.symbol === trade.symbol &&
  row.side === trade.side &&
  row.at >= trade.openedAt &&
  row.at <= endOf(trade);

const endOf = ({ closedAt }: TradeRecord): number => closedAt ?? Number.POSITIVE_INFINITY;

function tradesOf(path: string): TradeRecord[] {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare('SELECT data FROM trades').all() as { data: string }[];
    return rows.map(({ data }) => JSON.parse(data) as TradeRecord);
  } finally {
    db.close();
  }
}
