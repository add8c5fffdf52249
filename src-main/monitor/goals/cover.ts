import { compare, type Decimal, less, plus } from '../../domain/numbers.ts';
import type { TriggerBy } from '../../domain/order.ts';
import type { Side } from '../../domain/position.ts';
import type { Held, StopOrder } from './facts.ts';
import { atOrBeyond } from './scene.ts';

/** Anything that would close units of a position at a price. */
export interface Level {
  price: Decimal;
  quantity: Decimal | 'whole';
  triggerBy: TriggerBy;
}

/** Units of a position of `size` that these levels would close, never more than the size. */
export function coveredBy(levels: readonly Level[], size: Decimal): Decimal {
  let covered = '0';
  for (const { quantity } of levels) {
    if (quantity === 'whole') return size;
    covered = plus(covered, quantity);
    if (!less(covered, size)) return size;
  }
  return covered;
}

export const coversAll = (levels: readonly Level[], size: Decimal): boolean =>
  !less(coveredBy(levels, size), size);

/** Units that are closed at `price` or before, on the way down for a long, up for a short. */
export const coveredAt = (
  levels: readonly Level[],
  { side, size }: Pick<Held, 'side' | 'size'>,
  price: Decimal,
): Decimal =>
  coveredBy(
    levels.filter((level) => atOrBeyond(side, level.price, price)),
    size,
  );

/** Everything that covers a position: its own stop, a trailing one that is awake, and stop orders. */
export function levelsOf(held: Held, stops: readonly StopOrder[]): Level[] {
  const levels: Level[] = [...stops];
  if (held.stop) levels.push({ ...held.stop, quantity: 'whole' });
  if (held.trail?.trigger)
    levels.push({ price: held.trail.trigger, quantity: 'whole', triggerBy: 'LastPrice' });
  return levels;
}

/** The widest price at which these levels, tightest first, cover the size; `null` where they do not. */
export function fullAt(
  levels: readonly Level[],
  { side, size }: Pick<Held, 'side' | 'size'>,
): Decimal | null {
  const sorted = tightestFirst(levels, side);
  const last = sorted.findIndex((_, at) => coversAll(sorted.slice(0, at + 1), size));
  return sorted[last]?.price ?? null;
}

export const tightestFirst = <L extends Level>(levels: readonly L[], side: Side): L[] =>
  [...levels].sort((a, b) => (side === 'long' ? -1 : 1) * compare(a.price, b.price));
