import { equal, isPositive, less, minus } from '../../domain/numbers.ts';
import { coversAll, type Level, tightestFirst } from './cover.ts';
import { atOrBeyond, isAmendable, tighter } from './scene.ts';
import {
  type Covering,
  isRight,
  levelsIn,
  type StopSet,
  totalOf,
  type WantedStop,
} from './stop-target.ts';

/**
 * The stops without those that cover nothing the rest does not, and without what is tighter than an
 * operator wants. Another's stop never makes up for ours: it may be gone at any time.
 */
export function withoutSpare({ held, target }: Covering, set: StopSet): StopSet {
  const sorted = tightestFirst(set.orders, held.side);
  // The widest is the first to be spare, but of what an operator loosens the tighter ones go first.
  const inTurn = target.exact ? sorted : sorted.toReversed();
  return inTurn.reduce((left, stop): StopSet => {
    const rest = { ...left, orders: left.orders.filter((other) => other !== stop) };
    const tooTight = target.exact && tighter(held.side, stop.price, target.price);
    const instead = levelsIn(rest).filter((other) =>
      tooTight ? isRight(target, held, other) : makesUpFor(other, stop),
    );
    return coversAll(instead, held.size) ? rest : left;
  }, set);

  /** As tight, and set off by the same price or by the one that the goal names. */
  function makesUpFor(other: Level, stop: Level): boolean {
    const counts = other.triggerBy === stop.triggerBy || other.triggerBy === target.triggerBy;
    return counts && atOrBeyond(held.side, other.price, stop.price);
  }
}

/**
 * The stops with orders for no more than there is, or will be once the entries are filled (P23). Only the
 * widest is cut, where what is cut covers nothing.
 */
export function withoutExcess({ scene, held, target, most }: Covering, set: StopSet): StopSet {
  if (levelsIn(set).some(({ quantity }) => quantity === 'whole')) return set;
  const counted = tightestFirst(set.orders, held.side).filter((stop) =>
    isRight(target, held, stop),
  );
  const over = minus(totalOf(counted, most), most);
  if (!isPositive(over)) return set;
  const cut = counted.find((stop) => {
    const isWidest = equal(stop.price, counted.at(-1)?.price ?? '0');
    const mayChange = stop.orderId === null || isAmendable(scene, stop.orderId);
    return isWidest && mayChange && !less(lessOver(stop), scene.rules.minQuantity);
  });
  const orders = set.orders.map((stop) =>
    stop === cut ? { ...stop, quantity: lessOver(stop) } : stop,
  );
  return { ...set, orders };

  function lessOver({ quantity }: WantedStop): string {
    return quantity === 'whole' ? '0' : minus(quantity, over);
  }
}
