import { type Decimal, greater, isZero, less, minus, plus } from '../../../domain/numbers.ts';
import type { Batch } from '../state/batch.ts';
import { newOrder } from '../state/new-order.ts';
import type {
  Account,
  Order,
  Position,
  PositionIdx,
  Side,
  StopOrderType,
  TriggerBy,
} from '../state/state.ts';
import { opposite } from '../state/state.ts';
import {
  archive,
  book,
  contractOf,
  lastPrice,
  openOrdersOf,
  positionOf,
  quoteOf,
  type Venue,
} from '../state/venue.ts';

const legTypes = new Set<StopOrderType>([
  'TakeProfit',
  'StopLoss',
  'PartialTakeProfit',
  'PartialStopLoss',
  'TrailingStop',
]);

/** TP/SL and trailing orders that hang on a position. */
export const isLeg = (order: Order): boolean => legTypes.has(order.stopOrderType);

export const legsOf = (account: Account, position: Position): Order[] =>
  openOrdersOf(account, position.symbol).filter(
    (order) => isLeg(order) && order.positionIdx === position.idx && order.status === 'Untriggered',
  );

export interface LegWish {
  kind: 'TakeProfit' | 'StopLoss' | 'PartialTakeProfit' | 'PartialStopLoss' | 'TrailingStop';
  triggerPrice: Decimal;
  triggerBy: TriggerBy;
  qty: Decimal;
  /** "" for a market leg. */
  limitPrice: Decimal | '';
  parentOrderLinkId: string;
  trail?: Decimal;
}

/** Books one leg on the closing side of a position. */
export function addLeg(
  venue: Venue,
  account: Account,
  batch: Batch,
  position: { symbol: string; idx: PositionIdx; side: Side },
  wish: LegWish,
): Order {
  const takesProfit = wish.kind === 'TakeProfit' || wish.kind === 'PartialTakeProfit';
  const rises = (position.side === 'Buy') === takesProfit;
  const limit = wish.limitPrice !== '';
  const order: Order = {
    ...newOrder(venue, {
      symbol: position.symbol,
      side: opposite(position.side),
      positionIdx: position.idx,
      orderType: limit ? 'Limit' : 'Market',
      price: wish.limitPrice === '' ? '0' : wish.limitPrice,
      qty: wish.qty,
    }),
    parentOrderLinkId: wish.parentOrderLinkId,
    timeInForce: limit ? 'GTC' : 'IOC',
    status: 'Untriggered',
    stopOrderType: wish.kind,
    createType: `CreateBy${wish.kind}`,
    triggerPrice: wish.triggerPrice,
    triggerBy: wish.triggerBy,
    triggerDirection: rises ? 1 : 2,
    tpslMode: wish.kind.startsWith('Partial') ? 'Partial' : 'Full',
    reduceOnly: true,
    closeOnTrigger: true,
    lastPriceOnCreated: lastPrice(quoteOf(venue, position.symbol)),
    trail: wish.trail ?? '',
  };
  book(account, order);
  batch.order(order);
  return order;
}

export function deactivate(
  account: Account,
  batch: Batch,
  order: Order,
  cancelType = 'CancelByTpSlTsClear',
): void {
  order.status = 'Deactivated';
  order.cancelType = cancelType;
  batch.order(order);
  archive(account, order);
}

/** The position is closed: its legs go, and its TP/SL settings with them. */
export function afterClose(account: Account, batch: Batch, position: Position): void {
  position.takeProfit = '';
  position.stopLoss = '';
  position.trailingStop = '0';
  for (const leg of legsOf(account, position)) deactivate(account, batch, leg);
}

/** Full legs follow the position's size; partial ones never stand for more than it. */
export function fitLegs(account: Account, batch: Batch, position: Position): void {
  if (isZero(position.size)) return;
  for (const leg of legsOf(account, position)) {
    const full = leg.tpslMode === 'Full';
    const wrong = full ? leg.qty !== position.size : greater(leg.qty, position.size);
    if (!wrong) continue;
    leg.qty = position.size;
    batch.order(leg);
  }
}

/** An entry with TP/SL on it has filled: its legs appear. */
export function afterEntry(
  venue: Venue,
  account: Account,
  batch: Batch,
  order: Order,
  quantity: Decimal,
): void {
  if (order.takeProfit === '' && order.stopLoss === '') return;
  const contract = contractOf(venue, order.symbol);
  const position = positionOf(venue, account, contract, order.positionIdx);
  if (position.side === '') return;
  if (order.tpslMode === 'Partial')
    addPartialLegs(venue, account, batch, position, order, quantity);
  else
    setFull(venue, account, batch, position, {
      takeProfit: order.takeProfit,
      stopLoss: order.stopLoss,
      tpTriggerBy: order.tpTriggerBy === '' ? 'LastPrice' : order.tpTriggerBy,
      slTriggerBy: order.slTriggerBy === '' ? 'LastPrice' : order.slTriggerBy,
    });
}

function addPartialLegs(
  venue: Venue,
  account: Account,
  batch: Batch,
  position: Position,
  order: Order,
  quantity: Decimal,
): void {
  if (position.side === '') return;
  const leg = { symbol: position.symbol, idx: position.idx, side: position.side };
  const add = (
    kind: 'PartialTakeProfit' | 'PartialStopLoss',
    level: Decimal | '',
    by: TriggerBy | '',
    limitPrice: Decimal | '',
  ): Order | null =>
    level === ''
      ? null
      : addLeg(venue, account, batch, leg, {
          kind,
          triggerPrice: level,
          triggerBy: by === '' ? 'LastPrice' : by,
          limitPrice,
          qty: quantity,
          parentOrderLinkId: order.orderLinkId,
        });
  pair(
    add('PartialTakeProfit', order.takeProfit, order.tpTriggerBy, order.tpLimitPrice),
    add('PartialStopLoss', order.stopLoss, order.slTriggerBy, order.slLimitPrice),
  );
}

export function pair(one: Order | null, other: Order | null): void {
  if (one === null || other === null) return;
  one.pairId = other.orderId;
  other.pairId = one.orderId;
}

export interface FullLevels {
  takeProfit: Decimal | '';
  stopLoss: Decimal | '';
  tpTriggerBy: TriggerBy;
  slTriggerBy: TriggerBy;
}

/** Sets, moves or removes ("0") the position's full TP and SL; "" leaves one as it is. */
export function setFull(
  venue: Venue,
  account: Account,
  batch: Batch,
  position: Position,
  wish: FullLevels,
): void {
  setFullLeg(venue, account, batch, position, 'TakeProfit', wish.takeProfit, wish.tpTriggerBy);
  setFullLeg(venue, account, batch, position, 'StopLoss', wish.stopLoss, wish.slTriggerBy);
}

function setFullLeg(
  venue: Venue,
  account: Account,
  batch: Batch,
  position: Position,
  kind: 'TakeProfit' | 'StopLoss',
  price: Decimal | '',
  triggerBy: TriggerBy,
): void {
  if (price === '' || position.side === '') return;
  const leg = legsOf(account, position).find((order) => order.stopOrderType === kind);
  const level = isZero(price) ? '' : price;
  if (kind === 'TakeProfit') position.takeProfit = level;
  else position.stopLoss = level;
  if (level === '') {
    if (leg !== undefined) deactivate(account, batch, leg, 'CancelByUser');
  } else if (leg === undefined) {
    addLeg(
      venue,
      account,
      batch,
      { symbol: position.symbol, idx: position.idx, side: position.side },
      {
        kind,
        triggerPrice: level,
        triggerBy,
        qty: position.size,
        limitPrice: '',
        parentOrderLinkId: '',
      },
    );
  } else {
    leg.triggerPrice = level;
    leg.triggerBy = triggerBy;
    batch.order(leg);
  }
}

/** Follows the best price with a trailing stop; true when the trigger price moved. */
export function ratchet(leg: Order, price: Decimal): boolean {
  if (leg.trail === '' || leg.triggerPrice === '') return false;
  const long = leg.side === 'Sell';
  if (leg.activePrice !== '') {
    const reached = long ? !less(price, leg.activePrice) : !greater(price, leg.activePrice);
    if (!reached) return false;
    leg.activePrice = '';
  }
  const level = long ? minus(price, leg.trail) : plus(price, leg.trail);
  const better = long ? greater(level, leg.triggerPrice) : less(level, leg.triggerPrice);
  if (better) leg.triggerPrice = level;
  return better;
}
