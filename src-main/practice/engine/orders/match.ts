import {
  compare,
  type Decimal,
  equal,
  greater,
  isZero,
  minus,
  plus,
  sum,
  times,
  toStep,
} from '../../../domain/numbers.ts';
import type { Quote } from '../../prices/market.ts';
import { hashOf } from '../../random.ts';
import { plain } from '../money/arithmetic.ts';
import { orderMargin, totalsOf } from '../money/margin.ts';
import { type Batch, during } from '../state/batch.ts';
import { type Account, isLive, leavesOf, type Order } from '../state/state.ts';
import {
  askTicks,
  bidTicks,
  book,
  contractOf,
  lastPrice,
  quoteOf,
  type Venue,
} from '../state/venue.ts';
import { applyFill, end, fillable } from './fill.ts';
import { deactivate, isLeg, ratchet } from './legs.ts';

/** A market order is a limit at a protective price this far from the best offer. */
const marketCap = '0.05';

/** Lets a new (or just triggered) order meet the market: it fills, rests or ends. */
export function enter(venue: Venue, account: Account, batch: Batch, order: Order): void {
  if (order.orderType === 'Market') return takeMarket(venue, account, batch, order);
  const quote = quoteOf(venue, order.symbol);
  const level = quote.contract.grid.ticks(order.price);
  const crosses = order.side === 'Buy' ? level >= askTicks(quote) : level <= bidTicks(quote);
  if (crosses && order.timeInForce === 'PostOnly') {
    return end(account, batch, order, {
      status: 'Cancelled',
      reason: 'EC_PostOnlyWillTakeLiquidity',
    });
  }
  if (crosses) return take(venue, account, batch, order);
  if (order.timeInForce === 'IOC' || order.timeInForce === 'FOK') {
    const reason =
      order.timeInForce === 'IOC' ? 'EC_NoImmediateQtyToFill' : 'EC_CancelForNoFullFill';
    return end(account, batch, order, { status: 'Cancelled', reason });
  }
  book(account, order);
  batch.order(order);
}

function takeMarket(venue: Venue, account: Account, batch: Batch, order: Order): void {
  const quote = quoteOf(venue, order.symbol);
  const { grid, tick } = quote.contract;
  const best = grid.price(order.side === 'Buy' ? askTicks(quote) : bidTicks(quote));
  const factor = order.side === 'Buy' ? plus('1', marketCap) : minus('1', marketCap);
  order.price = toStep(times(best, factor), tick, 'nearest');
  order.timeInForce = 'IOC';
  take(venue, account, batch, order);
}

/** Takes from the other side of the book, in up to three prices for a large order. */
function take(venue: Venue, account: Account, batch: Batch, order: Order): void {
  const quote = quoteOf(venue, order.symbol);
  const { grid } = quote.contract;
  const best = order.side === 'Buy' ? askTicks(quote) : bidTicks(quote);
  const limit = grid.ticks(order.price);
  const priceOf = (at: number): number => (order.side === 'Buy' ? best + at : best - at);
  const isWithin = (at: number): boolean =>
    order.side === 'Buy' ? priceOf(at) <= limit : priceOf(at) >= limit;
  const parts = slices(quote, fillable(venue, account, order));
  if (
    order.timeInForce === 'FOK' &&
    !(isWithin(parts.length - 1) && equal(sum(parts), leavesOf(order)))
  )
    return end(account, batch, order, { status: 'Cancelled', reason: 'EC_CancelForNoFullFill' });
  for (const [at, quantity] of parts.entries()) {
    if (!isWithin(at) || isZero(fillable(venue, account, order))) break;
    const price = grid.price(priceOf(at));
    applyFill(venue, account, batch, { order, quantity, price, maker: false });
  }
  if (order.status === 'Filled') return;
  const rests = order.orderType === 'Limit' && order.timeInForce === 'GTC';
  if (rests && !isZero(fillable(venue, account, order))) {
    book(account, order);
    batch.order(order);
    return;
  }
  end(
    account,
    batch,
    order,
    order.reduceOnly || order.closeOnTrigger
      ? { status: 'Cancelled', cancelType: 'CancelByReduceOnly' }
      : { status: 'Cancelled', reason: 'EC_NoImmediateQtyToFill' },
  );
}

function slices(quote: Quote, quantity: Decimal): Decimal[] {
  if (isZero(quantity)) return [];
  const { step } = quote.contract;
  const value = times(quantity, lastPrice(quote));
  const count = greater(value, '500000') ? 3 : greater(value, '100000') ? 2 : 1;
  const parts: Decimal[] = [];
  let left = quantity;
  for (let at = count; at > 1; at -= 1) {
    const part = toStep(times(left, at === 3 ? '0.5' : '0.6'), step, 'down');
    if (isZero(part)) continue;
    parts.push(part);
    left = minus(left, part);
  }
  return [...parts, left];
}

/** A price has moved: stops trigger and resting orders fill, in the order the move meets them. */
export function onMove(venue: Venue, quote: Quote, before: number, whole: boolean): void {
  const { symbol } = quote.contract;
  const guard = venue.guards.get(symbol) ?? guardOf(venue, quote);
  if (quote.last > guard.low && quote.last < guard.high) return;
  const falling = quote.last < before;
  for (const account of venue.accounts) {
    const orders = account.openBySymbol.get(symbol);
    if (orders === undefined || orders.size === 0) continue;
    const hit = [...orders].filter((order) => isHit(quote, order) || order.trail !== '');
    if (hit.length === 0) continue;
    const level = (order: Order): number => levelOf(quote, order);
    hit.sort((a, b) => (falling ? level(b) - level(a) : level(a) - level(b)));
    during(venue, account, (batch) => {
      for (const order of hit) meet(venue, account, batch, quote, order, whole);
    });
  }
}

function levelOf(quote: Quote, order: Order): number {
  const price = order.status === 'Untriggered' ? order.triggerPrice : order.price;
  return price === '' ? 0 : quote.contract.grid.ticks(price);
}

const watched = (quote: Quote, order: Order): number =>
  order.triggerBy === 'MarkPrice'
    ? quote.mark
    : order.triggerBy === 'IndexPrice'
      ? quote.index
      : quote.last;

/** True when the present price triggers or fills the order. */
function isHit(quote: Quote, order: Order): boolean {
  const level = levelOf(quote, order);
  if (order.status === 'Untriggered') {
    const price = watched(quote, order);
    return order.triggerDirection === 1 ? price >= level : price <= level;
  }
  return isLive(order) && (order.side === 'Buy' ? quote.last <= level : quote.last >= level);
}

function guardOf(venue: Venue, quote: Quote): { low: number; high: number } {
  const guard = { low: 0, high: Number.POSITIVE_INFINITY };
  for (const account of venue.accounts) {
    for (const order of account.openBySymbol.get(quote.contract.symbol) ?? []) {
      const level = levelOf(quote, order);
      const rises = isLive(order) ? order.side === 'Sell' : order.triggerDirection === 1;
      const always =
        order.trail !== '' || order.triggerBy === 'IndexPrice' || order.triggerBy === 'MarkPrice';
      if (always) guard.low = Number.POSITIVE_INFINITY;
      else if (rises) guard.high = Math.min(guard.high, level);
      else guard.low = Math.max(guard.low, level);
    }
  }
  venue.guards.set(quote.contract.symbol, guard);
  return guard;
}

function meet(
  venue: Venue,
  account: Account,
  batch: Batch,
  quote: Quote,
  order: Order,
  whole: boolean,
): void {
  if (!account.open.has(order.orderId)) return;
  if (order.trail !== '' && ratchet(order, lastPrice(quote))) batch.order(order);
  if (order.activePrice !== '') return;
  if (!isHit(quote, order)) return;
  if (order.status === 'Untriggered') trigger(venue, account, batch, order);
  else fillResting(venue, account, batch, quote, order, whole);
}

/** Untriggered -> Triggered -> what an ordinary order would do now. */
function trigger(venue: Venue, account: Account, batch: Batch, order: Order): void {
  order.status = 'Triggered';
  batch.order(order);
  const sibling = account.open.get(order.pairId);
  if (sibling !== undefined) deactivate(account, batch, sibling);
  account.open.delete(order.orderId);
  account.openBySymbol.get(order.symbol)?.delete(order);
  order.status = 'New';
  const closes = order.reduceOnly || order.closeOnTrigger;
  if (!closes && !affordable(venue, account, order)) {
    return end(account, batch, order, { status: 'Rejected', reason: 'EC_Others' });
  }
  if (closes && isZero(fillable(venue, account, order))) {
    return end(account, batch, order, {
      status: 'Cancelled',
      cancelType: isLeg(order) ? 'CancelByTpSlTsClear' : 'CancelByReduceOnly',
    });
  }
  if (closes) order.qty = fillable(venue, account, order);
  enter(venue, account, batch, order);
}

/** Whether the account has the margin an order would take. */
export function affordable(venue: Venue, account: Account, order: Order): boolean {
  const priced: Order =
    order.price === '0' ? { ...order, price: lastPrice(quoteOf(venue, order.symbol)) } : order;
  const needed = orderMargin(account, priced);
  return compare(needed, totalsOf(venue, account).available) <= 0;
}

/**
 * A resting order fills at its own price, as maker. One just touched may wait in the queue for half
 * of it; one the price went through fills whole.
 */
function fillResting(
  venue: Venue,
  account: Account,
  batch: Batch,
  quote: Quote,
  order: Order,
  whole: boolean,
): void {
  const leaves = fillable(venue, account, order);
  if (isZero(leaves)) {
    return end(account, batch, order, { status: 'Cancelled', cancelType: 'CancelByReduceOnly' });
  }
  const touched = quote.last === quote.contract.grid.ticks(order.price);
  const half = toStep(times(leaves, '0.5'), quote.contract.step, 'down');
  const queued =
    !whole && touched && isZero(order.filled) && hashOf(order.orderId) % 3 === 0 && !isZero(half);
  const quantity = queued ? half : leaves;
  applyFill(venue, account, batch, { order, quantity, price: order.price, maker: true });
  if (isLive(order) && !isZero(leavesOf(order)) && isZero(fillable(venue, account, order)))
    end(account, batch, order, { status: 'Cancelled', cancelType: 'CancelByReduceOnly' });
}

/** Fills a resting order by hand, at its price; the quantity is cut to what is left. */
export function fillByHand(
  venue: Venue,
  account: Account,
  order: Order,
  quantity: Decimal | null,
): Decimal {
  const contract = contractOf(venue, order.symbol);
  const most = fillable(venue, account, order);
  const wanted = quantity === null ? most : toStep(quantity, contract.step, 'down');
  const amount = greater(wanted, most) ? most : wanted;
  if (isZero(amount)) return '0';
  during(venue, account, (batch) =>
    applyFill(venue, account, batch, { order, quantity: amount, price: order.price, maker: true }),
  );
  return plain(amount);
}

/** Triggers a waiting order by hand, wherever the price is. */
export function triggerByHand(venue: Venue, account: Account, order: Order): void {
  during(venue, account, (batch) => trigger(venue, account, batch, order));
}
