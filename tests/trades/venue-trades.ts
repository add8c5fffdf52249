import {
  absolute,
  type Decimal,
  dividedBy,
  equal,
  isZero,
  less,
  minus,
  negated,
  plus,
  rounded,
  smallest,
  sum,
  times,
} from '../../src-main/domain/numbers.ts';
import type { TradeRecord } from '../../src-main/persistence/records.ts';
import type { Account, LogRow } from '../../src-main/practice/engine/state/state.ts';

/** One trade, flat to flat, as the venue's own transaction log has it; amounts in the settle coin. */
export interface VenueTrade {
  symbol: string;
  side: 'long' | 'short';
  entered: Decimal;
  left: Decimal;
  /** Averages over everything entered and left; `null` when nothing was. */
  entryPrice: Decimal | null;
  exitPrice: Decimal | null;
  /** Something was entered after something had left: the average of what was held moved on. */
  reentered: boolean;
  grossPnl: Decimal;
  fees: Decimal;
  /** Positive is paid. */
  funding: Decimal;
  closed: boolean;
}

interface Leg {
  size: Decimal;
  trade: (VenueTrade & { entryValue: Decimal; exitValue: Decimal }) | null;
}

/** Decimals of the venue's amounts. */
const VENUE_PLACES = 8;
/** Decimals of an average. */
const PLACES = 20;

/**
 * The trades of one account by its transaction log alone. The log names no leg, but the order of each
 * row does, and so does the name that a funding row has for one.
 */
export function venueTrades(account: Account): VenueTrade[] {
  const legs = new Map<string, Leg>();
  const trades: NonNullable<Leg['trade']>[] = [];
  for (const row of account.log) {
    if (row.symbol === '') continue;
    const place = `${row.symbol} ${legOf(account, row)}`;
    const leg = legs.get(place) ?? { size: '0', trade: null };
    legs.set(place, leg);
    const { trade } = leg;
    if (row.type === 'SETTLEMENT') {
      if (trade === null) throw new Error(`funding of nothing: ${row.id}`);
      trade.funding = minus(trade.funding, row.funding || '0');
      continue;
    }
    const side = row.side === 'Buy' ? 'long' : 'short';
    const closing =
      trade === null || trade.side === side ? '0' : smallest(row.qty, absolute(leg.size));
    const opening = minus(row.qty, closing);
    const closeFee = rounded(times(times(closing, row.tradePrice), row.feeRate), VENUE_PLACES);
    const openFee = minus(row.fee, closeFee);
    if (trade !== null && !isZero(closing)) {
      trade.left = plus(trade.left, closing);
      trade.exitValue = plus(trade.exitValue, times(closing, row.tradePrice));
      trade.fees = plus(trade.fees, isZero(opening) ? row.fee : closeFee);
      trade.grossPnl = plus(trade.grossPnl, row.cashFlow);
      trade.closed = equal(trade.left, trade.entered);
      if (trade.closed) leg.trade = null;
    }
    if (!isZero(opening)) {
      leg.trade ??= begun(row.symbol, side, trades);
      leg.trade.reentered ||= !isZero(leg.trade.left);
      leg.trade.entered = plus(leg.trade.entered, opening);
      leg.trade.entryValue = plus(leg.trade.entryValue, times(opening, row.tradePrice));
      leg.trade.fees = plus(leg.trade.fees, isZero(closing) ? row.fee : openFee);
    }
    leg.size = plus(leg.size, side === 'long' ? row.qty : negated(row.qty));
  }
  return trades.map(({ entryValue, exitValue, ...trade }) => ({
    ...trade,
    entryPrice: averageOf(entryValue, trade.entered),
    exitPrice: averageOf(exitValue, trade.left),
  }));
}

function begun(
  symbol: string,
  side: VenueTrade['side'],
  into: NonNullable<Leg['trade']>[],
): NonNullable<Leg['trade']> {
  const none = { entered: '0', left: '0', entryValue: '0', exitValue: '0', grossPnl: '0' };
  const prices = { entryPrice: null, exitPrice: null, reentered: false };
  const trade = { symbol, side, ...none, ...prices, fees: '0', funding: '0', closed: false };
  into.push(trade);
  return trade;
}

const averageOf = (value: Decimal, quantity: Decimal): Decimal | null =>
  isZero(quantity) ? null : rounded(dividedBy(value, quantity), PLACES);

function legOf(account: Account, row: LogRow): number {
  if (row.type === 'SETTLEMENT') return Number(row.orderId.split('-').at(-1));
  const order = account.open.get(row.orderId) ?? account.endedById.get(row.orderId);
  if (order === undefined) throw new Error(`no order of ${row.id}`);
  return order.positionIdx;
}

/** Everything in which the booked trades differ from the venue's, one sentence each. */
export function differencesOf(booked: readonly TradeRecord[], account: Account): string[] {
  const told: string[] = [];
  const is = venueTrades(account);
  for (const side of ['long', 'short'] as const) {
    for (const symbol of new Set([...is, ...booked].map((trade) => trade.symbol))) {
      const here = (trade: { symbol: string; side: string }): boolean =>
        trade.symbol === symbol && trade.side === side;
      const [ours, theirs] = [booked.filter(here).toSorted(byOpening), is.filter(here)];
      if (ours.length !== theirs.length)
        told.push(`${symbol} ${side}: ${ours.length} trades booked, there were ${theirs.length}`);
      for (const [index, own] of ours.entries()) {
        const theirsThen = theirs[index];
        if (theirsThen) told.push(...compared(`${symbol} ${side} ${index}`, own, theirsThen));
      }
    }
  }
  const net = sum(booked.map(({ realisedPnl }) => realisedPnl ?? '0'));
  const funding = sum(booked.map((trade) => trade.funding ?? '0'));
  const closed = sum(account.closedPnl.map(({ closedPnl }) => closedPnl));
  if (is.every((trade) => trade.closed) && !equal(plus(net, funding), closed))
    told.push(`closed P&L is ${closed}, booked ${plus(net, funding)}`);
  return told;
}

const byOpening = (a: TradeRecord, b: TradeRecord): number => a.openedAt - b.openedAt;

function compared(name: string, booked: TradeRecord, is: VenueTrade): string[] {
  const net = is.closed ? minus(is.grossPnl, plus(is.fees, is.funding)) : null;
  const pairs: [string, Decimal | null, Decimal | null][] = [
    ['entered', booked.entered, is.entered],
    ['left', booked.left, is.left],
    ['entry price', is.reentered ? null : booked.entryPrice, is.reentered ? null : is.entryPrice],
    ['exit price', booked.exitPrice, is.exitPrice],
    // While it is open the venue rounds each part of it.
    ['gross', is.closed ? booked.grossPnl : null, is.closed ? is.grossPnl : null],
    ['fees', booked.fees, is.fees],
    ['funding', booked.funding, is.funding],
    ['net', booked.realisedPnl, net],
    ['opened before the record', booked.adopted ? '1' : '0', '0'],
  ];
  return pairs.flatMap(([what, ours, theirs]) =>
    (ours === null) === (theirs === null) &&
    (ours === null || theirs === null || same(ours, theirs))
      ? []
      : [`${name} ${what}: booked ${ours}, is ${theirs}`],
  );
}

/** To the last digit; of averages a unit in the twentieth decimal may be lost on the way. */
const same = (a: Decimal, b: Decimal): boolean => less(absolute(minus(a, b)), '0.0000000000000001');
