import {
  type Decimal,
  dividedBy,
  greater,
  isPositive,
  largest,
  less,
  minus,
  negated,
  plus,
  sum,
  times,
  toStep,
} from '../../../domain/numbers.ts';
import type { Account, Order, Position } from '../state/state.ts';
import { isLive, opposite } from '../state/state.ts';
import { contractOf, isOpen, markPrice, quoteOf, type Venue } from '../state/venue.ts';
import {
  breakEven,
  crossLiquidation,
  feeToClose,
  isolatedLevels,
  margins,
  rate,
  unrealised,
} from './arithmetic.ts';
import { maintenanceRateFor, tierFor } from './tiers.ts';

export interface Figures {
  mark: Decimal;
  unrealised: Decimal;
  initial: Decimal;
  maintenance: Decimal;
  breakEven: Decimal;
}

/** Figures already worked out, and what they rest on: they are asked for far more often than they change. */
const known = new WeakMap<Position, { key: string; figures: Figures }>();

/** What one open position amounts to at the present mark. */
export function figuresOf(venue: Venue, account: Account, position: Position): Figures {
  const mark = markPrice(quoteOf(venue, position.symbol));
  const key = `${mark} ${position.size} ${position.entryValue} ${position.leverage} ${position.curRealised}`;
  const before = known.get(position);
  if (before?.key === key) return before.figures;
  const figures = workOut(venue, account, position, mark);
  known.set(position, { key, figures });
  return figures;
}

function workOut(venue: Venue, account: Account, position: Position, mark: Decimal): Figures {
  const contract = contractOf(venue, position.symbol);
  const side = position.side === '' ? 'Buy' : position.side;
  const { size, entryValue: value, leverage, curRealised } = position;
  const tier = tierFor(contract, value);
  const margin = margins({
    side,
    size,
    value,
    mark,
    leverage,
    taker: account.takerFee,
    maintenanceRate: tier.maintenanceRate,
    deduction: tier.deduction,
  });
  return {
    mark,
    unrealised: unrealised(side, size, mark, value),
    initial: margin.initial,
    maintenance: margin.maintenance,
    // Asked for by the rows of a position only, and most marks come and go without one.
    get breakEven() {
      return breakEven(side, size, value, curRealised, account.takerFee);
    },
  };
}

const held = new WeakMap<Order, { key: string; margin: Decimal }>();

/**
 * Margin an open order holds: none while it waits for its trigger or only reduces, and none for
 * the part that would close what is held the other way.
 */
export function orderMargin(account: Account, order: Order): Decimal {
  if (!isLive(order) || order.reduceOnly || order.closeOnTrigger) return '0';
  const position = account.positions.get(`${order.symbol}|${order.positionIdx}`);
  const leverage = position?.leverage ?? '10';
  const closes = position !== undefined && position.side === opposite(order.side);
  const free = closes ? position.size : '0';
  const key = `${order.qty} ${order.filled} ${order.price} ${leverage} ${free}`;
  const before = held.get(order);
  if (before?.key === key) return before.margin;
  const opening = largest('0', sum([order.qty, negated(order.filled), negated(free)]));
  const value = times(opening, order.price);
  const fee = feeToClose(order.side, value, leverage, account.takerFee);
  const margin = plus(dividedBy(value, leverage), fee);
  held.set(order, { key, margin });
  return margin;
}

export interface CoinTotals {
  coin: string;
  unrealised: Decimal;
  positionInitial: Decimal;
  positionMaintenance: Decimal;
  orderInitial: Decimal;
}

/** Sums per settle coin over everything the account holds. */
export function coinTotals(venue: Venue, account: Account): Map<string, CoinTotals> {
  const parts = new Map<
    string,
    { upl: Decimal[]; im: Decimal[]; mm: Decimal[]; orders: Decimal[] }
  >();
  const partsOf = (coin: string) => {
    const known = parts.get(coin) ?? { upl: [], im: [], mm: [], orders: [] };
    parts.set(coin, known);
    return known;
  };
  for (const coin of Object.keys(account.coins)) partsOf(coin);
  for (const position of account.positions.values()) {
    if (!isOpen(position)) continue;
    const figures = figuresOf(venue, account, position);
    const sums = partsOf(contractOf(venue, position.symbol).settle);
    sums.upl.push(figures.unrealised);
    sums.im.push(figures.initial);
    sums.mm.push(figures.maintenance);
  }
  for (const order of account.open.values()) {
    if (isLive(order) && !order.reduceOnly)
      partsOf(contractOf(venue, order.symbol).settle).orders.push(orderMargin(account, order));
  }
  return new Map(
    [...parts].map(([coin, part]) => [
      coin,
      {
        coin,
        unrealised: sum(part.upl),
        positionInitial: sum(part.im),
        positionMaintenance: sum(part.mm),
        orderInitial: sum(part.orders),
      },
    ]),
  );
}

export interface AccountTotals {
  coins: Map<string, CoinTotals>;
  wallet: Decimal;
  unrealised: Decimal;
  margin: Decimal;
  initial: Decimal;
  maintenance: Decimal;
  available: Decimal;
  initialRate: Decimal;
  maintenanceRate: Decimal;
}

/** Account-wide totals in USD; the settle coins count at par. */
export function totalsOf(venue: Venue, account: Account): AccountTotals {
  const coins = coinTotals(venue, account);
  const all = [...coins.values()];
  const wallet = sum(Object.values(account.coins).map((coin) => coin.walletBalance));
  const upl = sum(all.map((coin) => coin.unrealised));
  const initial = sum(all.flatMap((coin) => [coin.positionInitial, coin.orderInitial]));
  const maintenance = sum(all.map((coin) => coin.positionMaintenance));
  const margin = plus(wallet, upl);
  const available = minus(margin, initial);
  return {
    coins,
    wallet,
    unrealised: upl,
    margin,
    initial,
    maintenance,
    available: isPositive(available) ? available : '0',
    initialRate: rate(initial, margin),
    maintenanceRate: rate(maintenance, margin),
  };
}

/** Where an isolated position is taken over, and at which price. */
export function isolatedOf(
  venue: Venue,
  position: Position,
): { liquidation: Decimal; bankruptcy: Decimal } {
  return isolatedLevels(
    position.side === 'Sell' ? 'Sell' : 'Buy',
    position.size,
    position.entryValue,
    position.leverage,
    position.addedMargin,
    maintenanceRateFor(contractOf(venue, position.symbol), position.entryValue),
  );
}

/** Liquidation price as shown: on the tick, "" when it lies outside what the contract can trade at. */
export function liquidationPrice(
  venue: Venue,
  account: Account,
  position: Position,
  totals: AccountTotals,
): Decimal | '' {
  if (position.side === '') return '';
  const contract = contractOf(venue, position.symbol);
  if (account.marginMode !== 'ISOLATED_MARGIN' && isFarAway(venue, position, totals)) return '';
  const raw =
    account.marginMode === 'ISOLATED_MARGIN'
      ? isolatedOf(venue, position).liquidation
      : crossLiquidation(
          position.side,
          position.size,
          markPrice(quoteOf(venue, position.symbol)),
          minus(totals.margin, totals.maintenance),
        );
  if (less(raw, contract.minPrice) || greater(raw, contract.maxPrice)) return '';
  return toStep(raw, contract.tick, 'nearest');
}

/** A float look at the cross estimate: of most positions it lies far below zero. */
function isFarAway(venue: Venue, position: Position, totals: AccountTotals): boolean {
  const quote = quoteOf(venue, position.symbol);
  const room = (Number(totals.margin) - Number(totals.maintenance)) / Number(position.size);
  const mark = Number(markPrice(quote));
  const level = position.side === 'Buy' ? mark - room : mark + room;
  return level < 0 || level > Number(quote.contract.maxPrice) * 1.01;
}

/** Charges (negative) or credits (positive) a coin's wallet. */
export function credit(account: Account, coin: string, amount: Decimal): void {
  const balance = account.coins[coin] ?? { walletBalance: '0', cumRealised: '0' };
  account.coins[coin] = {
    walletBalance: plus(balance.walletBalance, amount),
    cumRealised: plus(balance.cumRealised, amount),
  };
}

export const debit = (account: Account, coin: string, amount: Decimal): void =>
  credit(account, coin, negated(amount));
