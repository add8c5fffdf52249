import type { AccountId } from '../../domain/account.ts';
import type { FeeRate } from '../../domain/instrument.ts';
import type { PlannedEntry, TakeProfit } from '../../domain/monitor.ts';
import { type Decimal, isZero, minus } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, PositionIdx, Side } from '../../domain/position.ts';
import {
  type Entry,
  type Fact,
  type Facts,
  type Held,
  known,
  type LegOrders,
  type Prices,
  type Rules,
  type Rung,
  type StopOrder,
} from '../goals/facts.ts';
import { byRole, isSet, levelPrice } from './roles.ts';

/** Everything that is known of one leg at one moment, as the rows of the domain have it. */
export interface Sighting {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  /** ms since 1970 UTC. */
  at: number;
  position: Fact<Position | null>;
  /** Open orders of the symbol, both legs. */
  orders: Fact<readonly Order[]>;
  prices: Fact<Prices>;
  instrument: Fact<Rules>;
  fees: Fact<FeeRate>;
  /** The plan: its side where the position is flat, its rungs and entries by order id. */
  plan: {
    side: Side;
    takeProfits: readonly TakeProfit[];
    entries: readonly PlannedEntry[];
  };
  /** Whether a stop order is ours to move. */
  isOurs: (order: Order) => boolean;
  /** Since when and in how many whole reads the position is missing, where it is flat. */
  gone: { since: number; reads: number };
  followed: Fact<Decimal> | null;
  unamendable: readonly string[];
  spent: readonly string[];
  refused: Facts['refused'];
}

/**
 * One set of facts from the rows of a leg. What is in the plan is ours, by order id; the rest is another's,
 * also a plain order against the position, which would reduce it or be a plan of its own.
 */
export function factsOf(of: Sighting): Facts {
  const { account, symbol, positionIdx, at, prices, instrument, fees } = of;
  return {
    account,
    symbol,
    positionIdx,
    at,
    position: positionOf(of),
    orders: ordersOf(of),
    prices,
    instrument,
    fees,
    followed: of.followed,
    spent: of.spent,
    refused: of.refused,
  };
}

function positionOf({ position, orders, gone, at }: Sighting): Facts['position'] {
  if (!position.known) return position;
  const row = position.value;
  if (row === null || row.side === null) return known({ side: null, ...gone });
  if (!orders.known) return { known: false, reason: orders.reason, since: at };
  const own = orders.value.find(
    (order) => order.stopOrderType === 'StopLoss' && order.positionIdx === row.positionIdx,
  );
  const held: Held = {
    side: row.side,
    size: row.size,
    entryPrice: row.entryPrice,
    opening: row.openedAt,
    stop: isSet(row.stopLoss)
      ? { price: row.stopLoss, triggerBy: own?.triggerBy ?? 'LastPrice' }
      : null,
    // Whether it is awake no row says, so it is not counted as cover.
    trail: isSet(row.trailingStop) ? { distance: row.trailingStop, trigger: null } : null,
  };
  return known(held);
}

function ordersOf(of: Sighting): Facts['orders'] {
  const { orders, plan, positionIdx, position, at } = of;
  if (!orders.known) return orders;
  const open = new Map(orders.value.map((order) => [order.orderId, order]));
  const lost = [
    ...plan.takeProfits.filter(({ state }) => state === 'open'),
    ...plan.entries.filter((entry) => entry.open),
  ].find(({ orderId }) => orderId !== null && !open.has(orderId));
  if (lost) {
    const reason = `Order ${lost.orderId} is on no list, and it is not known how it ended.`;
    return { known: false, reason, since: at };
  }
  const side = (position.known && position.value?.side) || plan.side;
  // Entries planned for the other side are no entries of this position: it is another's business.
  const entries = side === plan.side ? plan.entries.filter(({ planned }) => planned) : [];
  const leg = orders.value.filter((order) => order.positionIdx === positionIdx);
  const roles = byRole(leg, side);
  const planned = new Set<string | null>(
    [...plan.takeProfits, ...entries].map(({ orderId }) => orderId),
  );
  const others = [...roles['take-profit'], ...roles.entry, ...roles.other];
  return known<LegOrders>({
    stops: roles.stop.flatMap((order) => stopOf(order, of.isOurs(order))),
    rungs: plan.takeProfits.map((rung) => rungOf(rung, open.get(rung.orderId ?? ''))),
    entries: entries.map((entry) => entryOf(entry, open.get(entry.orderId), side)),
    foreign: others
      .filter(
        ({ orderId, stopOrderType }) => !planned.has(orderId) && stopOrderType !== 'TakeProfit',
      )
      .map((order) => ({
        orderId: order.orderId,
        side: order.side,
        quantity: restOf(order),
        price: levelPrice(order),
        reduces: order.reduceOnly && !isSet(order.triggerPrice),
      })),
    unamendable: of.unamendable,
    conditional: orders.value.filter(({ stopOrderType }) => stopOrderType === 'Stop').length,
  });
}

/** The position's own stop and its trailing one are part of the position. */
function stopOf(order: Order, own: boolean): StopOrder[] {
  const { orderId, stopOrderType, triggerPrice, closeOnTrigger, quantity } = order;
  if (stopOrderType === 'StopLoss' || stopOrderType === 'TrailingStop') return [];
  if (!isSet(triggerPrice)) return [];
  return [
    {
      orderId,
      price: triggerPrice,
      quantity: closeOnTrigger && isZero(quantity) ? 'whole' : restOf(order),
      triggerBy: order.triggerBy ?? 'LastPrice',
      leg: stopOrderType === 'PartialStopLoss',
      own,
    },
  ];
}

function rungOf(rung: TakeProfit, order: Order | undefined): Rung {
  const { level, orderId, price, quantity, filledQuantity, state } = rung;
  const base = { level, orderId, price, quantity, filledQuantity, state };
  if (order === undefined) return { ...base, conditional: false };
  return {
    ...base,
    price: levelPrice(order) ?? price,
    quantity: order.quantity,
    filledQuantity: order.filledQuantity,
    conditional: isSet(order.triggerPrice),
  };
}

function entryOf(entry: PlannedEntry, order: Order | undefined, side: Side): Entry {
  const { orderId, price, quantity, filledQuantity } = entry;
  const isFilled = !isZero(quantity) && isZero(restOf(entry));
  return {
    id: orderId,
    orderId,
    side: order?.side ?? (side === 'long' ? 'Buy' : 'Sell'),
    price: order ? levelPrice(order) : price,
    quantity: order?.quantity ?? quantity,
    filledQuantity: order?.filledQuantity ?? filledQuantity,
    state: entry.open ? 'open' : isFilled ? 'filled' : 'gone',
    stopLoss:
      order && order.tpslMode !== 'Partial' && isSet(order.stopLoss) ? order.stopLoss : null,
  };
}

const restOf = (of: { quantity: Decimal; filledQuantity: Decimal }): Decimal =>
  minus(of.quantity, of.filledQuantity);
