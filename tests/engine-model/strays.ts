import { greater, sum } from '../../src-main/domain/numbers.ts';
import { isOpen, openOrdersOf } from '../../src-main/practice/engine/state/venue.ts';
import type { World } from '../../src-main/practice/world.ts';
import { stopsOf } from './cover.ts';

/** Order link ids that the desk makes. */
const OWN = /^hf-/;

/** What of the desk's own making must not rest at the venue: doubled or left over; one sentence each. */
export function strays(world: World): string[] {
  const found: string[] = [];
  for (const account of world.venue.accounts) {
    const legs = [...account.positions.values()].filter(isOpen);
    for (const order of account.open.values()) {
      const leg = legs.find((one) => one.symbol === order.symbol && one.idx === order.positionIdx);
      if (!leg && OWN.test(order.orderLinkId))
        found.push(
          `${account.name} ${order.symbol}: an order of ours is left over: ${order.orderLinkId}`,
        );
    }
    for (const leg of legs) {
      const own = stopsOf(account, leg).filter((one) => OWN.test(one.orderLinkId));
      if (own.length > 1)
        found.push(`${account.name} ${leg.symbol}: ${own.length} stops of ours stand`);
      const rungs = openOrdersOf(account, leg.symbol).filter(
        (one) => one.reduceOnly && one.status !== 'Untriggered' && one.side !== leg.side,
      );
      const ours = rungs.filter((one) => OWN.test(one.orderLinkId));
      if (ours.length > 0 && greater(sum(rungs.map((one) => one.qty)), leg.size))
        found.push(`${account.name} ${leg.symbol}: the ladder is for more than the position`);
    }
  }
  return found;
}
