import type { Monitor, Plan, RuleMemory, TakeProfit } from '../../domain/monitor.ts';
import { type Decimal, equal, less, minus } from '../../domain/numbers.ts';
import { isOwnLink } from '../../domain/order.ts';

/** What of a look the plan is drawn from. */
export interface Drawn {
  /** Where every unit is stopped now; `null` where not all are. */
  full: Plan['stop'];
  /** An entry has filled beside a ladder that was there. */
  entryFilled: boolean;
  /** Link ids of orders that are new to the ladder and take nobody's place. */
  addedRungs: readonly (string | null)[];
}

/**
 * The plan as it follows from what is found: the stop is wanted where it last stood; the ladder keeps the
 * parts it had when entries began to fill beside it, until somebody adds a level of their own.
 */
export function planAfter(before: Monitor, drawn: Drawn): Plan {
  const { plan } = before;
  const stop = drawn.full && !isSameStop(plan.stop, drawn.full) ? drawn.full : plan.stop;
  const isOthers = drawn.addedRungs.some((linkId) => !isOwnLink(linkId));
  const kept = isOthers ? null : plan.ladder;
  const ladder = kept ?? (drawn.entryFilled ? partsOf(before.takeProfits) : null);
  return stop === plan.stop && ladder === plan.ladder ? plan : { ...plan, stop, ladder };
}

const isSameStop = (a: Plan['stop'], b: NonNullable<Plan['stop']>): boolean =>
  a !== null && equal(a.price, b.price) && a.triggerBy === b.triggerBy;

/** The quantities of the levels that stand or were filled; they count against each other. */
function partsOf(rungs: readonly TakeProfit[]): Plan['ladder'] {
  const parts = rungs.flatMap(({ level, quantity, state }) =>
    state === 'gone' ? [] : [{ level, share: quantity }],
  );
  return parts.length === 0 ? null : parts;
}

/** R is the distance of the first stop that was on the losing side. */
export function riskAfter(
  { rules, side }: Pick<Monitor, 'rules' | 'side'>,
  entryPrice: Decimal | null,
  full: Plan['stop'],
): RuleMemory {
  if (rules.risk !== null || entryPrice === null || full === null) return rules;
  const [low, high] = side === 'long' ? [full.price, entryPrice] : [entryPrice, full.price];
  return less(low, high) ? { ...rules, risk: minus(high, low) } : rules;
}
