import type { AccountId } from '../../domain/account.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import type { Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import type { Place, Shelf } from '../account-book.ts';
import { sameOrder, samePosition } from './same.ts';

/** The same each time it is asked: what has not changed is the very same object. */
const noOrders: readonly Order[] = [];

/**
 * Lays out what is believed by place, and counts changes. It compares rows only to tell whether
 * anything changed; which of two tellings is the newer one was decided before they come here.
 */
export function createShelf(): Shelf & {
  setPosition(key: PositionKey, row: Position | null): void;
  setOrder(orderId: string, row: Order | null): void;
  /** Something was told of the place that leaves no row: an order heard of only by its end. */
  touchOrders(place: Place): void;
  /** What is held of a symbol means something else now, although it is the same. */
  touch(account: AccountId, symbol: string): void;
} {
  const positions = new Map<PositionKey, Position>();
  const orders = new Map<string, Order>();
  const groups = new Map<PositionKey, readonly Order[]>();
  const versions = new Map<PositionKey, number>();
  const changed = {
    positions: new Map<PositionKey, Place>(),
    orders: new Map<PositionKey, Place>(),
  };

  function bump(kind: keyof typeof changed, { account, symbol, positionIdx }: Place): void {
    const place = { account, symbol, positionIdx };
    const key = positionKey(place);
    versions.set(key, (versions.get(key) ?? 0) + 1);
    changed[kind].set(key, place);
  }

  function ungroup(row: Order): void {
    const key = positionKey(row);
    const left = groups.get(key)?.filter((one) => one !== row) ?? [];
    if (left.length > 0) groups.set(key, left);
    else groups.delete(key);
  }

  return {
    positions: () => [...positions.values()],
    orders: () => [...orders.values()],
    position: (key) => positions.get(key) ?? null,
    ordersAt: (key) => groups.get(key) ?? noOrders,
    version: (key) => versions.get(key) ?? 0,
    changed() {
      const places = {
        positions: [...changed.positions.values()],
        orders: [...changed.orders.values()],
      };
      changed.positions.clear();
      changed.orders.clear();
      return places;
    },

    touchOrders: (place) => bump('orders', place),
    touch(account, symbol) {
      for (const row of [...positions.values(), ...orders.values()])
        if (row.symbol === symbol) bump('positions', row);
      bump('positions', { account, symbol, positionIdx: 0 });
    },
    setPosition(key, row) {
      const before = positions.get(key);
      if (row === null) positions.delete(key);
      else positions.set(key, row);
      const told = row ?? before;
      const same =
        row === null || before === undefined ? row === (before ?? null) : samePosition(before, row);
      if (told && !same) bump('positions', told);
    },
    setOrder(orderId, row) {
      const before = orders.get(orderId);
      if (before === row || (before === undefined && row === null)) return;
      if (row === null) orders.delete(orderId);
      else orders.set(orderId, row);
      const moved = !before || !row || positionKey(before) !== positionKey(row);
      if (before && moved) ungroup(before);
      if (row) {
        const key = positionKey(row);
        const group = groups.get(key) ?? [];
        // Never changed in place: whoever was given the old one may go on reading it.
        groups.set(key, moved ? [...group, row] : group.map((one) => (one === before ? row : one)));
      }
      if (before && row && !moved && sameOrder(before, row)) return;
      if (before) bump('orders', before);
      if (row && moved) bump('orders', row);
    },
  };
}
