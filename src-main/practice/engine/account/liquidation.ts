import {
  compare,
  type Decimal,
  dividedBy,
  greater,
  isZero,
  less,
  minus,
  plus,
} from '../../../domain/numbers.ts';
import { figuresOf, isolatedOf, totalsOf } from '../money/margin.ts';
import { tierFor } from '../money/tiers.ts';
import { applyFill, end } from '../orders/fill.ts';
import { type Batch, during } from '../state/batch.ts';
import { closingOrder } from '../state/new-order.ts';
import { type Account, isWaiting, type Order, type Position } from '../state/state.ts';
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
      during(venue, account, (batch) => {
        cancelBefore(account, batch, openOrdersOf(account, position.symbol), 'CancelAllBeforeLiq');
        takeOver(venue, account, batch, position, price);
      });
    }
  }
}

/**
 * Cross: when the maintenance rate reaches 1 every order of the account goes, which may free enough;
 * then the position that holds most of it, one after the other.
 */
function liquidateCross(venue: Venue, account: Account): void {
  if (!nearlyGone(venue, account)) return;
  for (let cancelled = false; ; ) {
    const totals = totalsOf(venue, account);
    if (isZero(totals.maintenance) || compare(totals.margin, totals.maintenance) > 0) return;
    if (!cancelled) {
      cancelled = true;
      if (account.open.size > 0)
        during(venue, account, (batch) =>
          cancelBefore(account, batch, [...account.open.values()], 'CancelAllBeforeLiq'),
        );
    }
    const worst = [...account.positions.values()]
      .filter(isOpen)
      .map((position) => ({ position, held: figuresOf(venue, account, position).maintenance }))
      .sort((a, b) => compare(b.held, a.held))[0];
    if (worst === undefined) return;
    const price = bankruptcyOf(venue, worst.position, worst.held);
    during(venue, account, (batch) => takeOver(venue, account, batch, worst.position, price));
  }
}

/** Where a position has used up the maintenance margin it held, on the tick. */
function bankruptcyOf(venue: Venue, position: Position, held: Decimal): Decimal {
  const { grid } = contractOf(venue, position.symbol);
  const mark = markPrice(quoteOf(venue, position.symbol));
  const each = dividedBy(held, position.size);
  const level = position.side === 'Buy' ? minus(mark, each) : plus(mark, each);
  return grid.price(Math.max(1, grid.ticks(level)));
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
    const tier = tierFor(quote.contract, position.entryValue);
    maintenance += value * (Number(tier.maintenanceRate) + 0.001);
  }
  return maintenance > 0 && margin < maintenance * 1.2;
}

/** Cancels orders before something happens to what they belong to. */
export function cancelBefore(
  account: Account,
  batch: Batch,
  orders: Iterable<Order>,
  cancelType: 'CancelAllBeforeLiq' | 'CancelAllBeforeAdl' | 'CancelBySettle' | 'CancelByDCP',
): void {
  for (const order of orders) {
    const status = isWaiting(order) ? 'Deactivated' : 'Cancelled';
    end(account, batch, order, { status, cancelType });
  }
}

/** Closes the position at `price` as a bust trade. */
function takeOver(
  venue: Venue,
  account: Account,
  batch: Batch,
  position: Position,
  price: Decimal,
): void {
  if (position.side === '') return;
  position.status = 'Liq';
  const order = closingOrder(venue, position, price, 'CreateByLiq');
  const fill = { order, quantity: order.qty, price, maker: false, as: 'BustTrade' as const };
  applyFill(venue, account, batch, fill);
  position.status = 'Normal';
}
