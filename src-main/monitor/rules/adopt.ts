import type { AccountId } from '../../domain/account.ts';
import type { Monitor, PlannedEntry } from '../../domain/monitor.ts';
import { type Decimal, minus, plus } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, PositionIdx, Side } from '../../domain/position.ts';
import { ladderFrom } from './ladder.ts';
import { protectionOf } from './protection.ts';
import { byRole, levelPrice, roleOf } from './roles.ts';

export interface Found {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  position: Position | null;
  orders: readonly Order[];
  /** ms since 1970 UTC. */
  now: number;
}

/**
 * A monitor for a position found already open, or for entry orders whose position is still to come.
 * Nothing is placed: reduce-only limits become the take-profit ladder, a stop that is there becomes
 * the stop. `null` when there is neither a position nor an entry order.
 */
export function adopt(found: Found): Monitor | null {
  const { account, symbol, positionIdx, position, orders, now } = found;
  const side = position?.side ?? sideOfEntries(orders, positionIdx);
  if (!side) return null;
  const roles = byRole(orders, side);
  const entries = roles.entry.map(entryFrom);
  const size = position?.size ?? '0';
  return {
    version: 1,
    account,
    symbol,
    positionIdx,
    side,
    phase: position ? 'adopted' : 'building',
    targetSize: targetOf(size, entries),
    size,
    entryPrice: position?.entryPrice ?? null,
    entries,
    takeProfits: ladderFrom(roles['take-profit'], side),
    stop: protectionOf(position, roles.stop).stop,
    breakevenMoved: false,
    lastExecution: null,
    openedAt: position?.openedAt ?? now,
    phaseChangedAt: now,
    updatedAt: now,
  };
}

/** The size once every planned entry that is still open is filled. */
export function targetOf(size: Decimal, entries: readonly PlannedEntry[]): Decimal {
  let target = size;
  for (const entry of entries) {
    if (entry.open) target = plus(target, minus(entry.quantity, entry.filledQuantity));
  }
  return target;
}

export const entryFrom = (order: Order): PlannedEntry => ({
  orderId: order.orderId,
  price: levelPrice(order),
  quantity: order.quantity,
  filledQuantity: order.filledQuantity,
  open: true,
});

/** The side that entry orders alone would open; the oldest order's where they disagree. */
function sideOfEntries(orders: readonly Order[], positionIdx: PositionIdx): Side | null {
  if (positionIdx !== 0) {
    const side = positionIdx === 1 ? 'long' : 'short';
    return orders.some((order) => roleOf(order, side) === 'entry') ? side : null;
  }
  let oldest: Order | null = null;
  for (const order of orders) {
    const side = order.side === 'Buy' ? 'long' : 'short';
    if (roleOf(order, side) !== 'entry') continue;
    if (!oldest || order.createdAt < oldest.createdAt) oldest = order;
  }
  return oldest && (oldest.side === 'Buy' ? 'long' : 'short');
}
