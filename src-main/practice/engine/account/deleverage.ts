import { type Decimal, isZero, smallest, times, toStep } from '../../../domain/numbers.ts';
import { applyFill } from '../orders/fill.ts';
import { during } from '../state/batch.ts';
import { closingOrder } from '../state/new-order.ts';
import type { Account, Position } from '../state/state.ts';
import { contractOf, markPrice, openOrdersOf, quoteOf, type Venue } from '../state/venue.ts';
import { cancelBefore } from './liquidation.ts';

/** Auto-deleveraging: the venue takes a share of a position at the mark, its orders first. */
export function deleverage(
  venue: Venue,
  account: Account,
  position: Position,
  share: Decimal,
): void {
  const { step } = contractOf(venue, position.symbol);
  const quantity = smallest(position.size, toStep(times(position.size, share), step, 'up'));
  if (isZero(quantity)) return;
  const price = markPrice(quoteOf(venue, position.symbol));
  during(venue, account, (batch) => {
    cancelBefore(account, batch, openOrdersOf(account, position.symbol), 'CancelAllBeforeAdl');
    position.stopLoss = '';
    position.takeProfit = '';
    position.trailingStop = '0';
    position.status = 'Adl';
    const order = {
      ...closingOrder(venue, position, price, 'CreateByAdl_PassThrough'),
      qty: quantity,
    };
    applyFill(venue, account, batch, { order, quantity, price, maker: false, as: 'AdlTrade' });
    position.status = 'Normal';
  });
}
