import type { Monitor } from '../../src-main/domain/monitor.ts';
import type { Order } from '../../src-main/domain/order.ts';
import type { Position } from '../../src-main/domain/position.ts';
import { adopt } from '../../src-main/monitor/rules/adopt.ts';
import type { View } from '../../src-main/monitor/rules/detect.ts';
import { anOrder, aPosition } from '../cache/rows.ts';

/** An open order of a long BTCUSDT position, by what it is to it. */
export const aTakeProfit = (id: string, price: string, quantity: string, of: Partial<Order> = {}) =>
  anOrder({ orderId: id, price, quantity, ...of });

export const anEntry = (id: string, price: string, quantity: string, of: Partial<Order> = {}) =>
  anOrder({ orderId: id, price, quantity, side: 'Buy', reduceOnly: false, ...of });

export const aStop = (id: string, trigger: string, quantity: string, of: Partial<Order> = {}) =>
  anOrder({
    orderId: id,
    type: 'Market',
    price: null,
    quantity,
    triggerPrice: trigger,
    triggerDirection: 2,
    stopOrderType: 'Stop',
    status: 'Untriggered',
    ...of,
  });

export const ladder = (): Order[] => [
  aTakeProfit('tp1', '102', '0.85'),
  aTakeProfit('tp2', '104', '0.05'),
  aTakeProfit('tp3', '106', '0.05'),
  aTakeProfit('tp4', '108', '0.05'),
];

/** The monitor of a position found with these orders. */
export function found(position: Position | null, orders: Order[], now = 1_000): Monitor {
  const monitor = adopt({
    account: position?.account ?? orders[0]?.account ?? 'main',
    symbol: position?.symbol ?? orders[0]?.symbol ?? 'BTCUSDT',
    positionIdx: position?.positionIdx ?? orders[0]?.positionIdx ?? 0,
    position,
    orders,
    opened: null,
    now,
  });
  if (!monitor) throw new Error('nothing to adopt');
  return monitor;
}

export const aView = (of: Partial<View> = {}): View => ({
  now: 2_000,
  position: aPosition({ stopLoss: '95' }),
  orders: ladder(),
  executions: [],
  closing: [],
  ended: () => null,
  forgotten: new Set(),
  gone: false,
  ...of,
});

export const endedAs =
  (...orders: Order[]) =>
  (orderId: string): Order | null =>
    orders.find((order) => order.orderId === orderId) ?? null;
