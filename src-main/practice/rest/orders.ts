import { setDcp } from '../engine/account/settings.ts';
import { amendOrder, cancelAll, cancelOrder } from '../engine/orders/change.ts';
import { placeOrder } from '../engine/orders/place.ts';
import { type Request, textOf } from '../engine/orders/request.ts';
import { type Account, isWaiting, type Order } from '../engine/state/state.ts';
import { contractOf, type Venue } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { restExecution } from '../rows/execution.ts';
import { historyOrder, restOrder } from '../rows/order.ts';
import {
  type Answer,
  type Call,
  type Key,
  type PrivateRoute,
  pageOf,
  requireLinear,
  windowOf,
} from './route.ts';

const ids = (order: Order) => ({ orderId: order.orderId, orderLinkId: order.orderLinkId });

type Change = (venue: Venue, account: Account, request: Request) => Order;

const single =
  (change: Change) =>
  (call: Call, account: Account): Answer => {
    requireLinear(call.body.category);
    return { result: ids(change(call.venue, account, call.body)) };
  };

/** Every order of a batch is answered on its own; the envelope says OK whatever became of them. */
const batch =
  (change: Change, withTime: boolean) =>
  (call: Call, account: Account): Answer => {
    requireLinear(call.body.category);
    const requests: unknown = call.body.request;
    if (!Array.isArray(requests) || requests.length === 0 || requests.length > 20) {
      throw new Refusal(10001, 'params error: request invalid');
    }
    const outcomes = requests.map((request: Request, at) => {
      const base = { category: 'linear', symbol: textOf(request, 'symbol') };
      try {
        if (at > 0 && !call.take()) {
          throw new Refusal(10006, 'Too many visits. Exceeded the API Rate Limit.');
        }
        const order = change(call.venue, account, request);
        const made = withTime ? { createAt: String(order.createdTime) } : {};
        return { row: { ...base, ...ids(order), ...made }, said: { code: 0, msg: 'OK' } };
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        const made = withTime ? { createAt: '' } : {};
        return {
          row: { ...base, orderId: '', orderLinkId: '', ...made },
          said: { code: thrown.code, msg: thrown.message },
        };
      }
    });
    return {
      result: { list: outcomes.map((outcome) => outcome.row) },
      ext: { list: outcomes.map((outcome) => outcome.said) },
    };
  };

function everyOrder(call: Call, account: Account): Answer {
  requireLinear(call.body.category);
  const orders = cancelAll(call.venue, account, call.body);
  return { result: { list: orders.map(ids), success: '1' } };
}

const newestFirst = (a: Order, b: Order): number =>
  b.createdTime - a.createdTime || (a.orderId < b.orderId ? 1 : -1);

const orderKey = (order: Order): Key => ({ id: order.orderId, at: order.createdTime });

function matching(call: Call, venue: Venue): (order: Order) => boolean {
  const { symbol, baseCoin, settleCoin, orderId, orderLinkId, orderFilter } = call.query;
  if (symbol) contractOf(venue, symbol);
  return (order) => {
    if (orderId) return order.orderId === orderId;
    if (orderLinkId) return order.orderLinkId === orderLinkId;
    if (orderFilter === 'Order' && isWaiting(order)) return false;
    if (orderFilter === 'StopOrder' && order.stopOrderType === '') return false;
    if (orderFilter === 'StopOrder' && isTriggered(order)) return false;
    if (symbol) return order.symbol === symbol;
    const contract = contractOf(venue, order.symbol);
    if (baseCoin) return contract.base === baseCoin;
    return !settleCoin || contract.settle === settleCoin;
  };
}

/** A stop that has triggered counts among the ordinary orders. */
const isTriggered = (order: Order): boolean =>
  order.status === 'New' || order.status === 'PartiallyFilled';

function realtime(call: Call, account: Account): Answer {
  requireLinear(call.query.category);
  const { symbol, baseCoin, settleCoin, orderId, orderLinkId, openOnly } = call.query;
  const named = Boolean(orderId || orderLinkId);
  if (!named && !symbol && !baseCoin && !settleCoin) {
    throw new Refusal(10001, 'params error: symbol, baseCoin or settleCoin is required');
  }
  const closed = openOnly === '1' || named ? remembered(account) : [];
  const open = openOnly === '1' && !named ? [] : [...account.open.values()];
  const orders = [...open, ...closed].filter(matching(call, call.venue)).sort(newestFirst);
  const { page, nextPageCursor } = pageOf(call, orders, { usual: 20, most: 50 }, orderKey);
  return {
    result: {
      nextPageCursor,
      category: 'linear',
      list: page.map((order) => restOrder(call.venue, order)),
    },
  };
}

/** The last 500 ended orders, unless a restart of the venue lost them. */
const remembered = (account: Account): Order[] =>
  account.ended.slice(Math.max(account.forgotten, account.ended.length - 500));

function history(call: Call, account: Account): Answer {
  requireLinear(call.query.category);
  const window = windowOf(call, 7, 7);
  const { orderStatus } = call.query;
  const match = matching(call, call.venue);
  const orders = account.ended
    .filter(
      (order) =>
        match(order) &&
        (!orderStatus || order.status === orderStatus) &&
        order.updatedTime >= window.from &&
        order.updatedTime <= window.to,
    )
    .sort(newestFirst);
  const { page, nextPageCursor } = pageOf(call, orders, { usual: 20, most: 50 }, orderKey);
  return {
    result: {
      nextPageCursor,
      category: 'linear',
      list: page.map((order) => historyOrder(call.venue, order)),
    },
  };
}

function executions(call: Call, account: Account): Answer {
  requireLinear(call.query.category);
  const window = windowOf(call, 7, 7);
  const { symbol, baseCoin, settleCoin, orderId, orderLinkId, execType } = call.query;
  if (symbol) contractOf(call.venue, symbol);
  const rows = account.executions.filter((row) => {
    if (row.execTime < window.from || row.execTime > window.to) return false;
    if (execType && row.execType !== execType) return false;
    if (orderId) return row.orderId === orderId;
    if (orderLinkId) return row.orderLinkId === orderLinkId;
    if (symbol) return row.symbol === symbol;
    const contract = contractOf(call.venue, row.symbol);
    if (baseCoin) return contract.base === baseCoin;
    return !settleCoin || contract.settle === settleCoin;
  });
  rows.reverse();
  const { page, nextPageCursor } = pageOf(call, rows, { usual: 50, most: 100 }, (row) => ({
    id: row.execId,
    at: row.execTime,
  }));
  return { result: { nextPageCursor, category: 'linear', list: page.map(restExecution) } };
}

export const orderRoutes: Record<string, PrivateRoute> = {
  '/v5/order/create': { method: 'POST', perSecond: 10, answer: single(placeOrder) },
  '/v5/order/amend': { method: 'POST', perSecond: 10, answer: single(amendOrder) },
  '/v5/order/cancel': { method: 'POST', perSecond: 10, answer: single(cancelOrder) },
  '/v5/order/cancel-all': { method: 'POST', perSecond: 10, answer: everyOrder },
  '/v5/order/create-batch': { method: 'POST', perSecond: 10, answer: batch(placeOrder, true) },
  '/v5/order/amend-batch': { method: 'POST', perSecond: 10, answer: batch(amendOrder, false) },
  '/v5/order/cancel-batch': { method: 'POST', perSecond: 10, answer: batch(cancelOrder, false) },
  '/v5/order/disconnected-cancel-all': {
    method: 'POST',
    perSecond: 5,
    answer(call, account) {
      setDcp(call.venue, account, call.body);
      return { message: 'success', result: {} };
    },
  },
  '/v5/order/realtime': { method: 'GET', perSecond: 50, lags: 'orders', answer: realtime },
  '/v5/order/history': { method: 'GET', perSecond: 50, lags: 'history', answer: history },
  '/v5/execution/list': { method: 'GET', perSecond: 50, lags: 'executions', answer: executions },
};
