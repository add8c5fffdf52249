import { compare, type Decimal, isPositive, less, minus, plus } from '../../domain/numbers.ts';
import { coversAll, fullAt, levelsOf } from './cover.ts';
import type { StopOrder } from './facts.ts';
import { isAmendable, tighter } from './scene.ts';
import {
  amountOf,
  type Covering,
  isRight,
  onPosition,
  type StopSet,
  totalOf,
  type WantedStop,
} from './stop-target.ts';

/** Conditional orders the venue takes for one symbol (P33). */
const MOST_CONDITIONAL = 10;

/**
 * Where our stops are to stand for every unit to be behind the target, before what is spare is taken
 * away. A stop on the position is moved where it is; else our stop orders are; without either the position
 * gets one, which follows its size. Another's stop counts as cover and is left alone.
 */
export function movedStops(of: Covering): StopSet {
  const byOrders = of.held.stop === null && of.own.length > 0;
  return (byOrders ? movedOrders(of) : null) ?? movedOnPosition(of);
}

function movedOnPosition(of: Covering): StopSet {
  const { held, target, own } = of;
  if (staysOnPosition(of)) return { position: held.stop, orders: own };
  const right = own.filter((stop) => isRight(target, held, stop));
  const triggerBy =
    target.triggerBy ?? held.stop?.triggerBy ?? own[0]?.triggerBy ?? ('LastPrice' as const);
  const price = target.exact ? target.price : safest(of, right);
  return { position: { price, triggerBy }, orders: own };
}

/**
 * The position's stop is as wanted, or what covers the position in its stead is not ours to move: a
 * trailing stop, or another's. Where our own orders cover it, the position's stop takes over.
 */
function staysOnPosition({ scene, held, target, own }: Covering): boolean {
  const present = held.stop;
  if (present && isRight(target, held, onPosition(present))) return true;
  if (present && target.exact) return false;
  const right = levelsOf(held, scene.orders.stops).filter((one) => isRight(target, held, one));
  const ours = own.filter((stop) => isRight(target, held, stop));
  return coversAll(right, held.size) && !coversAll(ours, held.size);
}

/** At the target, and never wider than what covers the whole position now. */
function safest({ held, target }: Covering, right: readonly StopOrder[]): Decimal {
  return [held.stop?.price ?? null, fullAt(right, held)].reduce<Decimal>(
    (best, price) => (price !== null && tighter(held.side, price, best) ? price : best),
    target.price,
  );
}

/**
 * Our stop orders moved to the target, the largest first, as far as they are needed; one of them is raised
 * by what they lack. For those that the venue does not amend one new order stands. `null` where it
 * would not take that order: no room for it, or too small.
 */
function movedOrders(of: Covering): StopSet | null {
  const { scene, held, target, own, most } = of;
  const isThere = levelsOf(held, scene.orders.stops).filter((one) => isRight(target, held, one));
  if (coversAll(isThere, held.size)) return { position: null, orders: own };
  const right = own.filter((stop) => isRight(target, held, stop));
  const wrong = own.filter((stop) => !right.includes(stop));
  const movable = wrong
    .filter(({ orderId }) => isAmendable(scene, orderId))
    .sort((a, b) => compare(amountOf(b, most), amountOf(a, most)));
  const moved = new Map<StopOrder, WantedStop>();
  let lacking = minus(most, totalOf(right, most));
  for (const stop of movable) {
    if (!isPositive(lacking)) break;
    moved.set(stop, moveTo(of, stop));
    lacking = minus(lacking, amountOf(stop, most));
  }
  // The largest that moves takes what is lacking; where none moves, the widest that is right already does.
  const stays = right.filter(({ orderId }) => isAmendable(scene, orderId)).slice(-1);
  const [first] = [...moved.keys(), ...stays];
  const quantity = first?.quantity ?? 'whole';
  if (first && quantity !== 'whole' && isPositive(lacking)) {
    moved.set(first, { ...(moved.get(first) ?? first), quantity: plus(quantity, lacking) });
    lacking = '0';
  }
  const orders = own.map((stop): WantedStop => moved.get(stop) ?? stop);
  if (!isPositive(lacking)) return { position: null, orders };
  const hasRoom = scene.orders.conditional < MOST_CONDITIONAL;
  if (!hasRoom || less(lacking, scene.rules.minQuantity)) return null;
  const added: WantedStop = {
    orderId: null,
    price: target.price,
    quantity: lacking,
    triggerBy: target.triggerBy ?? wrong[0]?.triggerBy ?? 'LastPrice',
    leg: false,
    own: true,
  };
  return { position: null, orders: [...orders, added] };
}

/** One that waits for another price than the goal's may be tighter already: it is never widened. */
function moveTo({ held, target }: Covering, stop: StopOrder): WantedStop {
  const keeps = !target.exact && tighter(held.side, stop.price, target.price);
  return {
    ...stop,
    price: keeps ? stop.price : target.price,
    triggerBy: target.triggerBy ?? stop.triggerBy,
  };
}
