import { compare, equal, isZero, toStep } from '../../domain/numbers.ts';
import type { TriggerBy } from '../../domain/order.ts';
import { coversAll, levelsOf } from './cover.ts';
import type { Entry, Held } from './facts.ts';
import { byPrecedence, type Goal, type GoalOf, nameOf } from './goal.ts';
import { atOrBeyond, closingSide, isAmendable, priceOf, type Scene, tighter } from './scene.ts';
import { type Draft, nothing, type Offer, type Part } from './step.ts';
import { stopSteps } from './stop-steps.ts';
import { coveringOf, isRight, type Target } from './stop-target.ts';

type Covered = GoalOf<'covered'>;

/**
 * Every unit of the position behind a stop. An operator's price counts, wider ones too; among the others
 * the tightest, and where the price has already passed that, the next (the present stop stays). `leaving`:
 * the whole position is about to be closed, so any cover will do.
 */
export function covered(
  scene: Scene,
  goals: readonly Covered[],
  staying: readonly Entry[],
  leaving: boolean,
): Part {
  const part = nothing();
  const { held, orders } = scene;
  if (held === null) return part;
  if (leaving && coversAll(levelsOf(held, orders.stops), held.size)) return part;
  const { candidates, superseded } = ranked(goals, held);
  part.behind = superseded;
  for (const goal of candidates) {
    const target = targetOf(scene, held, goal);
    const state = isMet(scene, held, target) ? 'met' : reach(scene, held, target);
    if (typeof state === 'object' && 'unknown' in state) {
      part.waiting.push({ goal, sentence: state.unknown });
      return part;
    }
    if (typeof state === 'object') {
      part.blocked.push(blocked(held, goal, target, state.passedBy));
      continue;
    }
    part.drafts = [
      ...stopSteps(coveringOf(scene, held, target, goal, staying)),
      ...attached(scene, held, target, goal, staying),
    ];
    part.behind.push(...behind(scene, held, candidates, goal, target));
    return part;
  }
  return part;
}

/** An operator's newest first, then the tightest; what an operator set before is over. */
function ranked(
  goals: readonly Covered[],
  held: Held,
): { candidates: Covered[]; superseded: Part['behind'] } {
  const operators = goals.filter(({ author }) => author === 'operator').sort(byPrecedence);
  const others = goals.filter(({ author }) => author !== 'operator');
  const away = held.side === 'long' ? -1 : 1;
  others.sort((a, b) => away * compare(a.want.price, b.want.price) || byPrecedence(a, b));
  const [newest, ...older] = operators;
  if (newest === undefined) return { candidates: others, superseded: [] };
  const sentence = 'The operator has set another stop since.';
  return {
    candidates: [newest, ...others],
    superseded: older.map((goal) => ({ goal, by: newest, sentence })),
  };
}

/** Rounded to the safe side: a stop never gives away more than was asked for. */
const targetOf = (scene: Scene, { side }: Held, { want, author }: Covered): Target => ({
  price: toStep(want.price, scene.rules.tickSize, side === 'long' ? 'up' : 'down'),
  exact: author === 'operator',
  triggerBy: want.triggerBy,
});

function isMet(scene: Scene, held: Held, target: Target): boolean {
  const levels = levelsOf(held, scene.orders.stops);
  const right = levels.filter((level) => isRight(target, held, level));
  if (!coversAll(right, held.size)) return false;
  return !target.exact || held.stop === null || equal(held.stop.price, target.price);
}

/** Whether the venue would take a stop there now: the price has not passed it. */
function reach(
  scene: Scene,
  held: Held,
  target: Target,
): 'free' | { unknown: string } | { passedBy: string } {
  const own = scene.orders.stops.find((stop) => stop.own);
  const by: TriggerBy = target.triggerBy ?? held.stop?.triggerBy ?? own?.triggerBy ?? 'LastPrice';
  const read = priceOf(scene, by);
  if ('unknown' in read) return read;
  return tighter(held.side, read.price, target.price) ? 'free' : { passedBy: read.price };
}

function blocked(held: Held, goal: Covered, target: Target, price: string) {
  const { called } = goal.want;
  const where = equal(price, target.price) ? 'at' : held.side === 'long' ? 'below' : 'above';
  const offers: Offer[] = [
    { text: `Close the rest, ${held.size}, at market.`, want: { kind: 'size-at-most', size: '0' } },
    held.stop
      ? { text: `Leave the stop at ${held.stop.price}.`, want: null }
      : { text: 'Leave it as it is.', want: null },
  ];
  return {
    goal,
    sentence: `The price ${price} is ${where} the ${called} of ${target.price}.`,
    offers,
  };
}

/**
 * The full stop that an entry carries replaces the position's when the entry executes, so an old one would
 * undo the goal: it is amended with it. The venue changes none of a partly filled order; what such a one
 * undoes is put right when it has filled.
 */
function attached(
  scene: Scene,
  held: Held,
  target: Target,
  goal: Goal,
  staying: readonly Entry[],
): Draft[] {
  return staying.flatMap(({ orderId, side, stopLoss, filledQuantity, price }): Draft[] => {
    if (stopLoss === null || side === closingSide(held.side)) return [];
    const right = target.exact
      ? equal(stopLoss, target.price)
      : atOrBeyond(held.side, stopLoss, target.price);
    if (right || !isZero(filledQuantity) || !isAmendable(scene, orderId)) return [];
    // A stop beyond the entry's own price would be refused.
    if (price !== null && !tighter(held.side, price, target.price)) return [];
    return [
      {
        phase: 'protect',
        write: { do: 'amend', orderId, stopLoss: target.price },
        text: `move the stop that the entry at ${price ?? 'market'} carries from ${stopLoss} to ${target.price}`,
        goal,
        after: [],
      },
    ];
  });
}

/** What a stop at the target does not fulfil: a tighter one than an operator's, or one by another price. */
function behind(
  scene: Scene,
  held: Held,
  goals: readonly Covered[],
  chosen: Covered,
  target: Target,
): Part['behind'] {
  const weaker = goals.slice(goals.indexOf(chosen) + 1);
  return weaker.flatMap((goal) => {
    const wanted = targetOf(scene, held, goal);
    const differs = wanted.triggerBy !== null && wanted.triggerBy !== target.triggerBy;
    const isTighter = target.exact && tighter(held.side, wanted.price, target.price);
    if (!isTighter && (!differs || isMet(scene, held, wanted))) return [];
    const sentence = `A stop at ${wanted.price} stands behind ${nameOf(chosen)}.`;
    return [{ goal, by: chosen, sentence }];
  });
}
