import type { Decimal } from '../../../domain/numbers.ts';
import { isZero } from '../../../domain/numbers.ts';
import type { Contract } from '../../prices/contracts.ts';
import type { Market, Quote } from '../../prices/market.ts';
import type { Random } from '../../random.ts';
import { Refusal } from '../../refusal.ts';
import type { PracticeTime } from '../../time.ts';
import type { Past } from './past.ts';
import {
  type Account,
  type Execution,
  type Order,
  type Position,
  type PositionIdx,
  positionKey,
} from './state.ts';

/** What goes out on one account's private stream; the rows are as the stream spells them. */
export interface Frame {
  account: Account;
  topic: 'order' | 'position' | 'execution' | 'execution.fast' | 'wallet';
  id: string;
  creationTime: number;
  data: object[];
}

type Row = Record<string, unknown>;

/** How the private stream spells what has changed: handed in, so that the rules know no spelling. */
export interface Spelling {
  order(venue: Venue, order: Order): Row;
  execution(execution: Execution): Row;
  fastExecution(execution: Execution): Row;
  /** The legs of each symbol, flat ones too, and the wallet when a coin changed. */
  holdings(
    venue: Venue,
    account: Account,
    changed: { symbols: Iterable<string>; coins: string[] },
  ): { positions: Row[][]; wallet: Row | null };
}

/** The practice venue's memory, and the few things every rule needs from it. */
export interface Venue {
  contracts: Map<string, Contract>;
  market: Market;
  time: PracticeTime;
  random: Random;
  accounts: Account[];
  /** Grows with every change; links execution, order and position of one event. */
  seq: number;
  /** Ticks between which nothing of a symbol can happen; forgotten when its orders change. */
  guards: Map<string, { low: number; high: number }>;
  /** While a scenario is laid out nobody is told. */
  quiet: boolean;
  spelling: Spelling;
  past: Past;
  /** Where finished frames go, in order. */
  send: (frame: Frame) => void;
  /** Told of every change of an account, so that state is saved. */
  changed: () => void;
}

export function contractOf(venue: Venue, symbol: string): Contract {
  const contract = venue.contracts.get(symbol);
  if (contract === undefined) throw new Refusal(10001, 'params error: symbol invalid');
  return contract;
}

export function quoteOf(venue: Venue, symbol: string): Quote {
  const quote = venue.market.quote(symbol);
  if (quote === undefined) throw new Refusal(10001, 'params error: symbol invalid');
  return quote;
}

export function isHedge(account: Account, contract: Contract): boolean {
  return account.hedgeSymbols.get(contract.symbol) ?? account.hedgeCoins.has(contract.settle);
}

/** The position of a leg, made flat on first use. */
export function positionOf(
  venue: Venue,
  account: Account,
  contract: Contract,
  idx: PositionIdx,
): Position {
  const key = positionKey(contract.symbol, idx);
  let position = account.positions.get(key);
  if (position === undefined) {
    position = flatPosition(contract, idx, venue.time.now());
    account.positions.set(key, position);
  }
  return position;
}

/** A leg that was never traded. */
export function flatPosition(contract: Contract, idx: PositionIdx, at: number): Position {
  return {
    symbol: contract.symbol,
    idx,
    side: '',
    size: '0',
    entryValue: '0',
    openFee: '0',
    leverage: '10',
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    addedMargin: '0',
    autoAddMargin: 0,
    curRealised: '0',
    cumRealised: '0',
    status: 'Normal',
    createdTime: at,
    updatedTime: at,
    openTime: 0,
    seq: -1,
  };
}

/** A symbol's legs: one one-way, two in hedge mode, flat or not. */
export function legsOf(venue: Venue, account: Account, symbol: string): Position[] {
  const contract = contractOf(venue, symbol);
  const legs = isHedge(account, contract) ? ([1, 2] as const) : ([0] as const);
  return legs.map(
    (idx) =>
      account.positions.get(positionKey(symbol, idx)) ??
      flatPosition(contract, idx, venue.time.now()),
  );
}

export const isOpen = (position: Position): boolean => !isZero(position.size);

export const openOrdersOf = (account: Account, symbol: string): Order[] => [
  ...(account.openBySymbol.get(symbol) ?? []),
];

export function book(account: Account, order: Order): void {
  account.open.set(order.orderId, order);
  let orders = account.openBySymbol.get(order.symbol);
  if (orders === undefined) {
    orders = new Set();
    account.openBySymbol.set(order.symbol, orders);
  }
  orders.add(order);
}

const endedKept = 20_000;

/** Takes an ended order out of the book and into the history. */
export function archive(account: Account, order: Order): void {
  account.open.delete(order.orderId);
  account.openBySymbol.get(order.symbol)?.delete(order);
  if (account.endedById.has(order.orderId)) return;
  account.ended.push(order);
  account.endedById.set(order.orderId, order);
  if (account.ended.length > endedKept) {
    for (const old of account.ended.splice(0, 1000)) account.endedById.delete(old.orderId);
    account.forgotten = Math.max(0, account.forgotten - 1000);
  }
}

export const lastPrice = (quote: Quote): Decimal => quote.contract.grid.price(quote.last);
export const markPrice = (quote: Quote): Decimal => quote.contract.grid.price(quote.mark);
export const indexPrice = (quote: Quote): Decimal => quote.contract.grid.price(quote.index);
/** Best offers stand one tick apart, the last price being the bid. */
export const bidTicks = (quote: Quote): number => quote.last;
export const askTicks = (quote: Quote): number => quote.last + 1;
