import {
  compare,
  type Decimal,
  equal,
  greater,
  largest,
  minus,
  plus,
  toStep,
} from '../../domain/numbers.ts';
import type { Held } from './facts.ts';
import { byAuthor, type GoalOf, nameOf } from './goal.ts';
import { atOrBeyond, priceOf, type Scene, tighter } from './scene.ts';
import { type Blocked, type Draft, nothing, type Part } from './step.ts';

type Trailing = GoalOf<'trail'>;

/**
 * A trailing stop beside the position's own, which stays: one that sleeps protects nothing. Setting it
 * anew would start it from here, so what stands at this distance, or nearer, is left alone; only an
 * operator widens it. It follows the last price, as the venue's does.
 */
export function trail(scene: Scene, goals: readonly Trailing[]): Part {
  const part = nothing();
  const { held } = scene;
  const [goal, ...others] = [...goals].sort(strongestFirst);
  if (held === null || goal === undefined) return part;
  const isMet = (one: Trailing, distance: Decimal | null): boolean => {
    if (distance === null) return false;
    const wanted = distanceOf(scene, one);
    return one.author === 'operator' ? equal(distance, wanted) : !greater(distance, wanted);
  };
  let comes = held.trail?.distance ?? null;
  if (!isMet(goal, comes)) {
    const outcome = stepOf(scene, held, goal);
    if ('unknown' in outcome) part.waiting.push({ goal, sentence: outcome.unknown });
    else if ('sentence' in outcome) part.blocked.push(outcome);
    else {
      part.drafts.push(outcome);
      comes = distanceOf(scene, goal);
    }
  }
  part.behind = others
    .filter((other) => !isMet(other, comes))
    .map((other) => ({
      goal: other,
      by: goal,
      sentence: `A trailing distance of ${distanceOf(scene, other)} stands behind ${nameOf(goal)}.`,
    }));
  return part;
}

/** By author; of an operator's the newest, of others' the nearest. */
const strongestFirst = (a: Trailing, b: Trailing): number =>
  byAuthor(a, b) ||
  (a.author === 'operator' ? b.since - a.since : compare(a.want.distance, b.want.distance));

/** Never wider than asked for, and a tick at least. */
const distanceOf = ({ rules }: Scene, { want }: Trailing): Decimal =>
  largest(toStep(want.distance, rules.tickSize, 'down'), rules.tickSize);

function stepOf(scene: Scene, held: Held, goal: Trailing): Draft | Blocked | { unknown: string } {
  const read = priceOf(scene, 'LastPrice');
  if ('unknown' in read) return read;
  const { side, trail: standing } = held;
  const trailingStop = distanceOf(scene, goal);
  const { from } = goal.want;
  const sleepsUntil = from === null || atOrBeyond(side, read.price, from) ? null : from;
  const begins = (side === 'long' ? minus : plus)(read.price, trailingStop);
  const present = standing?.trigger ?? null;
  const loses = present !== null && (sleepsUntil !== null || tighter(side, present, begins));
  if (loses && goal.author !== 'operator') {
    const instead = sleepsUntil === null ? `begin at ${begins}` : `sleep until ${sleepsUntil}`;
    const sentence = `The trailing stop stands at ${present}; a new one would ${instead}.`;
    const text = `Leave the trailing stop at a distance of ${standing?.distance}.`;
    return { goal, sentence, offers: [{ text, want: null }] };
  }
  const activePrice =
    sleepsUntil === null ? null : toStep(sleepsUntil, scene.rules.tickSize, 'nearest');
  const on = activePrice === null ? '' : ` from ${activePrice} on`;
  return {
    phase: 'protect',
    write: { do: 'set-trail', trailingStop, activePrice },
    text: `set a trailing stop at a distance of ${trailingStop}${on}`,
    goal,
    after: [],
  };
}
