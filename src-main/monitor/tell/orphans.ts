import type { Alert } from '../../alerts/alerts.ts';
import type { Cache, Look } from '../../cache/cache.ts';
import type { Place } from '../../cache/change.ts';
import type { Clock } from '../../domain/clock.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import type { Order } from '../../domain/order.ts';
import { plural } from '../../domain/words.ts';
import { READS_APART_MS } from '../rules/absence.ts';

/** How long orders may rest without a position before they are told, ms (P38). */
const AFTER_MS = 10_000;

/**
 * Orders that can only reduce a position which is not there, and that no monitor knows: they are listed, and
 * nobody cancels them unasked. To be told of a place at which nothing is watched.
 */
export function createOrphans(options: {
  cache: Cache;
  clock: Clock;
  isWatched: (key: PositionKey) => boolean;
  onAlert: (alert: Alert) => void;
}): (place: Place) => void {
  const { cache, clock } = options;
  const waiting = new Set<PositionKey>();

  /** Says it once a second whole reading has them without a position too. */
  function lookAt(place: Place, wholeAsOf: number): void {
    const key = positionKey(place);
    waiting.add(key);
    clock.after(AFTER_MS, () => {
      waiting.delete(key);
      const look = cache.look(place);
      const left = leftIn(look);
      if (left.length === 0 || options.isWatched(key)) return;
      if (!look.known || look.wholeAsOf - wholeAsOf < READS_APART_MS) lookAt(place, wholeAsOf);
      else options.onAlert(orphaned(place, left));
    });
  }

  return (place) => {
    const look = cache.look(place);
    if (look.known && leftIn(look).length > 0 && !waiting.has(positionKey(place)))
      lookAt(place, look.wholeAsOf);
  };
}

const leftIn = ({ position, orders }: Look): readonly Order[] =>
  position ? [] : orders.filter((order) => order.reduceOnly || order.closeOnTrigger);

function orphaned({ account, symbol, positionIdx }: Place, left: readonly Order[]): Alert {
  const each = left.map(({ orderId, side, quantity, price, triggerPrice }) => {
    return `${side} ${quantity} at ${triggerPrice ?? price ?? 'market'} (${orderId})`;
  });
  return {
    severity: 'warning',
    rule: 'orphan-orders',
    account,
    symbol,
    about: String(positionIdx),
    text: `${symbol} on ${account}: ${plural(left.length, 'order is', 'orders are')} left without a position: ${each.join(', ')}. Cancel what you do not need on Bybit.`,
  };
}
