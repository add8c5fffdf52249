import type { ProposalKind } from '../../../src-preload/contract/approvals.ts';
import {
  type Decimal,
  isPositive,
  less,
  minus,
  plus,
  smallest,
  times,
} from '../../domain/numbers.ts';
import { coversAll, type Level, levelsOf, tightestFirst } from '../goals/cover.ts';
import type { Facts, Held, StopOrder } from '../goals/facts.ts';
import type { Step } from '../goals/step.ts';
import { heldOf, ordersOf } from './known-parts.ts';

/** What a difference is worth to the one who is asked. */
export interface Worth {
  kind: ProposalKind;
  /** P&L in quote if every stop is hit at its price, fees aside; `null` where not all is covered or known. */
  ifStopped: { before: Decimal | null; after: Decimal | null };
}

export function worthOf(steps: readonly Step[], facts: Facts): Worth {
  const held = heldOf(facts);
  const stops = ordersOf(facts)?.stops ?? [];
  if (held === null) return { kind: kindWhenFlat(steps), ifStopped: { before: null, after: null } };
  const left = afterSteps(held, stops, steps);
  const before = resultAt(held, stops);
  const after = resultAt(left.held, left.stops);
  const ifStopped = { before, after };
  const isCovered = coversAll(levelsOf(withoutTrail(held), stops), held.size);
  const gives = before !== null && after !== null && less(after, before);
  if (!isCovered && steps.some(({ phase }) => phase === 'protect'))
    return { kind: 'no-stop', ifStopped };
  if (gives || steps.some((step) => opens(step, facts))) return { kind: 'adds', ifStopped };
  return { kind: kindOf(steps, facts), ifStopped };
}

const kindWhenFlat = (steps: readonly Step[]): ProposalKind =>
  steps.some(({ write }) => write.do === 'place') ? 'adds' : 'tidies';

/** It places an entry or makes one another. */
function opens({ write }: Step, facts: Facts): boolean {
  if (write.do === 'place') return !write.reduceOnly;
  if (write.do !== 'amend' || write.quantity === undefined) return false;
  const { quantity, orderId } = write;
  const entry = ordersOf(facts)?.entries.find((one) => one.orderId === orderId);
  return entry !== undefined && less(entry.quantity, quantity);
}

function kindOf(steps: readonly Step[], facts: Facts): ProposalKind {
  const entries = ordersOf(facts)?.entries ?? [];
  const isEntry = (id: string): boolean => entries.some(({ orderId }) => orderId === id);
  const lowers = steps.some(
    ({ write, phase }) =>
      write.do === 'close' ||
      (phase === 'protect' && write.do !== 'cancel') ||
      (write.do === 'cancel' && isEntry(write.orderId)),
  );
  if (lowers) return 'lowers';
  return steps.some(({ goal }) => goal.want.kind === 'ladder') ? 'ladder' : 'tidies';
}

const withoutTrail = (held: Held): Held => ({ ...held, trail: null });

/** The stops and the size as the steps leave them. */
function afterSteps(
  before: Held,
  present: readonly StopOrder[],
  steps: readonly Step[],
): { held: Held; stops: readonly StopOrder[] } {
  let held = before;
  let stops = present;
  for (const { write } of steps) {
    if (write.do === 'set-stop')
      held = { ...held, stop: { price: write.stopLoss, triggerBy: write.triggerBy } };
    else if (write.do === 'close') held = { ...held, size: minus(held.size, write.quantity) };
    else if (write.do === 'cancel')
      stops = stops.filter(({ orderId }) => orderId !== write.orderId);
    else if (write.do === 'amend')
      stops = stops.map((stop) =>
        stop.orderId === write.orderId
          ? {
              ...stop,
              price: write.triggerPrice ?? stop.price,
              quantity: write.quantity ?? stop.quantity,
            }
          : stop,
      );
    else if (write.do === 'place' && write.as === 'stop' && write.triggerPrice !== undefined)
      stops = [...stops, placedStop(write.triggerPrice, write.quantity)];
  }
  return { held, stops };
}

const placedStop = (price: Decimal, quantity: Decimal): StopOrder => ({
  orderId: '',
  price,
  quantity,
  triggerBy: 'LastPrice',
  leg: false,
  own: true,
});

/** Every unit goes at the tightest stop that is left for it. */
function resultAt(held: Held, stops: readonly StopOrder[]): Decimal | null {
  const { side, size, entryPrice } = held;
  if (entryPrice === null || !isPositive(size)) return null;
  let left = size;
  let result = '0';
  for (const { price, quantity } of tightestFirst(levels(held, stops), side)) {
    const units = quantity === 'whole' ? left : smallest(quantity, left);
    const move = side === 'long' ? minus(price, entryPrice) : minus(entryPrice, price);
    result = plus(result, times(units, move));
    left = minus(left, units);
  }
  return isPositive(left) ? null : result;
}

const levels = (held: Held, stops: readonly StopOrder[]): Level[] =>
  levelsOf(withoutTrail(held), stops);
