import type { AccountId } from '../../domain/account.ts';
import type { Execution } from '../../domain/execution.ts';
import { type Monitor, type PlannedEntry, unplanned } from '../../domain/monitor.ts';
import { type Decimal, minus, plus } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, PositionIdx, Side } from '../../domain/position.ts';
import { ladderFrom } from './ladder.ts';
import { riskAfter } from './plan.ts';
import { protectionOf } from './protection.ts';
import { byRole, levelPrice, roleOf } from './roles.ts';

export interface Found {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  position: Position | null;
  orders: readonly Order[];
  /** What opened the position while the desk was watching, as far as it was told; `null` when it was there before. */
  opened: readonly Execution[] | null;
  /** ms since 1970 UTC. */
  now: number;
}

/**
 * A monitor for a position found open, or opened just now, or for entry orders whose position is still to come.
 * Nothing is placed: reduce-only limits become the take-profit ladder, a stop that is there becomes
 * the stop. `null` when there is neither a position nor an entry order.
 */
export function adopt(found: Found): Monitor | null {
  const { account, symbol, positionIdx, position, orders, opened, now } = found;
  const side = position?.side ?? sideOfEntries(orders, positionIdx);
  if (!side) return null;
  const roles = byRole(orders, side);
  const entries = roles.entry.map(entryFrom);
  const size = position?.size ?? '0';
  const { stop, others, full } = protectionOf(position, roles.stop);
  const { plan, rules } = unplanned();
  return {
    version: 2,
    account,
    symbol,
    positionIdx,
    side,
    opening: position?.openedAt ?? null,
    phase:
      position && !opened ? 'adopted' : entries.length > 0 || !position ? 'building' : 'protected',
    targetSize: targetOf(size, entries),
    size,
    entryPrice: position?.entryPrice ?? null,
    entries,
    takeProfits: ladderFrom(roles['take-profit'], side),
    stop,
    otherStops: others,
    plan: { ...plan, stop: full },
    rules: riskAfter({ side, rules }, position?.entryPrice ?? null, full),
    breakevenMoved: false,
    lastExecution: null,
    openedAt: position?.openedAt ?? opened?.[0]?.executedAt ?? now,
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
  planned: true,
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
