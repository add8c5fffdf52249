import type { RuleMemory } from '../../domain/monitor.ts';
import {
  type Decimal,
  dividedBy,
  greater,
  isPositive,
  largest,
  less,
  minus,
  plus,
  times,
  toStep,
} from '../../domain/numbers.ts';
import type { Playbook, TrailingSettings } from '../../domain/playbook.ts';
import type { Facts, Held, Rules } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';
import { levelsHit } from './hits.ts';

/** A stepped stop moves by this part of its distance at a time, so that not every tick is a write. */
const STEP = '0.1';

/**
 * Once the take-profit of the settings is hit, the stop follows the price: the exchange's own trailing stop,
 * or, in steps, a stop at the distance from the best price since (`rules.trailedFrom`). It is one more
 * `covered` among the others, of which the tightest counts, so it only ever moves in the better direction.
 */
export function trailingOf(
  facts: Facts,
  rules: RuleMemory,
  { trailing }: Pick<Playbook, 'trailing'>,
): Goal[] {
  const run = runOf(facts, rules, trailing);
  if (run === null) return [];
  const { held, distance, settings } = run;
  const by = {
    author: 'rule',
    reason: `the stop trails after take-profit ${settings.afterTakeProfit}`,
    since: facts.at,
    opening: held.opening,
  } as const;
  if (settings.by === 'exchange') return [{ want: { kind: 'trail', distance, from: null }, ...by }];
  const best = bestOf(run, lastOf(facts), rules.trailedFrom);
  if (best === null) return [];
  const price = held.side === 'long' ? minus(best, distance) : plus(best, distance);
  const called = 'trailing stop';
  return isPositive(price)
    ? [{ want: { kind: 'covered', price, triggerBy: null, called }, ...by }]
    : [];
}

/** What is remembered of the price while the stop trails in steps; the same object where nothing is new. */
export function trailedAfter(
  facts: Facts,
  rules: RuleMemory,
  { trailing }: Pick<Playbook, 'trailing'>,
): RuleMemory {
  const run = runOf(facts, rules, trailing);
  if (run === null || run.settings.by !== 'steps') return rules;
  const best = bestOf(run, lastOf(facts), rules.trailedFrom);
  return best === rules.trailedFrom ? rules : { ...rules, trailedFrom: best };
}

/** A position whose stop is to trail. */
interface Run {
  held: Held & { entryPrice: Decimal };
  settings: TrailingSettings;
  /** Quote currency. */
  distance: Decimal;
  step: Decimal;
}

function runOf(
  { position, orders, instrument }: Facts,
  { risk }: RuleMemory,
  settings: TrailingSettings | null,
): Run | null {
  if (settings === null || !position.known || !orders.known || !instrument.known) return null;
  const held = position.value;
  if (held.side === null || held.entryPrice === null) return null;
  const isDue = levelsHit(orders.value.rungs).some(
    ({ level, hit }) => hit && level >= settings.afterTakeProfit,
  );
  const distance = isDue ? distanceOf(settings, held.entryPrice, instrument.value, risk) : null;
  if (distance === null) return null;
  const { tickSize } = instrument.value;
  return {
    held: { ...held, entryPrice: held.entryPrice },
    settings,
    distance,
    step: largest(toStep(times(distance, STEP), tickSize, 'up'), tickSize),
  };
}

/** % is of the entry price, so that it stays what it is while the price moves. `null` where R is not known. */
function distanceOf(
  { distance, unit }: TrailingSettings,
  entryPrice: Decimal,
  { tickSize }: Rules,
  risk: Decimal | null,
): Decimal | null {
  if (unit === 'ticks') return times(distance, tickSize);
  if (unit === '%') return times(entryPrice, dividedBy(distance, '100'));
  return risk === null ? null : times(risk, distance);
}

const lastOf = ({ prices }: Facts): Decimal | null => (prices.known ? prices.value.last : null);

/** The best price so far, in whole steps from the entry: only what is a step better is news. */
function bestOf({ held, step }: Run, last: Decimal | null, before: Decimal | null): Decimal | null {
  if (last === null) return before;
  const long = held.side === 'long';
  const gained = long ? minus(last, held.entryPrice) : minus(held.entryPrice, last);
  const whole = toStep(gained, step, 'down');
  const now = long ? plus(held.entryPrice, whole) : minus(held.entryPrice, whole);
  if (before === null) return now;
  return (long ? greater : less)(now, before) ? now : before;
}
