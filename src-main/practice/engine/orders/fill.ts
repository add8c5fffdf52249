import {
  type Decimal,
  equal,
  isZero,
  minus,
  plus,
  smallest,
  times,
} from '../../../domain/numbers.ts';
import { money, netPnl, reduction } from '../money/arithmetic.ts';
import { credit, debit } from '../money/margin.ts';
import { type Fill, recordClosed, recordExecution } from '../money/record.ts';
import type { Batch } from '../state/batch.ts';
import { type Account, leavesOf, type Order, opposite, type Position } from '../state/state.ts';
import { archive, contractOf, isOpen, positionOf, type Venue } from '../state/venue.ts';
import { afterClose, afterEntry, fitLegs } from './legs.ts';
import { tooMuch } from './reducing.ts';

/** Books one fill: execution, fee, position, wallet, closed P&L, order, and what hangs on it. */
export function applyFill(venue: Venue, account: Account, batch: Batch, fill: Fill): void {
  const { order, quantity, price } = fill;
  const contract = contractOf(venue, order.symbol);
  const position = positionOf(venue, account, contract, order.positionIdx);
  const rate = fill.as === 'Settle' ? '0' : fill.maker ? account.makerFee : account.takerFee;
  const value = times(quantity, price);
  const fee = money(times(value, rate));

  const against = position.side !== '' && position.side !== order.side;
  const closing = against ? smallest(quantity, position.size) : '0';
  const opening = minus(quantity, closing);

  order.filled = plus(order.filled, quantity);
  order.filledValue = plus(order.filledValue, value);
  order.fee = plus(order.fee, fee);
  order.status = isZero(minus(order.qty, order.filled)) ? 'Filled' : 'PartiallyFilled';

  const closeFee = isZero(closing) ? '0' : money(times(times(closing, price), rate));
  const openFee = minus(fee, closeFee);
  const closedOut = against && equal(closing, position.size);
  const pnl = isZero(closing) ? '0' : reduce(venue, account, position, fill, closing, closeFee);
  if (!isZero(opening)) extend(venue, position, order, opening, price, openFee);
  position.seq = venue.seq;
  position.updatedTime = venue.time.now();

  credit(account, contract.settle, pnl);
  debit(account, contract.settle, fee);
  recordExecution(venue, account, batch, { ...fill, value, fee, rate, closing, pnl, position });
  batch.coin(contract.settle);
  batch.order(order);
  if (order.status === 'Filled') archive(account, order);

  if (closedOut) afterClose(account, batch, position);
  else fitLegs(account, batch, position);
  if (!isZero(opening)) afterEntry(venue, account, batch, order, opening);
  if (against) trimReducing(account, batch, position);
}

/** Takes `closing` out of the position; returns the price P&L. */
function reduce(
  venue: Venue,
  account: Account,
  position: Position,
  fill: Fill,
  closing: Decimal,
  closeFee: Decimal,
): Decimal {
  const side = position.side === '' ? opposite(fill.order.side) : position.side;
  const part = reduction({
    side,
    size: position.size,
    entryValue: position.entryValue,
    openFee: position.openFee,
    quantity: closing,
    price: fill.price,
  });
  position.size = minus(position.size, closing);
  position.entryValue = minus(position.entryValue, part.entryValue);
  position.openFee = minus(position.openFee, part.openFee);
  const realised = minus(part.pnl, closeFee);
  position.curRealised = plus(position.curRealised, realised);
  position.cumRealised = plus(position.cumRealised, realised);
  const net = netPnl(part.pnl, part.openFee, closeFee);
  fill.order.closedPnl = plus(fill.order.closedPnl, net);
  recordClosed(venue, account, position, fill, {
    closing,
    entryValue: part.entryValue,
    exitValue: part.exitValue,
    openFee: part.openFee,
    closeFee,
    net,
  });
  if (isZero(position.size)) {
    position.side = '';
    position.entryValue = '0';
    position.openFee = '0';
    position.addedMargin = '0';
  }
  return part.pnl;
}

function extend(
  venue: Venue,
  position: Position,
  order: Order,
  quantity: Decimal,
  price: Decimal,
  fee: Decimal,
): void {
  const fresh = !isOpen(position);
  if (fresh) {
    position.side = order.side;
    position.openTime = venue.time.now();
    position.curRealised = '0';
  }
  position.size = plus(position.size, quantity);
  position.entryValue = plus(position.entryValue, times(quantity, price));
  position.openFee = plus(position.openFee, fee);
  position.curRealised = minus(position.curRealised, fee);
  position.cumRealised = minus(position.cumRealised, fee);
}

/** Ends an order without (more) fills. */
export function end(
  account: Account,
  batch: Batch,
  order: Order,
  how: { status: 'Cancelled' | 'Deactivated' | 'Rejected'; cancelType?: string; reason?: string },
): void {
  order.status = how.status;
  order.cancelType = how.cancelType ?? order.cancelType;
  order.rejectReason = how.reason ?? order.rejectReason;
  batch.order(order);
  archive(account, order);
}

/** Reducing orders never stand, together, for more than the position: the last to fill give way. */
export function trimReducing(account: Account, batch: Batch, position: Position): void {
  const excess = tooMuch(account, position);
  for (const order of excess.end)
    end(account, batch, order, { status: 'Cancelled', cancelType: 'CancelByReduceOnly' });
  for (const { order, qty } of excess.cut) {
    order.qty = qty;
    batch.order(order);
  }
}

/** How much of an order may fill now: a reducing one never turns the position round. */
export function fillable(venue: Venue, account: Account, order: Order): Decimal {
  const leaves = leavesOf(order);
  const reduces = order.reduceOnly || order.closeOnTrigger || order.positionIdx !== 0;
  if (!reduces) return leaves;
  const position = positionOf(venue, account, contractOf(venue, order.symbol), order.positionIdx);
  const opens =
    order.positionIdx !== 0 && order.side === (order.positionIdx === 1 ? 'Buy' : 'Sell');
  if (opens && !order.reduceOnly) return leaves;
  if (position.side === '' || position.side === order.side) return '0';
  return smallest(leaves, position.size);
}
