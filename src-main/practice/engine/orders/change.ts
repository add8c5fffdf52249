import {
  type Decimal,
  equal,
  greater,
  isDecimal,
  isMultiple,
  isZero,
  less,
  minus,
  rounded,
  smallest,
} from '../../../domain/numbers.ts';
import { Refusal } from '../../refusal.ts';
import { orderMargin, totalsOf } from '../money/margin.ts';
import type { Batch } from '../state/batch.ts';
import { during } from '../state/batch.ts';
import { type Account, isLive, isWaiting, type Order, type StopOrderType } from '../state/state.ts';
import { contractOf, positionOf, type Venue } from '../state/venue.ts';
import { end, trimReducing } from './fill.ts';
import { deactivate, isLeg } from './legs.ts';
import { enter } from './match.ts';
import { priceOf, type Request, textOf, triggerByOf } from './request.ts';
import {
  checkLevels,
  checkNotional,
  checkQuantity,
  checkReducing,
  checkTier,
  checkTrigger,
  limitPrice,
} from './rules.ts';

/** Finds an open order by `orderId` or `orderLinkId` (the id wins). */
export function find(account: Account, request: Request, late: 'cancel' | 'replace'): Order {
  const id = textOf(request, 'orderId');
  const linkId = textOf(request, 'orderLinkId');
  if (id === '' && linkId === '') {
    throw new Refusal(10001, 'params error: OrderId or orderLinkId is required');
  }
  const orderId = id === '' ? (account.linkIds.get(linkId) ?? '') : id;
  const order = account.open.get(orderId);
  if (order === undefined || order.symbol !== textOf(request, 'symbol')) {
    throw new Refusal(110001, `order not exists or too late to ${late}`);
  }
  return order;
}

/** Changes quantity, price, trigger or TP/SL of an open order; nothing to change is refused. */
export function amendOrder(venue: Venue, account: Account, request: Request): Order {
  const contract = contractOf(venue, textOf(request, 'symbol'));
  const order = find(account, request, 'replace');
  const changed: Partial<Order> = {};
  const qty = quantityChange(venue, account, order, request);
  if (qty !== null) changed.qty = qty;
  const price = priceOf(request, 'price', contract);
  if (price !== '' && order.orderType === 'Limit' && !equal(price, order.price))
    changed.price = price;
  const trigger = priceOf(request, 'triggerPrice', contract);
  if (trigger !== '' && isWaiting(order) && !equal(trigger, order.triggerPrice || '0')) {
    changed.triggerPrice = trigger;
  }
  if (textOf(request, 'triggerBy') !== '' && isWaiting(order)) {
    const by = triggerByOf(request, 'triggerBy');
    if (by !== order.triggerBy) changed.triggerBy = by;
  }
  Object.assign(changed, levelChanges(venue, order, request));
  if (Object.keys(changed).length === 0) throw new Refusal(10001, 'order not modified');
  const next: Order = { ...order, ...changed };
  checkAmended(venue, account, order, next);
  during(venue, account, (batch) => {
    Object.assign(order, changed, { price: next.price, qty: next.qty });
    if (isLeg(order) && order.tpslMode === 'Full') keepLevel(venue, account, order);
    if (changed.price === undefined || !isLive(order)) batch.order(order);
    else {
      account.openBySymbol.get(order.symbol)?.delete(order);
      enter(venue, account, batch, order);
    }
    if (order.reduceOnly && isLive(order))
      trimReducing(account, batch, positionOf(venue, account, contract, order.positionIdx));
  });
  return order;
}

/** What an order has become is held against the same rules as a new one. */
function checkAmended(venue: Venue, account: Account, order: Order, next: Order): void {
  const contract = contractOf(venue, order.symbol);
  if (isWaiting(next)) checkTrigger(venue, account, next);
  if (isLeg(next)) return;
  if (next.reduceOnly && isLive(next)) checkReducing(venue, account, contract, next);
  checkQuantity(contract, next);
  checkLevels(venue, next);
  if (next.orderType === 'Limit' && isLive(next)) limitPrice(venue, account, next);
  checkNotional(venue, contract, next);
  checkTier(venue, account, next);
  const more = minus(orderMargin(account, next), orderMargin(account, order));
  if (isLive(next) && greater(more, totalsOf(venue, account).available))
    throw new Refusal(110007, 'ab not enough for new order');
}

/** The new quantity; `null` when it stays. */
function quantityChange(
  venue: Venue,
  account: Account,
  order: Order,
  request: Request,
): Decimal | null {
  const qty = textOf(request, 'qty');
  if (qty === '') return null;
  const contract = contractOf(venue, order.symbol);
  if (!isDecimal(qty) || !isMultiple(qty, contract.step)) throw new Refusal(10001, 'Qty invalid');
  if (less(qty, contract.minQty) || !greater(qty, order.filled)) {
    throw new Refusal(10001, 'The number of contracts exceeds minimum limit allowed');
  }
  if (equal(qty, order.qty)) return null;
  if (isLeg(order) && order.tpslMode === 'Full') {
    throw new Refusal(110060, 'TP/SL of a full-mode order cannot be changed');
  }
  // A partial leg never stands for more than its position.
  const most = positionOf(venue, account, contract, order.positionIdx).size;
  const wanted = isLeg(order) ? smallest(qty, most) : qty;
  return equal(wanted, order.qty) ? null : rounded(wanted, 12);
}

/** TP/SL of an order can only change while nothing of it has filled. */
function levelChanges(venue: Venue, order: Order, request: Request): Partial<Order> {
  const contract = contractOf(venue, order.symbol);
  const changed: Partial<Order> = {};
  for (const name of ['takeProfit', 'stopLoss', 'tpLimitPrice', 'slLimitPrice'] as const) {
    const level = priceOf(request, name, contract);
    if (level === '') continue;
    if (!isZero(order.filled)) {
      throw new Refusal(110059, 'TP/SL of a partially filled order cannot be changed');
    }
    if (isLeg(order)) throw new Refusal(110060, 'TP/SL of a full-mode order cannot be changed');
    const wanted = isZero(level) ? '' : level;
    if (wanted !== order[name]) changed[name] = wanted;
  }
  return changed;
}

/** The position shows what its full TP/SL orders say. */
function keepLevel(venue: Venue, account: Account, leg: Order): void {
  const contract = contractOf(venue, leg.symbol);
  const position = positionOf(venue, account, contract, leg.positionIdx);
  const level = leg.status === 'Untriggered' ? leg.triggerPrice : '';
  if (leg.stopOrderType === 'TakeProfit') position.takeProfit = level;
  if (leg.stopOrderType === 'StopLoss') position.stopLoss = level;
  if (leg.stopOrderType === 'TrailingStop' && level === '') position.trailingStop = '0';
  position.updatedTime = venue.time.now();
}

export function cancelOrder(venue: Venue, account: Account, request: Request): Order {
  contractOf(venue, textOf(request, 'symbol'));
  const order = find(account, request, 'cancel');
  during(venue, account, (batch) => cancel(venue, account, batch, order));
  return order;
}

/** Cancels one order; of a TP/SL pair both go, and a full leg takes the position's level with it. */
function cancel(venue: Venue, account: Account, batch: Batch, order: Order): void {
  if (!isWaiting(order)) {
    return end(account, batch, order, {
      status: 'Cancelled',
      cancelType: 'CancelByUser',
      reason: 'EC_PerCancelRequest',
    });
  }
  deactivate(account, batch, order, 'CancelByUser');
  if (isLeg(order)) keepLevel(venue, account, order);
  const sibling = account.open.get(order.pairId);
  if (sibling !== undefined) deactivate(account, batch, sibling, 'CancelByUser');
}

const stopTypes = new Set<StopOrderType>(['Stop']);

/** Cancels everything a filter names; without one, TP/SL and stops go too. At most 500. */
export function cancelAll(venue: Venue, account: Account, request: Request): Order[] {
  const wanted = selected(venue, account, request).slice(0, 500);
  during(venue, account, (batch) => {
    for (const order of wanted) {
      if (account.open.has(order.orderId)) cancel(venue, account, batch, order);
    }
  });
  return wanted;
}

function selected(venue: Venue, account: Account, request: Request): Order[] {
  const symbol = textOf(request, 'symbol');
  const base = textOf(request, 'baseCoin');
  const settle = textOf(request, 'settleCoin');
  if (symbol === '' && base === '' && settle === '') {
    throw new Refusal(10001, 'params error: symbol, baseCoin or settleCoin is required');
  }
  if (symbol !== '') contractOf(venue, symbol);
  const filter = textOf(request, 'orderFilter');
  const onlyStops = textOf(request, 'stopOrderType') === 'Stop';
  return [...account.open.values()].filter((order) => {
    const contract = contractOf(venue, order.symbol);
    const place =
      symbol === ''
        ? base === ''
          ? contract.settle === settle
          : contract.base === base
        : order.symbol === symbol;
    if (!place) return false;
    if (filter === 'Order' || filter === 'OpenOrder') return isLive(order);
    if (filter !== 'StopOrder') return true;
    return isWaiting(order) && (!onlyStops || stopTypes.has(order.stopOrderType));
  });
}
