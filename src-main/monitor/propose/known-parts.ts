import type { Facts, Held, LegOrders } from '../goals/facts.ts';

/** The position, where it is known and open. */
export const heldOf = ({ position }: Facts): Held | null =>
  position.known && position.value.side !== null ? position.value : null;

/** The orders, where they are known. */
export const ordersOf = ({ orders }: Facts): LegOrders | null =>
  orders.known ? orders.value : null;
