import type { AccountId } from './account.ts';
import type { PositionIdx } from './position.ts';

declare const brand: unique symbol;

/** Identity of a position and of its monitor: account + symbol + position index. Nothing parses it. */
export type PositionKey = string & { readonly [brand]: 'PositionKey' };

/** The only way to make a position or monitor key. */
export function positionKey(of: {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
}): PositionKey {
  return `${of.account}/${of.symbol}/${of.positionIdx}` as PositionKey;
}

/** The only way to tell one execution from another: account + symbol + execId, as the venue has it. */
export const executionKey = (of: { account: AccountId; symbol: string; execId: string }): string =>
  `${of.account}/${of.symbol}/${of.execId}`;
