import type { Plan, ProtectionState, Stop } from '../../domain/monitor.ts';
import {
  type Decimal,
  equal,
  greater,
  isPositive,
  isZero,
  less,
  minus,
  plus,
  smallest,
  sum,
  times,
} from '../../domain/numbers.ts';
import type { Order, TriggerBy } from '../../domain/order.ts';
import type { Position, Side } from '../../domain/position.ts';
import { isBetterStop } from './breakeven.ts';
import { isSet } from './roles.ts';

/** How well a position is covered by stops. */
export interface Protection {
  /** The stop that covers most; `null` when there is none. */
  stop: Stop | null;
  others: Stop[];
  /** Where every unit is stopped, trailing ones aside; `null` where not all are. */
  full: Plan['stop'];
  /** Base quantity that some stop would close, never more than the position. */
  covered: Decimal;
  /** True when every unit is covered; a flat position needs no cover. */
  complete: boolean;
  /** Stops that cover nothing the others do not: for the operator to see (P55). */
  spare: number;
}

/**
 * What protects a position: the trading stop on the position itself covers it whole whatever its
 * size; a conditional order covers what it still has open, or everything when it is a close-all
 * (quantity 0 with close-on-trigger).
 */
export function protectionOf(position: Position | null, stopOrders: readonly Order[]): Protection {
  const size = position?.size ?? '0';
  const found: Found[] = [];
  let orders = stopOrders;
  if (position && isSet(position.stopLoss)) {
    const price = position.stopLoss;
    const own = stopOrders.find(
      (order) =>
        order.stopOrderType === 'StopLoss' &&
        isSet(order.triggerPrice) &&
        equal(order.triggerPrice, price),
    );
    orders = stopOrders.filter((order) => order !== own);
    const stop: Stop = {
      price,
      quantity: 'full',
      source: 'position',
      orderId: own?.orderId ?? null,
    };
    found.push({
      stop,
      covers: size,
      trails: false,
      triggerBy: own?.triggerBy ?? 'LastPrice',
    });
  }
  for (const order of orders) {
    if (!isSet(order.triggerPrice)) continue;
    const left = minus(order.quantity, order.filledQuantity);
    const whole = order.closeOnTrigger && isZero(order.quantity);
    const stop: Stop = {
      price: order.triggerPrice,
      quantity: whole ? 'full' : left,
      source: 'order',
      orderId: order.orderId,
    };
    const trails = order.stopOrderType === 'TrailingStop';
    found.push({
      stop,
      covers: whole ? size : left,
      trails,
      triggerBy: order.triggerBy ?? 'LastPrice',
    });
  }
  let best = found[0];
  for (const one of found) {
    if (best && one !== best && greater(one.covers, best.covers)) best = one;
  }
  // One stop that covers it whole is the usual case and needs no arithmetic.
  const whole = best?.covers === size;
  const covered = whole ? size : smallest(size, sum(found.map((one) => one.covers)));
  return {
    stop: best?.stop ?? null,
    others: found.flatMap((one) => (one === best ? [] : [one.stop])),
    full: position?.side ? fullAt(found, position.side, size) : null,
    covered,
    complete: whole || !less(covered, size),
    spare: position?.side && found.length > 1 ? spareAmong(found, position.side, size) : 0,
  };
}

interface Found {
  stop: Stop;
  covers: Decimal;
  trails: boolean;
  triggerBy: TriggerBy;
}

/** The widest of those that it takes, the tightest first, to cover the size. */
function fullAt(found: readonly Found[], side: Side, size: Decimal): Plan['stop'] {
  const tightestFirst = found
    .filter(({ trails }) => !trails)
    .sort((a, b) => (isBetterStop(side, a.stop.price, b.stop.price) ? -1 : 1));
  let covered = '0';
  for (const { stop, covers, triggerBy } of tightestFirst) {
    covered = plus(covered, covers);
    if (!less(covered, size)) return { price: stop.price, triggerBy };
  }
  return null;
}

/**
 * The widest first, each against those that are left and as tight. A trailing stop neither is spare nor
 * makes another so, for it may sleep.
 */
function spareAmong(found: readonly Found[], side: Side, size: Decimal): number {
  const standing = found.filter(({ trails }) => !trails);
  const widestFirst = [...standing].sort((a, b) =>
    isBetterStop(side, a.stop.price, b.stop.price) ? 1 : -1,
  );
  let left = standing;
  for (const one of widestFirst) {
    const rest = left.filter((other) => other !== one);
    const asTight = rest.filter(({ stop }) => !isBetterStop(side, one.stop.price, stop.price));
    if (!less(sum(asTight.map(({ covers }) => covers)), size)) left = rest;
  }
  return standing.length - left.length;
}

/** What a position's protection is worth, told to everyone who asks. */
export interface Judgement {
  state: ProtectionState;
  /** The position would be liquidated before its stop is reached. */
  beyondLiquidation: boolean;
  sentence: string;
}

/** Judges what covers a position: the only place that decides whether it is protected. */
export function judge(of: {
  side: Side;
  size: Decimal;
  liquidationPrice: Decimal | null;
  /** As `protectionOf` found them. */
  stop: Pick<Stop, 'price'> | null;
  covered: Decimal;
}): Judgement {
  const { size, stop, covered } = of;
  const state = stop === null ? 'none' : coverOf(size, covered);
  const beyondLiquidation = isBeyondLiquidation(of);
  const says: Record<ProtectionState, string> = {
    full: 'A stop covers the whole position.',
    part: `Only ${covered} of ${size} is covered by a stop.`,
    none: 'There is no stop.',
    unknown: 'There is a stop, but it is not known how much it covers.',
  };
  const late = beyondLiquidation ? ' It would be liquidated before the stop is reached.' : '';
  return { state, beyondLiquidation, sentence: `${says[state]}${late}` };
}

/** A stop of which no open quantity is known says nothing of what it would close. */
function coverOf(size: Decimal, covered: Decimal): ProtectionState {
  if (!isPositive(covered)) return 'unknown';
  return less(covered, size) ? 'part' : 'full';
}

function isBeyondLiquidation(of: Parameters<typeof judge>[0]): boolean {
  const { stop, liquidationPrice, side } = of;
  if (stop === null || liquidationPrice === null || !isPositive(liquidationPrice)) return false;
  const before = side === 'long' ? less : greater;
  return !before(liquidationPrice, stop.price);
}

/** P&L in the quote currency if the stop is hit at its price, fees aside; `null` where none covers anything. */
export function profitIfStopped(of: {
  side: Side;
  entryPrice: Decimal | null;
  stop: Pick<Stop, 'price'> | null;
  covered: Decimal;
}): Decimal | null {
  const { side, entryPrice, stop, covered } = of;
  if (entryPrice === null || stop === null || !isPositive(covered)) return null;
  const move = side === 'long' ? minus(stop.price, entryPrice) : minus(entryPrice, stop.price);
  return times(move, covered);
}

export const sameStop = (a: Stop | null, b: Stop | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    a.source === b.source &&
    a.orderId === b.orderId &&
    equal(a.price, b.price) &&
    (a.quantity === b.quantity ||
      (a.quantity !== 'full' && b.quantity !== 'full' && equal(a.quantity, b.quantity))));

export const sameStops = (a: readonly Stop[], b: readonly Stop[]): boolean =>
  a.length === b.length && a.every((stop, at) => sameStop(stop, b[at] ?? null));

/** True when the price or what it covers differs: the same cover by another order is no news. */
export const isNewCover = (a: Stop | null, b: Stop | null): boolean =>
  a === null || b === null ? a !== b : !sameStop({ ...a, source: b.source, orderId: b.orderId }, b);
