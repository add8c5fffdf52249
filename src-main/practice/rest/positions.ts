import { dividedBy } from '../../domain/numbers.ts';
import {
  addMargin,
  setAutoAddMargin,
  setLeverage,
  switchMode,
} from '../engine/account/settings.ts';
import { money } from '../engine/money/arithmetic.ts';
import { totalsOf } from '../engine/money/margin.ts';
import { setTradingStop } from '../engine/orders/trading-stop.ts';
import type { Account, ClosedPnl } from '../engine/state/state.ts';
import { contractOf, isOpen, legsOf, type Venue } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { restPosition } from '../rows/position.ts';
import {
  type Answer,
  type Call,
  cursorOf,
  limitOf,
  type PrivateRoute,
  pageOf,
  requireLinear,
  windowOf,
} from './route.ts';

function positions(call: Call, account: Account): Answer {
  const { category, symbol, settleCoin } = call.query;
  if (category === 'inverse') return { result: { nextPageCursor: '', category, list: [] } };
  requireLinear(category);
  if (!symbol && !settleCoin) {
    throw new Refusal(10001, 'params error: symbol or settleCoin is required');
  }
  const rows = symbol
    ? legsOf(call.venue, account, symbol)
    : [...account.positions.values()]
        .filter(
          (position) =>
            isOpen(position) && contractOf(call.venue, position.symbol).settle === settleCoin,
        )
        .sort((a, b) => (a.symbol < b.symbol ? -1 : a.symbol > b.symbol ? 1 : a.idx - b.idx));
  const limit = limitOf(call.query, 20, 200);
  const cursor = cursorOf(call.query);
  const lastSymbol = cursor?.[0] ?? '';
  const lastIdx = Number(cursor?.[2] ?? 0);
  const rest =
    cursor === null
      ? rows
      : rows.filter(
          (row) => row.symbol > lastSymbol || (row.symbol === lastSymbol && row.idx > lastIdx),
        );
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const totals = totalsOf(call.venue, account);
  return {
    result: {
      nextPageCursor:
        last === undefined
          ? ''
          : encodeURIComponent(`${last.symbol},${last.updatedTime},${last.idx}`),
      category: 'linear',
      list: page.map((position) => restPosition(call.venue, account, position, totals)),
    },
  };
}

const closedRow = (row: ClosedPnl) => ({
  symbol: row.symbol,
  orderType: row.orderType,
  leverage: row.leverage,
  updatedTime: String(row.updatedTime),
  side: row.side,
  orderId: row.orderId,
  closedPnl: money(row.closedPnl),
  openFee: money(row.openFee),
  closeFee: money(row.closeFee),
  avgEntryPrice: money(dividedBy(row.entryValue, row.closedSize)),
  qty: row.qty,
  cumEntryValue: money(row.entryValue),
  createdTime: String(row.createdTime),
  orderPrice: row.orderPrice,
  closedSize: row.closedSize,
  avgExitPrice: money(dividedBy(row.exitValue, row.closedSize)),
  execType: row.execType,
  fillCount: String(row.fillCount),
  cumExitValue: money(row.exitValue),
});

function closedPnl(call: Call, account: Account): Answer {
  requireLinear(call.query.category);
  const { symbol } = call.query;
  if (symbol) contractOf(call.venue, symbol);
  const window = windowOf(call, 7, 7);
  const rows = account.closedPnl
    .filter(
      (row) =>
        (!symbol || row.symbol === symbol) &&
        row.updatedTime >= window.from &&
        row.updatedTime <= window.to,
    )
    .sort((a, b) => b.updatedTime - a.updatedTime);
  const { page, nextPageCursor } = pageOf(call, rows, { usual: 50, most: 100 }, (row) => ({
    id: row.orderId,
    at: row.updatedTime,
  }));
  return { result: { nextPageCursor, category: 'linear', list: page.map(closedRow) } };
}

type Setting = (venue: Venue, account: Account, request: Record<string, unknown>) => unknown;

const setting =
  (change: Setting) =>
  (call: Call, account: Account): Answer => {
    requireLinear(call.body.category);
    change(call.venue, account, call.body);
    return { result: {} };
  };

function marginAdded(call: Call, account: Account): Answer {
  requireLinear(call.body.category);
  const position = addMargin(call.venue, account, call.body);
  const totals = totalsOf(call.venue, account);
  return {
    result: { category: 'linear', ...restPosition(call.venue, account, position, totals) },
  };
}

export const positionRoutes: Record<string, PrivateRoute> = {
  '/v5/position/list': { method: 'GET', perSecond: 50, lags: 'positions', answer: positions },
  '/v5/position/closed-pnl': { method: 'GET', perSecond: 50, answer: closedPnl },
  '/v5/position/set-leverage': { method: 'POST', perSecond: 10, answer: setting(setLeverage) },
  '/v5/position/switch-mode': { method: 'POST', perSecond: 10, answer: setting(switchMode) },
  '/v5/position/trading-stop': { method: 'POST', perSecond: 10, answer: setting(setTradingStop) },
  '/v5/position/add-margin': { method: 'POST', perSecond: 10, answer: marginAdded },
  '/v5/position/set-auto-add-margin': {
    method: 'POST',
    perSecond: 10,
    answer: setting(setAutoAddMargin),
  },
};
