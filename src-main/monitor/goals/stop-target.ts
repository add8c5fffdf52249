import { type Decimal, equal, plus, sum } from '../../domain/numbers.ts';
import type { TriggerBy } from '../../domain/order.ts';
import { type Level, tightestFirst } from './cover.ts';
import type { Entry, Held, PositionStop, StopOrder } from './facts.ts';
import type { Goal } from './goal.ts';
import { atOrBeyond, pendingOf, type Scene } from './scene.ts';

export interface Target {
  /** On the tick. */
  price: Decimal;
  /** Exactly there, wider stops and tighter ones alike: only an operator may loosen a stop. */
  exact: boolean;
  triggerBy: TriggerBy | null;
}

/** What the stops of a position are worked out from. */
export interface Covering {
  scene: Scene;
  held: Held;
  target: Target;
  goal: Goal;
  /** Our stop orders, the tightest first. */
  own: readonly StopOrder[];
  /** What they may be for together: the position, and the entries still to come (P23). */
  most: Decimal;
}

/** Our stops as they are to stand; an order without an id is still to be placed. */
export interface StopSet {
  position: PositionStop | null;
  orders: readonly WantedStop[];
}

export interface WantedStop extends Omit<StopOrder, 'orderId'> {
  orderId: string | null;
}

/** `staying` are the entries that remain open. */
export function coveringOf(
  scene: Scene,
  held: Held,
  target: Target,
  goal: Goal,
  staying: readonly Entry[],
): Covering {
  const ours = scene.orders.stops.filter((stop) => stop.own);
  const own = tightestFirst(ours, held.side);
  // What hangs on the position can never be for more than it.
  const most = own.some(({ leg }) => leg)
    ? held.size
    : plus(held.size, pendingOf(staying, held.side));
  return { scene, held, target, goal, own, most };
}

/** Where a stop has to be for the target. */
export const isRight = (target: Target, { side }: Held, level: Level): boolean =>
  (target.triggerBy === null || level.triggerBy === target.triggerBy) &&
  (target.exact ? equal(level.price, target.price) : atOrBeyond(side, level.price, target.price));

export const onPosition = (stop: PositionStop): Level => ({ ...stop, quantity: 'whole' });

/** Everything of ours that covers, the position's stop among it. */
export const levelsIn = ({ position, orders }: StopSet): Level[] =>
  position ? [...orders, onPosition(position)] : [...orders];

export const amountOf = ({ quantity }: Level, most: Decimal): Decimal =>
  quantity === 'whole' ? most : quantity;

export const totalOf = (levels: readonly Level[], most: Decimal): Decimal =>
  sum(levels.map((level) => amountOf(level, most)));
