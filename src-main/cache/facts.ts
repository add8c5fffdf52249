import type { AccountId } from '../domain/account.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';

declare const stamp: unique symbol;

/**
 * What is true of one symbol of one account, fit to rest a write on (P47): either kept true by the
 * ready stream (`stream`) or read from the venue for this very purpose (`read`). Only the cache can
 * make one, and what writes takes nothing else.
 */
export interface Facts {
  readonly [stamp]: true;
  readonly account: AccountId;
  readonly symbol: string;
  readonly stampedBy: 'stream' | 'read';
  /** ms since 1970 UTC. */
  readonly asOf: number;
  /** Legs as the venue named them last, flat ones with `side: null`; one that is not listed is flat. */
  readonly positions: readonly Position[];
  /** Open orders of the symbol, both filters. */
  readonly orders: readonly Order[];
}

/** What is held of one symbol, as in `Facts`, whatever its age: for looking, never to write on. */
export type Sight = Pick<Facts, 'positions' | 'orders'>;

export const stamped = (facts: Omit<Facts, typeof stamp>): Facts => facts as Facts;

/** Facts, or why there are none to write on. */
export type FactsRead = { state: 'ok'; facts: Facts } | { state: 'unknown'; reason: string };
