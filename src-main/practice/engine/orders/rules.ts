import {
  compare,
  type Decimal,
  greater,
  isMultiple,
  isZero,
  largest,
  less,
  minus,
  plus,
  rounded,
  smallest,
  sum,
  times,
  toStep,
} from '../../../domain/numbers.ts';
import type { Contract } from '../../prices/contracts.ts';
import { invalid, Refusal } from '../../refusal.ts';
import { tierFor } from '../money/tiers.ts';
import {
  type Account,
  isLive,
  isWaiting,
  leavesOf,
  type Order,
  type PositionIdx,
  type Side,
  type TriggerBy,
} from '../state/state.ts';
import {
  indexPrice,
  isHedge,
  isOpen,
  lastPrice,
  markPrice,
  openOrdersOf,
  positionOf,
  quoteOf,
  type Venue,
} from '../state/venue.ts';
import { isLeg } from './legs.ts';
import { roomFor } from './reducing.ts';

/** The index must be one of the symbol's position mode. */
export function checkMode(account: Account, contract: Contract, idx: PositionIdx): void {
  if (isHedge(account, contract) === (idx !== 0)) return;
  throw new Refusal(10001, 'position idx not match position mode');
}

export function checkLink(account: Account, linkId: string): void {
  if (linkId === '') return;
  if (!/^[A-Za-z0-9_-]{1,36}$/.test(linkId)) throw invalid('orderLinkId');
  if (account.linkIds.has(linkId)) throw new Refusal(110072, 'OrderLinkedID is duplicate');
}

/** Reduce-only: never on a flat position, never on its side, cut to what is left to reduce. */
export function checkReducing(
  venue: Venue,
  account: Account,
  contract: Contract,
  order: Order,
): void {
  const position = positionOf(venue, account, contract, order.positionIdx);
  if (!isOpen(position)) {
    throw new Refusal(110017, 'current position is zero, cannot fix reduce-only order qty');
  }
  if (position.side === order.side) {
    throw new Refusal(110017, 'reduce-only order has same side with current position');
  }
  if (isZero(order.qty) && order.closeOnTrigger) order.qty = position.size;
  if (isWaiting(order) || order.triggerPrice !== '') return;
  const room = order.reduceOnly ? roomFor(account, position, order) : position.size;
  if (isZero(room)) throw new Refusal(110017, 'orderQty will be truncated to zero');
  order.qty = smallest(order.qty, plus(order.filled, room));
}

/** The most one order of this kind may be for. */
export const mostOf = (contract: Contract, order: Order): Decimal =>
  order.orderType === 'Market' ? contract.maxMarketQty : contract.maxQty;

/** What only reduces is split when it is too large; everything else is refused. */
export function checkQuantity(contract: Contract, order: Order): void {
  if (!isMultiple(order.qty, contract.step)) throw new Refusal(10001, 'Qty invalid');
  if (less(order.qty, contract.minQty)) {
    throw new Refusal(10001, 'The number of contracts exceeds minimum limit allowed');
  }
  if (!order.reduceOnly && greater(order.qty, mostOf(contract, order))) {
    throw new Refusal(10001, 'The number of contracts exceeds maximum limit allowed');
  }
}

/** Value at least 5, for orders that open something. */
export function checkNotional(venue: Venue, contract: Contract, order: Order): void {
  if (order.reduceOnly || order.closeOnTrigger) return;
  const price = order.price === '0' ? lastPrice(quoteOf(venue, order.symbol)) : order.price;
  if (less(times(price, order.qty), contract.minNotional)) {
    throw new Refusal(
      110094,
      `Order does not meet minimum order value ${contract.minNotional}${contract.settle}`,
    );
  }
}

/** Prices in the venue's texts are multiplied by 10,000. */
export const scaled = (price: Decimal): string => rounded(times(price, '10000'), 0);

export function sourcePrice(venue: Venue, symbol: string, by: TriggerBy | ''): Decimal {
  const quote = quoteOf(venue, symbol);
  if (by === 'MarkPrice') return markPrice(quote);
  return by === 'IndexPrice' ? indexPrice(quote) : lastPrice(quote);
}

/** TP above and SL below the base price of a long; the other way round for a short. */
export function checkSide(
  kind: 'TakeProfit' | 'StopLoss',
  level: Decimal,
  side: Side,
  base: Decimal,
  by: TriggerBy,
): void {
  const higher = (kind === 'TakeProfit') === (side === 'Buy');
  const right = higher ? greater(level, base) : less(level, base);
  if (right) return;
  throw new Refusal(
    10001,
    `${kind}:${scaled(level)} set for ${side} position should ${higher ? 'higher' : 'lower'} than base_price:${scaled(base)}??${by}`,
  );
}

export function checkLevels(venue: Venue, order: Order): void {
  const base = (by: TriggerBy | ''): Decimal =>
    order.orderType === 'Limit' ? order.price : sourcePrice(venue, order.symbol, by);
  const sourceOf = (by: TriggerBy | ''): TriggerBy => (by === '' ? 'LastPrice' : by);
  if (order.takeProfit !== '')
    checkSide(
      'TakeProfit',
      order.takeProfit,
      order.side,
      base(order.tpTriggerBy),
      sourceOf(order.tpTriggerBy),
    );
  if (order.stopLoss !== '')
    checkSide(
      'StopLoss',
      order.stopLoss,
      order.side,
      base(order.slTriggerBy),
      sourceOf(order.slTriggerBy),
    );
}

/** The trigger must lie on the side the direction says, and the symbol must have room for it. */
export function checkTrigger(venue: Venue, account: Account, order: Order): void {
  const trigger = order.triggerPrice === '' ? '0' : order.triggerPrice;
  const by = order.triggerBy === '' ? 'LastPrice' : order.triggerBy;
  const current = sourcePrice(venue, order.symbol, by);
  if (order.triggerDirection === 1 && compare(trigger, current) <= 0) {
    throw new Refusal(
      110092,
      `expect Rising, but trigger_price[${scaled(trigger)}] <= current[${scaled(current)}]??${by}`,
    );
  }
  if (order.triggerDirection === 2 && compare(trigger, current) >= 0) {
    throw new Refusal(
      110093,
      `expect Falling, but trigger_price[${scaled(trigger)}] >= current[${scaled(current)}]??${by}`,
    );
  }
  const waiting = openOrdersOf(account, order.symbol).filter(
    (other) => isWaiting(other) && !isLeg(other) && other.orderId !== order.orderId,
  );
  if (waiting.length >= 10) {
    throw new Refusal(110009, 'the number of stop orders exceeds maximum limit allowed');
  }
}

export function checkActive(account: Account, order: Order): void {
  if (openOrdersOf(account, order.symbol).filter(isLive).length >= 500) {
    throw new Refusal(110020, 'Not allowed to have more than 500 active orders');
  }
}

/** A limit price beyond the price limit is moved to it, or refused: as the account is set. */
export function limitPrice(venue: Venue, account: Account, order: Order): void {
  const { contract } = quoteOf(venue, order.symbol);
  if (less(order.price, contract.minPrice) || greater(order.price, contract.maxPrice))
    throw new Refusal(110003, 'Order price is out of permissible range');
  const limits = priceLimits(venue, order.symbol);
  const above = order.side === 'Buy' && greater(order.price, limits.buy);
  const below = order.side === 'Sell' && less(order.price, limits.sell);
  if (!above && !below) return;
  if (account.movesPrices) order.price = above ? limits.buy : limits.sell;
  else if (above)
    throw new Refusal(110121, `Order price is above the highest buying price ${limits.buy}`);
  else throw new Refusal(110120, `Order price is below the lowest selling price ${limits.sell}`);
}

/** What a leg would be worth with this order filled must stay within the tier its leverage allows. */
export function checkTier(venue: Venue, account: Account, order: Order): void {
  if (order.reduceOnly || order.closeOnTrigger) return;
  const { contract } = quoteOf(venue, order.symbol);
  const position = positionOf(venue, account, contract, order.positionIdx);
  const priced = (one: Order): Decimal =>
    times(leavesOf(one), one.price === '0' ? lastPrice(quoteOf(venue, one.symbol)) : one.price);
  const others = openOrdersOf(account, order.symbol).filter(
    (one) =>
      one.orderId !== order.orderId &&
      one.side === order.side &&
      one.positionIdx === order.positionIdx &&
      isLive(one) &&
      !one.reduceOnly,
  );
  const held = position.side === order.side ? position.entryValue : '0';
  const value = sum([held, priced(order), ...others.map(priced)]);
  const tier = tierFor(contract, value);
  const within = !greater(position.leverage, tier.maxLeverage) && !greater(value, tier.limit);
  if (within) return;
  throw new Refusal(
    110090,
    `Order placement failed as your position may exceed the max. limit. Please adjust your leverage to ${tier.maxLeverage} or below to increase the max. limit`,
  );
}

/**
 * Highest buy `min(mark(1+Y), max(index, mark(1+X)))`, lowest sell mirrored; X and Y are the
 * contract's risk parameters. The 30 s premium average is zero here: index and mark move together.
 */
export function priceLimits(venue: Venue, symbol: string): { buy: Decimal; sell: Decimal } {
  const quote = quoteOf(venue, symbol);
  const { contract } = quote;
  const mark = markPrice(quote);
  const index = indexPrice(quote);
  const at = (share: Decimal): Decimal => times(mark, share);
  const buy = smallest(
    at(plus('1', contract.limitY)),
    largest(index, at(plus('1', contract.limitX))),
  );
  const sell = largest(
    at(minus('1', contract.limitY)),
    smallest(index, at(minus('1', contract.limitX))),
  );
  return {
    buy: toStep(buy, contract.tick, 'nearest'),
    sell: toStep(sell, contract.tick, 'nearest'),
  };
}
