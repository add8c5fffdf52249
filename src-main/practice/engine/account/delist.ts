import type { Contract } from '../../prices/contracts.ts';
import { applyFill } from '../orders/fill.ts';
import { during } from '../state/batch.ts';
import { closingOrder } from '../state/new-order.ts';
import { indexPrice, isOpen, openOrdersOf, quoteOf, type Venue } from '../state/venue.ts';
import { cancelBefore } from './liquidation.ts';

/** Ends a contract: orders go, positions are settled at the index, and its name is no longer known. */
export function delist(venue: Venue, contract: Contract): void {
  contract.status = 'Closed';
  const price = indexPrice(quoteOf(venue, contract.symbol));
  for (const account of venue.accounts) {
    const orders = openOrdersOf(account, contract.symbol);
    const positions = [...account.positions.values()].filter(
      (one) => one.symbol === contract.symbol && isOpen(one),
    );
    if (orders.length === 0 && positions.length === 0) continue;
    during(venue, account, (batch) => {
      cancelBefore(account, batch, orders, 'CancelBySettle');
      for (const position of positions) {
        const order = closingOrder(venue, position, price, 'CreateBySettle');
        const fill = { order, quantity: order.qty, price, maker: false, as: 'Settle' as const };
        applyFill(venue, account, batch, fill);
      }
    });
  }
}
