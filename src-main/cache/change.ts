import type { AccountId } from '../domain/account.ts';
import type { Execution } from '../domain/execution.ts';
import type { Place } from '../exchange/account-book.ts';
import type { StreamState } from '../exchange/gateway.ts';

export type { Place };

/** What is known has changed, whoever told it: the stream, a read or a sweep. */
export type CacheChange =
  /** The positions whose own row, or one of whose orders, is not what it was. */
  | { kind: 'positions' | 'orders'; account: AccountId; at: Place[] }
  /** Executions not seen before, oldest first. */
  | { kind: 'executions'; account: AccountId; rows: Execution[] }
  | { kind: 'wallet' | 'feeRates'; account: AccountId }
  /** Symbols were set aside or are understood again. */
  | { kind: 'set-aside'; account: AccountId }
  | { kind: 'tickers'; symbols: string[] }
  | { kind: 'instruments' }
  /** `account` is `null` for the public stream. */
  | { kind: 'stream'; account: AccountId | null; state: StreamState };
