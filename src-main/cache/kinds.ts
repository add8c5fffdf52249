import type { Execution } from '../domain/execution.ts';
import type { FeeRate, Instrument, Ticker } from '../domain/instrument.ts';
import type { Order } from '../domain/order.ts';
import type { Position } from '../domain/position.ts';
import type { Wallet } from '../domain/wallet.ts';

/** What is held per account, and the row of each. */
export interface AccountRows {
  positions: Position;
  orders: Order;
  wallet: Wallet;
  executions: Execution;
  feeRates: FeeRate;
}

/** What the accounts of one venue share. */
export interface SharedRows {
  tickers: Ticker;
  instruments: Instrument;
}

export type AccountKind = keyof AccountRows;
export type SharedKind = keyof SharedRows;
export type CacheKind = AccountKind | SharedKind;

/** Time to live where the stream does not keep a kind true, seconds. */
export const defaultTtlSeconds: Readonly<Record<CacheKind, number>> = {
  positions: 15,
  orders: 15,
  wallet: 30,
  executions: 15,
  tickers: 15,
  feeRates: 300,
  instruments: 3600,
};

/** The kinds an account's private stream keeps true while it is ready. */
export const pushedKinds: ReadonlySet<CacheKind> = new Set([
  'positions',
  'orders',
  'wallet',
  'executions',
]);

/** The REST endpoint that answers each kind of an account, as `GatewayStatus.requests` names it. */
export const endpointOf: Readonly<Record<AccountKind, string>> = {
  positions: '/v5/position/list',
  orders: '/v5/order/realtime',
  wallet: '/v5/account/wallet-balance',
  executions: '/v5/execution/list',
  feeRates: '/v5/account/fee-rate',
};

export interface CacheSettings {
  /** Off: every question goes to the venue. What the stream pushes is still taken in. */
  enabled: boolean;
  /** By kind; a kind that is not named keeps its default. */
  ttlSeconds: Readonly<Record<string, number>>;
}
