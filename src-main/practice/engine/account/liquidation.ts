import { compare, greater, isZero, less } from '../../../domain/numbers.ts';
import { figuresOf, isolatedOf, totalsOf } from '../money/margin.ts';
import { applyFill, end } from '../orders/fill.ts';
import { type Batch, during } from '../state/batch.ts';
import { closingOrder } from '../state/new-order.ts';
import { type Account, isWaiting, type Position } from '../state/state.ts';
import {
  contractOf,
  isOpen,
  markPrice,
  openOrdersOf,
  quoteOf,
  type Venue,
} from '../state/venue.ts';

/** Liquidates what can no longer be held: single positions in isolated, the account in cross. */
export function liquidate(venue: Venue): void {
  for (const account of venue.accounts) {
    if (account.marginMode === 'ISOLATED_MARGIN') liquidateIsolated(venue, account);
    else liquidateCross(venue, account);
  }
}

function liquidateIsolated(venue: Venue, account: Account): void {
  for (const position of account.positions.values()) {
    if (!isOpen(position) || position.side === '') continue;
    const contract = contractOf(venue, position.symbol);
    const levels = isolatedOf(venue, position);
    const mark = markPrice(quoteOf(venue, position.symbol));
    const gone =
      position.side === 'Buy' ? less(mark, levels.liquidation) : greater(mark, levels.liquidation);
    if (gone) {
      const price = contract.grid.price(contract.grid.ticks(levels.bankruptcy));
      during(venue, account, (batch) => takeOver(venue, account, batch, position, price));
    }
  }
}

/** Cross: when the maintenance rate reaches 1, the position that holds most of it goes first. */
function liquidateCross(venue: Venue, account: Account): void {
  if (!nearlyGone(venue, account)) return;
  for (;;) {
    const totals = totalsOf(venue, account);
    if (isZero(totals.maintenance) || compare(totals.margin, totals.maintenance) > 0) return;
    const worst = [...account.positions.values()]
      .filter(isOpen)
      .map((position) => ({ position, held: figuresOf(venue, account, position).maintenance }))
      .sort((a, b) => compare(b.held, a.held))[0];
    if (worst === undefined) return;
    const { position } = worst;
    const price = markPrice(quoteOf(venue, position.symbol));
    during(venue, account, (batch) => takeOver(venue, account, batch, position, price));
  }
}

/** A cheap look with floats, so that the exact sums are made only near the edge. */
function nearlyGone(venue: Venue, account: Account): boolean {
  let margin = 0;
  let maintenance = 0;
  for (const coin of Object.values(account.coins)) margin += Number(coin.walletBalance);
  for (const position of account.positions.values()) {
    if (position.side === '') continue;
    const quote = quoteOf(venue, position.symbol);
    const value = Number(position.size) * Number(markPrice(quote));
    const gain = value - Number(position.entryValue);
    margin += position.side === 'Buy' ? gain : -gain;
    maintenance += value * (Number(quote.contract.maintenanceRate) + 0.001);
  }
  return maintenance > 0 && margin < maintenance * 1.2;
}

/** Cancels the symbol's orders and closes the position at `price` as a bust trade. */
function takeOver(
  venue: Venue,
  account: Account,
  batch: Batch,
  position: Position,
  price: string,
): void {
  if (position.side === '') return;
  position.status = 'Liq';
  for (const order of openOrdersOf(account, position.symbol)) {
    const status = isWaiting(order) ? 'Deactivated' : 'Cancelled';
    end(account, batch, order, { status, cancelType: 'CancelAllBeforeLiq' });
  }
  const order = closingOrder(venue, position, price, 'CreateByLiq');
  applyFill(venue, account, batch, { order, quantity: order.qty, price, maker: false, bust: true });
  position.status = 'Normal';
}
