import { type Decimal, minus, plus } from '../../../domain/numbers.ts';
import type { Batch } from '../state/batch.ts';
import {
  type Account,
  type Execution,
  leavesOf,
  type Order,
  type Position,
} from '../state/state.ts';
import { contractOf, markPrice, quoteOf, type Venue } from '../state/venue.ts';
import { signed } from './arithmetic.ts';

export interface Fill {
  order: Order;
  quantity: Decimal;
  price: Decimal;
  maker: boolean;
  /** Not an ordinary trade: taken over in a liquidation, deleveraged, or settled at delisting. */
  as?: Exclude<Execution['execType'], 'Trade' | 'Funding'>;
}

const kept = 50_000;

/** Keeps the newest rows of the past. */
export function keep<T>(rows: T[], row: T): void {
  rows.push(row);
  if (rows.length > kept) rows.splice(0, 1000);
}

/** A fill with what became of it. */
export interface Booked extends Fill {
  value: Decimal;
  fee: Decimal;
  rate: Decimal;
  closing: Decimal;
  pnl: Decimal;
  position: Position;
}

/** Writes a fill down: execution and transaction log. */
export function recordExecution(
  venue: Venue,
  account: Account,
  batch: Batch,
  booked: Booked,
): void {
  const { order, position } = booked;
  const contract = contractOf(venue, order.symbol);
  const execution = {
    symbol: order.symbol,
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    side: order.side,
    orderPrice: order.price,
    orderQty: order.qty,
    leavesQty: leavesOf(order),
    createType: order.createType,
    orderType: order.orderType,
    stopOrderType: order.stopOrderType === '' ? 'UNKNOWN' : order.stopOrderType,
    execFee: booked.fee,
    execId: venue.random.uuid(),
    execPrice: booked.price,
    execQty: booked.quantity,
    execType: booked.as ?? ('Trade' as const),
    execValue: booked.value,
    execTime: venue.time.now(),
    feeCurrency: contract.settle,
    isMaker: booked.maker,
    feeRate: booked.rate,
    markPrice: markPrice(quoteOf(venue, order.symbol)),
    closedSize: booked.closing,
    execPnl: booked.pnl,
    seq: venue.seq,
  };
  keep(account.executions, execution);
  batch.execution(execution);
  const size = position.side === '' ? '0' : signed(position.side, position.size);
  keep(account.log, {
    id: `${account.uid}_${order.symbol}_${venue.seq}`,
    symbol: order.symbol,
    category: 'linear' as const,
    side: order.side,
    transactionTime: execution.execTime,
    type: 'TRADE' as const,
    qty: booked.quantity,
    size,
    currency: contract.settle,
    tradePrice: booked.price,
    funding: '' as const,
    fee: booked.fee,
    cashFlow: booked.pnl,
    change: minus(booked.pnl, booked.fee),
    cashBalance: account.coins[contract.settle]?.walletBalance ?? '0',
    feeRate: booked.rate,
    tradeId: execution.execId,
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
  });
}

/** Adds to the closed P&L row of the closing order: one row per order. */
export function recordClosed(
  venue: Venue,
  account: Account,
  position: Position,
  fill: Fill,
  part: {
    closing: Decimal;
    entryValue: Decimal;
    exitValue: Decimal;
    openFee: Decimal;
    closeFee: Decimal;
    net: Decimal;
  },
): void {
  const { order } = fill;
  const last = account.closedPnl.findLast((row) => row.orderId === order.orderId);
  if (last !== undefined) {
    last.closedSize = plus(last.closedSize, part.closing);
    last.entryValue = plus(last.entryValue, part.entryValue);
    last.exitValue = plus(last.exitValue, part.exitValue);
    last.openFee = plus(last.openFee, part.openFee);
    last.closeFee = plus(last.closeFee, part.closeFee);
    last.closedPnl = plus(last.closedPnl, part.net);
    last.fillCount += 1;
    last.updatedTime = venue.time.now();
    return;
  }
  keep(account.closedPnl, {
    symbol: order.symbol,
    orderId: order.orderId,
    side: order.side,
    qty: order.qty,
    orderPrice: order.price,
    orderType: order.orderType,
    execType: fill.as ?? ('Trade' as const),
    closedSize: part.closing,
    entryValue: part.entryValue,
    exitValue: part.exitValue,
    closedPnl: part.net,
    openFee: part.openFee,
    closeFee: part.closeFee,
    fillCount: 1,
    leverage: position.leverage,
    createdTime: venue.time.now(),
    updatedTime: venue.time.now(),
  });
}
