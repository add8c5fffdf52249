import type { AccountId } from '../domain/account.ts';
import { positionKey } from '../domain/keys.ts';
import type { AccountBook } from '../exchange/account-book.ts';
import type { Sight } from './facts.ts';

/** One-way, and the two legs of hedge mode. */
const LEGS = [0, 1, 2] as const;

/** What a book holds of one symbol. */
export function sightOf(book: AccountBook, account: AccountId, symbol: string): Sight {
  const keys = LEGS.map((positionIdx) => positionKey({ account, symbol, positionIdx }));
  return {
    positions: keys.flatMap((key) => book.shelf.position(key) ?? book.flat(key) ?? []),
    orders: keys.flatMap((key) => book.shelf.ordersAt(key)),
  };
}
