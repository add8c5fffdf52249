import { type Decimal, greater, isZero, minus, plus } from '../../../src-main/domain/numbers.ts';
import {
  type Entry,
  type Facts,
  type Held,
  known,
  type LegOrders,
} from '../../../src-main/monitor/goals/facts.ts';
import type { Step, Write } from '../../../src-main/monitor/goals/step.ts';

export const heldIn = ({ position }: Facts): Held | null =>
  position.known && position.value.side !== null ? position.value : null;

export function ordersIn({ orders }: Facts): LegOrders {
  if (!orders.known) throw new Error('the orders are not known');
  return orders.value;
}

const lastIn = ({ prices }: Facts): Decimal => {
  if (!prices.known || prices.value.last === null) throw new Error('the price is not known');
  return prices.value.last;
};

/** What a venue that takes everything makes of a step, in a few words of its own. */
export function applied(facts: Facts, { write, wish }: Step): Facts {
  const held = heldIn(facts);
  const orders = ordersIn(facts);
  const withOrders = (change: Partial<LegOrders>): Facts => ({
    ...facts,
    orders: known({ ...orders, ...change }),
  });
  const withHeld = (change: Partial<Held>): Facts =>
    held ? { ...facts, position: known({ ...held, ...change }) } : facts;
  switch (write.do) {
    case 'set-stop':
      return withHeld({ stop: { price: write.stopLoss, triggerBy: write.triggerBy } });
    case 'set-trail': {
      const distance = write.trailingStop;
      const from = held?.side === 'long' ? minus : plus;
      const trigger = write.activePrice === null ? from(lastIn(facts), distance) : null;
      return withHeld({ trail: { distance, trigger } });
    }
    case 'amend':
      return withOrders(amended(orders, write));
    case 'cancel':
      return withOrders(cancelled(orders, write.orderId));
    case 'close':
      return closed(facts, write.quantity);
    default:
      return placed(facts, write, wish);
  }
}

type WriteOf<K extends Write['do']> = Extract<Write, { do: K }>;

function amended({ stops, rungs, entries }: LegOrders, to: WriteOf<'amend'>): Partial<LegOrders> {
  const is = ({ orderId }: { orderId: string | null }): boolean => orderId === to.orderId;
  return {
    stops: stops.map((stop) =>
      is(stop)
        ? {
            ...stop,
            price: to.triggerPrice ?? stop.price,
            quantity: to.quantity ?? stop.quantity,
            triggerBy: to.triggerBy ?? stop.triggerBy,
          }
        : stop,
    ),
    rungs: rungs.map((rung) =>
      is(rung)
        ? {
            ...rung,
            price: to.price ?? to.triggerPrice ?? rung.price,
            quantity: to.quantity ?? rung.quantity,
          }
        : rung,
    ),
    entries: entries.map((entry) =>
      is(entry)
        ? {
            ...entry,
            price: to.price ?? entry.price,
            quantity: to.quantity ?? entry.quantity,
            stopLoss: to.stopLoss ?? entry.stopLoss,
          }
        : entry,
    ),
  };
}

function cancelled(orders: LegOrders, orderId: string): Partial<LegOrders> {
  const gone = <T extends { orderId: string | null }>(order: T): T =>
    order.orderId === orderId ? { ...order, state: 'gone' as const } : order;
  return {
    stops: orders.stops.filter((stop) => stop.orderId !== orderId),
    rungs: orders.rungs.map(gone),
    entries: orders.entries.map(gone),
    foreign: orders.foreign.filter((order) => order.orderId !== orderId),
  };
}

function closed(facts: Facts, quantity: Decimal): Facts {
  const held = heldIn(facts);
  if (held === null || greater(quantity, held.size)) throw new Error('more than there is');
  const size = minus(held.size, quantity);
  if (!isZero(size)) return { ...facts, position: known({ ...held, size }) };
  const orders = ordersIn(facts);
  const stops = orders.stops.filter(({ leg }) => !leg);
  return {
    ...facts,
    position: known({ side: null, since: facts.at - 20_000, reads: 2 }),
    orders: known({ ...orders, stops }),
  };
}

function placed(facts: Facts, write: WriteOf<'place'>, wish: string): Facts {
  const orders = ordersIn(facts);
  const held = heldIn(facts);
  const { quantity, side, price = null, stopLoss = null } = write;
  const orderId = wish;
  if (write.as === 'stop') {
    const { triggerPrice = '0', triggerBy = 'LastPrice' } = write;
    const stop = { orderId, price: triggerPrice, quantity, triggerBy, leg: false, own: true };
    return { ...facts, orders: known({ ...orders, stops: [...orders.stops, stop] }) };
  }
  if (write.as === 'rung') {
    const rung = {
      level: Number(write.of),
      orderId,
      price: price ?? '0',
      quantity,
      filledQuantity: '0',
      state: 'open' as const,
      conditional: false,
    };
    return { ...facts, orders: known({ ...orders, rungs: [...orders.rungs, rung] }) };
  }
  const market = write.type === 'Market';
  const entry: Entry = {
    id: String(write.of),
    orderId,
    side,
    price,
    quantity,
    filledQuantity: market ? quantity : '0',
    state: market ? 'filled' : 'open',
    stopLoss,
  };
  const position =
    market && held ? known({ ...held, size: plus(held.size, quantity) }) : facts.position;
  return { ...facts, position, orders: known({ ...orders, entries: [...orders.entries, entry] }) };
}
