import Database from 'better-sqlite3';
import {
  absolute,
  type Decimal,
  equal,
  minus,
  plus,
  rounded,
  sum,
} from '../../src-main/domain/numbers.ts';
import type { TradeRecord } from '../../src-main/persistence/records.ts';
import type { World } from '../../src-main/practice/world.ts';

/** Decimals of the venue's amounts. */
const PLACES = 8;

/**
 * Symbols whose booked trades do not add up to the venue's closed P&L, one sentence each. Everything
 * must be closed; trades that the desk found open are left out with their symbols.
 */
export function bookedOtherwise(world: World, databasePath: string): string[] {
  const trades = tradesOf(databasePath);
  return world.venue.accounts.flatMap((account) => {
    const symbols = new Set(account.closedPnl.map(({ symbol }) => symbol));
    return [...symbols].flatMap((symbol): string[] => {
      const own = trades.filter((one) => one.account === account.name && one.symbol === symbol);
      const is = sum(
        account.closedPnl.filter((row) => row.symbol === symbol).map((row) => row.closedPnl),
      );
      const name = `books of ${account.name} ${symbol}`;
      if (own.some(({ adopted }) => adopted)) return [];
      if (own.some(({ closedAt }) => closedAt === null)) return [`${name}: a trade is still open`];
      let booked: Decimal = '0';
      for (const { realisedPnl, funding } of own) {
        if (realisedPnl === null || funding === null) return [`${name}: a result is not known`];
        booked = plus(booked, plus(realisedPnl, funding));
      }
      const off = rounded(absolute(minus(booked, is)), PLACES);
      return equal(off, '0') ? [] : [`${name}: booked ${booked}, is ${is}`];
    });
  });
}

function tradesOf(path: string): TradeRecord[] {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db.prepare('SELECT data FROM trades').all() as { data: string }[];
    return rows.map(({ data }) => JSON.parse(data) as TradeRecord);
  } finally {
    db.close();
  }
}
