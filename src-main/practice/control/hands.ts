import { isDecimal } from '../../domain/numbers.ts';
import { amendOrder, cancelOrder } from '../engine/orders/change.ts';
import { fillByHand, triggerByHand } from '../engine/orders/match.ts';
import { closeByHand, placeOrder } from '../engine/orders/place.ts';
import { setTradingStop } from '../engine/orders/trading-stop.ts';
import type { Account, Position } from '../engine/state/state.ts';
import { contractOf, isOpen, openOrdersOf, quoteOf, type Venue } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { accountIn, type Handler, numberIn, text } from './body.ts';

/** Fills a resting order, or triggers a waiting one. */
export const fill: Handler = (world, body) => {
  const account = accountIn(world, body);
  const order = account.open.get(text(body, 'orderId'));
  if (order === undefined) throw new Refusal(404, 'no open order with this orderId');
  if (order.status === 'Untriggered') {
    triggerByHand(world.venue, account, order);
    return { filled: order.filled, status: order.status };
  }
  const quantity = text(body, 'quantity');
  if (quantity !== '' && !isDecimal(quantity)) throw new Refusal(400, 'quantity is not a number');
  const filled = fillByHand(world.venue, account, order, quantity === '' ? null : quantity);
  return { filled, status: order.status };
};

/** Sets a price and holds it still for a while. */
export const price: Handler = (world, body) => {
  const quote = quoteOf(world.venue, text(body, 'symbol'));
  const { grid } = quote.contract;
  const ticks = (name: string): number | null => {
    const value = text(body, name);
    if (value === '') return null;
    if (!isDecimal(value) || !(Number(value) > 0)) throw new Refusal(400, `${name} is not a price`);
    return Math.max(1, grid.ticks(value));
  };
  const last = ticks('price');
  if (last === null) throw new Refusal(400, 'price is missing');
  const mark = ticks('mark');
  const index = ticks('index');
  const own = { ...(mark === null ? {} : { mark }), ...(index === null ? {} : { index }) };
  world.setPrice(quote, last, own, numberIn(body, 'holdMs') ?? 60_000);
  return { symbol: quote.contract.symbol, price: grid.price(quote.last) };
};

/** Closes a position at the market. */
export const close: Handler = (world, body) => {
  const account = accountIn(world, body);
  const contract = contractOf(world.venue, text(body, 'symbol'));
  const wanted = text(body, 'side').toLowerCase();
  const side = wanted === 'long' || wanted === 'buy' ? 'Buy' : 'Sell';
  const position = [...account.positions.values()].find(
    (one) => one.symbol === contract.symbol && one.side === side,
  );
  if (position === undefined) throw new Refusal(404, 'no such position');
  const order = closeByHand(world.venue, account, position);
  return { orderId: order.orderId, status: order.status };
};

/** Sets, moves or (`price: null`) removes what stops a position, as on the venue's own screen. */
export const stop: Handler = (world, body) => {
  const { venue } = world;
  const account = accountIn(world, body);
  const contract = contractOf(venue, text(body, 'symbol'));
  const idx = numberIn(body, 'positionIdx');
  const position = [...account.positions.values()].find(
    (one) =>
      one.symbol === contract.symbol &&
      isOpen(one) &&
      (idx === null || (one.idx as number) === idx),
  );
  if (position === undefined) throw new Refusal(404, 'no such position');
  const ofItsOwn = openOrdersOf(account, position.symbol).filter(
    (order) =>
      order.stopOrderType === 'Stop' &&
      order.positionIdx === position.idx &&
      (order.reduceOnly || order.closeOnTrigger),
  );
  const { symbol } = position;
  if (body.price !== null && body.price !== undefined) {
    const level = text(body, 'price');
    const [first] = ofItsOwn;
    if (first !== undefined && position.stopLoss === '')
      amendOrder(venue, account, { symbol, orderId: first.orderId, triggerPrice: level });
    else setLevel(venue, account, position, level);
    return { symbol, price: level };
  }
  for (const order of ofItsOwn) cancelOrder(venue, account, { symbol, orderId: order.orderId });
  if (position.stopLoss !== '') setLevel(venue, account, position, '0');
  return { symbol, price: null };
};

const setLevel = (venue: Venue, account: Account, position: Position, stopLoss: string): void =>
  setTradingStop(venue, account, {
    symbol: position.symbol,
    positionIdx: position.idx,
    tpslMode: 'Full',
    stopLoss,
  });

/** Cancels an order. */
export const cancel: Handler = (world, body) => {
  const account = accountIn(world, body);
  const orderId = text(body, 'orderId');
  const symbol = account.open.get(orderId)?.symbol;
  if (symbol === undefined) throw new Refusal(404, 'no open order with this orderId');
  const { status } = cancelOrder(world.venue, account, { symbol, orderId });
  return { orderId, status };
};

/** Places an order with the fields of `/v5/order/create`. */
export const order: Handler = (world, body) => {
  const { orderId, status } = placeOrder(world.venue, accountIn(world, body), body);
  return { orderId, status };
};
