import {
  compare,
  type Decimal,
  greater,
  isDecimal,
  isMultiple,
  isZero,
  largest,
  less,
  minus,
  plus,
  rounded,
  smallest,
  times,
  toStep,
} from '../../domain/numbers.ts';
import type { Contract } from '../contracts.ts';
import { invalid, Refusal } from '../refusal.ts';
import { during } from './batch.ts';
import { isLeg } from './legs.ts';
import { affordable, enter } from './match.ts';
import { newOrder } from './orders.ts';
import {
  type Account,
  isLive,
  isWaiting,
  type Order,
  type Position,
  type PositionIdx,
  type Side,
  type TimeInForce,
  type TriggerBy,
} from './state.ts';
import {
  book,
  contractOf,
  indexPrice,
  isHedge,
  isOpen,
  lastPrice,
  markPrice,
  openOrdersOf,
  positionOf,
  quoteOf,
  type Venue,
} from './venue.ts';

/** The body of `/v5/order/create`, as it came. */
export type Request = Record<string, unknown>;

export const textOf = (request: Request, name: string): string => {
  const value = request[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};

const flagOf = (request: Request, name: string): boolean =>
  request[name] === true || request[name] === 'true';

const triggers = new Set(['LastPrice', 'MarkPrice', 'IndexPrice']);

/** The price source named in a request; the last price when none is. */
export function triggerByOf(request: Request, name: string): TriggerBy {
  const value = textOf(request, name) || 'LastPrice';
  if (!triggers.has(value)) throw invalid(name);
  return value as TriggerBy;
}

/** A price in a request, on the tick; "" when absent. */
export function priceOf(request: Request, name: string, contract: Contract): Decimal | '' {
  const value = textOf(request, name);
  if (value === '') return '';
  if (!isDecimal(value)) throw invalid(name);
  if (!isMultiple(value, contract.tick)) throw invalid(name);
  return rounded(value, 12);
}

/** Accepts an order, or refuses it with the venue's code. What it leads to is pushed afterwards. */
export function placeOrder(venue: Venue, account: Account, request: Request): Order {
  const contract = contractOf(venue, textOf(request, 'symbol'));
  const order = draft(venue, account, contract, request);
  checkLink(account, order.orderLinkId);
  if (order.reduceOnly || order.closeOnTrigger) checkReducing(venue, account, contract, order);
  checkQuantity(contract, order);
  checkLevels(venue, order);
  if (order.triggerPrice !== '') checkTrigger(venue, account, order);
  else checkActive(account, order);
  if (order.orderType === 'Limit' && order.triggerPrice === '') limitPrice(venue, order);
  checkNotional(venue, contract, order);
  if (order.triggerPrice === '' && !affordable(venue, account, order))
    throw new Refusal(110007, 'ab not enough for new order');
  positionOf(venue, account, contract, order.positionIdx);
  if (order.orderLinkId !== '') account.linkIds.set(order.orderLinkId, order.orderId);
  during(venue, account, (batch) => {
    if (order.triggerPrice === '') return enter(venue, account, batch, order);
    order.status = 'Untriggered';
    book(account, order);
    batch.order(order);
  });
  return order;
}

function draft(venue: Venue, account: Account, contract: Contract, request: Request): Order {
  const side = textOf(request, 'side');
  if (side !== 'Buy' && side !== 'Sell') throw invalid('side');
  const orderType = textOf(request, 'orderType');
  if (orderType !== 'Market' && orderType !== 'Limit') throw invalid('orderType');
  const qty = textOf(request, 'qty');
  if (!isDecimal(qty) || less(qty, '0')) throw new Refusal(10001, 'Qty invalid');
  const price = orderType === 'Limit' ? priceOf(request, 'price', contract) : '0';
  if (price === '' || less(price, '0')) throw invalid('price');
  const triggerPrice = priceOf(request, 'triggerPrice', contract);
  const conditional = triggerPrice !== '';
  const takeProfit = levelOf(request, 'takeProfit', contract);
  const stopLoss = levelOf(request, 'stopLoss', contract);
  const withLevels = takeProfit !== '' || stopLoss !== '';
  const reduceOnly = flagOf(request, 'reduceOnly');
  if (reduceOnly && withLevels)
    throw new Refusal(10001, 'TP/SL cannot be set on a reduce-only order');
  return {
    ...newOrder(venue, {
      symbol: contract.symbol,
      side,
      positionIdx: idxOf(account, contract, request, side, reduceOnly),
      orderType,
      price,
      qty: rounded(qty, 12),
    }),
    orderLinkId: textOf(request, 'orderLinkId'),
    timeInForce: orderType === 'Market' ? 'IOC' : timeInForceOf(request),
    stopOrderType: conditional ? 'Stop' : '',
    triggerPrice,
    triggerBy: conditional ? triggerByOf(request, 'triggerBy') : '',
    triggerDirection: conditional ? directionOf(request) : 0,
    takeProfit,
    stopLoss,
    tpTriggerBy: takeProfit === '' ? '' : triggerByOf(request, 'tpTriggerBy'),
    slTriggerBy: stopLoss === '' ? '' : triggerByOf(request, 'slTriggerBy'),
    tpslMode: !withLevels ? '' : textOf(request, 'tpslMode') === 'Partial' ? 'Partial' : 'Full',
    tpLimitPrice: priceOf(request, 'tpLimitPrice', contract),
    slLimitPrice: priceOf(request, 'slLimitPrice', contract),
    reduceOnly,
    closeOnTrigger: flagOf(request, 'closeOnTrigger'),
    lastPriceOnCreated: lastPrice(quoteOf(venue, contract.symbol)),
  };
}

const levelOf = (request: Request, name: string, contract: Contract): Decimal | '' => {
  const level = priceOf(request, name, contract);
  return level !== '' && isZero(level) ? '' : level;
};

function timeInForceOf(request: Request): TimeInForce {
  const value = textOf(request, 'timeInForce') || 'GTC';
  if (value !== 'GTC' && value !== 'IOC' && value !== 'FOK' && value !== 'PostOnly')
    throw invalid('timeInForce');
  return value;
}

function directionOf(request: Request): 1 | 2 {
  const value = Number(textOf(request, 'triggerDirection'));
  if (value !== 1 && value !== 2) throw new Refusal(10001, 'TriggerDirection invalid');
  return value;
}

const mismatch = (): Refusal => new Refusal(10001, 'position idx not match position mode');

/** Checks the index against the position mode of the symbol. */
export function idxOf(
  account: Account,
  contract: Contract,
  request: Request,
  side: Side,
  reduceOnly: boolean,
): PositionIdx {
  const text = textOf(request, 'positionIdx');
  const idx = text === '' ? 0 : Number(text);
  if (idx !== 0 && idx !== 1 && idx !== 2) throw invalid('positionIdx');
  if (isHedge(account, contract) !== (idx !== 0)) throw mismatch();
  if (idx !== 0 && reduceOnly && side === (idx === 1 ? 'Buy' : 'Sell')) {
    throw new Refusal(110017, 'reduce-only order has same side with current position');
  }
  return idx;
}

function checkLink(account: Account, linkId: string): void {
  if (linkId === '') return;
  if (!/^[A-Za-z0-9_-]{1,36}$/.test(linkId)) throw invalid('orderLinkId');
  if (account.linkIds.has(linkId)) throw new Refusal(110072, 'OrderLinkedID is duplicate');
}

/** Reduce-only: never on a flat position, never on its side, cut to its size. */
function checkReducing(venue: Venue, account: Account, contract: Contract, order: Order): void {
  const position = positionOf(venue, account, contract, order.positionIdx);
  if (!isOpen(position)) {
    throw new Refusal(110017, 'current position is zero, cannot fix reduce-only order qty');
  }
  if (position.side === order.side) {
    throw new Refusal(110017, 'reduce-only order has same side with current position');
  }
  const closesAll = isZero(order.qty) && order.closeOnTrigger;
  const tooLarge = order.triggerPrice === '' && greater(order.qty, position.size);
  if (closesAll || tooLarge) order.qty = position.size;
}

function checkQuantity(contract: Contract, order: Order): void {
  const most = order.orderType === 'Market' ? contract.maxMarketQty : contract.maxQty;
  if (!isMultiple(order.qty, contract.step)) throw new Refusal(10001, 'Qty invalid');
  if (less(order.qty, contract.minQty)) {
    throw new Refusal(10001, 'The number of contracts exceeds minimum limit allowed');
  }
  if (greater(order.qty, most)) {
    throw new Refusal(10001, 'The number of contracts exceeds maximum limit allowed');
  }
}

/** Value at least 5, for orders that open something. */
function checkNotional(venue: Venue, contract: Contract, order: Order): void {
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

function checkLevels(venue: Venue, order: Order): void {
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

function checkActive(account: Account, order: Order): void {
  if (openOrdersOf(account, order.symbol).filter(isLive).length >= 500) {
    throw new Refusal(110020, 'Not allowed to have more than 500 active orders');
  }
}

/** A limit price beyond the price limit is moved to it (the default setting for futures). */
export function limitPrice(venue: Venue, order: Order): void {
  const limits = priceLimits(venue, order.symbol);
  if (order.side === 'Buy' && greater(order.price, limits.buy)) order.price = limits.buy;
  if (order.side === 'Sell' && less(order.price, limits.sell)) order.price = limits.sell;
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

/** Closes a position at the market, as an operator would on the venue's own screen. */
export function closeByHand(venue: Venue, account: Account, position: Position): Order {
  const order: Order = {
    ...newOrder(venue, {
      symbol: position.symbol,
      side: position.side === 'Buy' ? 'Sell' : 'Buy',
      positionIdx: position.idx,
      orderType: 'Market',
      price: '0',
      qty: position.size,
    }),
    createType: 'CreateByClosing',
    reduceOnly: true,
    lastPriceOnCreated: lastPrice(quoteOf(venue, position.symbol)),
  };
  during(venue, account, (batch) => enter(venue, account, batch, order));
  return order;
}
