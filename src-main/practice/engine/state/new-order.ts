import type { Decimal } from '../../../domain/numbers.ts';
import { type Order, opposite, type Position, type PositionIdx, type Side } from './state.ts';
import type { Venue } from './venue.ts';

/** A fresh order with the venue's defaults; the caller sets what differs. */
export function newOrder(
  venue: Venue,
  wish: {
    symbol: string;
    side: Side;
    positionIdx: PositionIdx;
    orderType: 'Limit' | 'Market';
    price: Decimal;
    qty: Decimal;
  },
): Order {
  const now = venue.time.now();
  return {
    ...wish,
    orderId: venue.random.uuid(),
    orderLinkId: '',
    parentOrderLinkId: '',
    timeInForce: 'GTC',
    status: 'New',
    stopOrderType: '',
    createType: 'CreateByUser',
    cancelType: 'UNKNOWN',
    rejectReason: 'EC_NoError',
    filled: '0',
    filledValue: '0',
    fee: '0',
    closedPnl: '0',
    triggerPrice: '',
    triggerBy: '',
    triggerDirection: 0,
    takeProfit: '',
    stopLoss: '',
    tpTriggerBy: '',
    slTriggerBy: '',
    tpslMode: '',
    tpLimitPrice: '',
    slLimitPrice: '',
    reduceOnly: false,
    closeOnTrigger: false,
    lastPriceOnCreated: '',
    trail: '',
    activePrice: '',
    pairId: '',
    createdTime: now,
    updatedTime: now,
  };
}

/** A market order for all of a position that somebody other than the API's user sends. */
export function closingOrder(
  venue: Venue,
  position: Position,
  price: Decimal,
  createType: 'CreateByClosing' | 'CreateByLiq' | 'CreateByAdl_PassThrough' | 'CreateBySettle',
): Order {
  return {
    ...newOrder(venue, {
      symbol: position.symbol,
      side: opposite(position.side === 'Sell' ? 'Sell' : 'Buy'),
      positionIdx: position.idx,
      orderType: 'Market',
      price,
      qty: position.size,
    }),
    createType,
    timeInForce: 'IOC',
    reduceOnly: true,
  };
}
