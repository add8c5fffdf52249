import {
  type Decimal,
  greater,
  isDecimal,
  isZero,
  less,
  minus,
  rounded,
} from '../../../domain/numbers.ts';
import type { Contract } from '../../prices/contracts.ts';
import { invalid, Refusal } from '../../refusal.ts';
import { during } from '../state/batch.ts';
import { closingOrder, newOrder } from '../state/new-order.ts';
import type { Account, Order, Position, PositionIdx, Side, TimeInForce } from '../state/state.ts';
import { book, contractOf, lastPrice, positionOf, quoteOf, type Venue } from '../state/venue.ts';
import { trimReducing } from './fill.ts';
import { affordable, enter } from './match.ts';
import { flagOf, positionIdxOf, priceOf, type Request, textOf, triggerByOf } from './request.ts';
import {
  checkActive,
  checkLevels,
  checkLink,
  checkMode,
  checkNotional,
  checkQuantity,
  checkReducing,
  checkTier,
  checkTrigger,
  limitPrice,
  mostOf,
} from './rules.ts';

/** Accepts an order, or refuses it with the venue's code. What it leads to is pushed afterwards. */
export function placeOrder(venue: Venue, account: Account, request: Request): Order {
  const contract = contractOf(venue, textOf(request, 'symbol'));
  if (contract.status === 'Closed') throw invalid('symbol');
  const order = draft(venue, account, contract, request);
  checkLink(account, order.orderLinkId);
  if (order.reduceOnly || order.closeOnTrigger) checkReducing(venue, account, contract, order);
  const parts = partsOf(contract, order);
  checkQuantity(contract, order);
  checkLevels(venue, order);
  if (order.triggerPrice !== '') checkTrigger(venue, account, order);
  else checkActive(account, order);
  if (order.orderType === 'Limit' && order.triggerPrice === '') limitPrice(venue, account, order);
  checkNotional(venue, contract, order);
  checkTier(venue, account, order);
  if (order.triggerPrice === '' && !affordable(venue, account, order))
    throw new Refusal(110007, 'ab not enough for new order');
  const position = positionOf(venue, account, contract, order.positionIdx);
  if (order.orderLinkId !== '') account.linkIds.set(order.orderLinkId, order.orderId);
  during(venue, account, (batch) => {
    if (order.triggerPrice !== '') {
      order.status = 'Untriggered';
      book(account, order);
      return batch.order(order);
    }
    order.qty = parts[0] ?? order.qty;
    const others = parts
      .slice(1)
      .map((qty) => ({ ...newOrder(venue, { ...order, qty }), reduceOnly: true }));
    for (const one of [order, ...others]) enter(venue, account, batch, one);
    if (order.reduceOnly) trimReducing(account, batch, position);
  });
  return order;
}

/** What only reduces and is larger than one order may be becomes several; the first keeps the ids. */
function partsOf(contract: Contract, order: Order): Decimal[] {
  const most = mostOf(contract, order);
  const parts: Decimal[] = [];
  let left = order.qty;
  while (order.reduceOnly && order.triggerPrice === '' && greater(left, most)) {
    parts.push(most);
    left = minus(left, most);
  }
  return [...parts, left];
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

/** Checks the index against the position mode of the symbol. */
function idxOf(
  account: Account,
  contract: Contract,
  request: Request,
  side: Side,
  reduceOnly: boolean,
): PositionIdx {
  const idx = positionIdxOf(request);
  checkMode(account, contract, idx);
  if (idx !== 0 && reduceOnly && side === (idx === 1 ? 'Buy' : 'Sell')) {
    throw new Refusal(110017, 'reduce-only order has same side with current position');
  }
  return idx;
}

/** Closes a position at the market, as an operator would on the venue's own screen. */
export function closeByHand(venue: Venue, account: Account, position: Position): Order {
  const last = lastPrice(quoteOf(venue, position.symbol));
  const order = {
    ...closingOrder(venue, position, last, 'CreateByClosing'),
    lastPriceOnCreated: last,
  };
  during(venue, account, (batch) => enter(venue, account, batch, order));
  return order;
}
