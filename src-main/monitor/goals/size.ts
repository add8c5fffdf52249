import {
  compare,
  type Decimal,
  greater,
  isPositive,
  isZero,
  less,
  minus,
  smallest,
  times,
  toStep,
} from '../../domain/numbers.ts';
import type { Held } from './facts.ts';
import { byPrecedence, type Goal, type GoalOf, goalsOf, nameOf } from './goal.ts';
import { closingSide, type Scene } from './scene.ts';
import { type Blocked, type Draft, nothing, type Offer, type Part } from './step.ts';

interface Limit {
  goal: Goal;
  /** As it was asked for. */
  exact: Decimal;
  /** On the step, rounded up: never more is closed than was asked for. */
  size: Decimal;
}

export interface SizePlan {
  part: Part;
  /** True when the position becomes smaller in this round; its ladder waits for the next. */
  closing: boolean;
  /** True when it is to be closed wholly. */
  leaving: boolean;
}

/** The size as small as the strictest goal wants it, by reduce-only market orders. */
export function planSize(scene: Scene, goals: readonly Goal[]): SizePlan {
  const part = nothing();
  const stays = { part, closing: false, leaving: false };
  const { held } = scene;
  if (held === null) return stays;
  const limits = [...sizeLimits(scene, goals), ...pairLimits(scene, goals, part)];
  const unmet = limits
    .filter(({ size }) => greater(held.size, size))
    .sort((a, b) => compare(a.size, b.size));
  const [strictest] = unmet;
  if (strictest === undefined) return stays;
  const { goal, size } = strictest;
  const quantity = toStep(minus(held.size, size), scene.rules.quantityStep, 'down');
  if (less(quantity, scene.rules.minQuantity)) {
    part.blocked.push(
      ...unmet.map((one) => tooSmall(scene, held, one.goal, minus(held.size, one.exact))),
    );
    return stays;
  }
  part.drafts = closes(scene, held, goal, quantity);
  return { part, closing: true, leaving: isZero(size) };
}

const limit = ({ rules }: Scene, goal: Goal, exact: Decimal): Limit => ({
  goal,
  exact,
  size: toStep(exact, rules.quantityStep, 'up'),
});

const sizeLimits = (scene: Scene, goals: readonly Goal[]): Limit[] =>
  goalsOf(goals, 'size-at-most').map((goal) => limit(scene, goal, goal.want.size));

/** What the size of the account it follows allows; where that is not known, it is said in `part`. */
function pairLimits(scene: Scene, goals: readonly Goal[], part: Part): Limit[] {
  const [goal, ...others] = pairings(goals);
  if (goal === undefined) return [];
  const sentence = `The pairing stands behind ${nameOf(goal)}.`;
  part.behind = others.map((other) => ({ goal: other, by: goal, sentence }));
  const { followed, account } = scene.facts;
  if (followed?.known) return [limit(scene, goal, times(followed.value, goal.want.ratio))];
  if (followed) {
    const unknown = `The size it follows is not known: ${followed.reason}`;
    part.waiting.push({ goal, sentence: unknown });
  } else part.blocked.push({ goal, sentence: `${account} follows no other account.`, offers: [] });
  return [];
}

const pairings = (goals: readonly Goal[]): GoalOf<'paired'>[] =>
  goalsOf(goals, 'paired').sort(byPrecedence);

function tooSmall(scene: Scene, held: Held, goal: Goal, quantity: Decimal): Blocked {
  const { minQuantity } = scene.rules;
  const offers: Offer[] = [];
  if (greater(held.size, minQuantity))
    offers.push({
      text: `Close ${minQuantity}.`,
      want: { kind: 'size-at-most', size: minus(held.size, minQuantity) },
    });
  if (!less(held.size, minQuantity))
    offers.push({ text: `Close all ${held.size}.`, want: { kind: 'size-at-most', size: '0' } });
  const sentence = `Closing ${quantity} is below the smallest order of ${minQuantity}.`;
  return { goal, sentence, offers };
}

/** As many orders as the venue's largest market order asks for, none below its smallest. */
function closes(scene: Scene, held: Held, goal: Goal, quantity: Decimal): Draft[] {
  const { maxMarketQuantity, minQuantity } = scene.rules;
  const drafts: Draft[] = [];
  for (let left = quantity; isPositive(left); ) {
    let part = smallest(left, maxMarketQuantity);
    const rest = minus(left, part);
    if (isPositive(rest) && less(rest, minQuantity)) part = minus(part, minus(minQuantity, rest));
    left = minus(left, part);
    drafts.push({
      phase: 'close',
      write: { do: 'close', side: closingSide(held.side), quantity: part },
      text: `close ${part} of the ${held.side} at market`,
      goal,
      after: [],
    });
  }
  return drafts;
}

/** The part a position lacks to what it follows, where it may grow, and never above a limit of its own. */
export function grown(scene: Scene, goals: readonly Goal[]): Part {
  const part = nothing();
  const { held, rules, facts } = scene;
  const [goal] = pairings(goals);
  if (!goal?.want.mayGrow || held === null || !facts.followed?.known) return part;
  const paired = toStep(times(facts.followed.value, goal.want.ratio), rules.quantityStep, 'down');
  const [strictest] = sizeLimits(scene, goals).sort((a, b) => compare(a.size, b.size));
  const isLimited = strictest !== undefined && less(strictest.size, paired);
  if (isLimited) {
    const sentence = `Growing to ${paired} stands behind ${nameOf(strictest.goal)}.`;
    part.behind.push({ goal, by: strictest.goal, sentence });
  }
  const quantity = minus(isLimited ? strictest.size : paired, held.size);
  if (!isPositive(quantity)) return part;
  if (less(quantity, rules.minQuantity)) {
    const sentence = `What it lacks, ${quantity}, is below the smallest order of ${rules.minQuantity}.`;
    part.blocked.push({ goal, sentence, offers: [] });
    return part;
  }
  part.drafts.push({
    phase: 'place',
    write: {
      do: 'place',
      as: 'entry',
      of: 'paired',
      side: held.side === 'long' ? 'Buy' : 'Sell',
      type: 'Market',
      quantity,
      reduceOnly: false,
      closeOnTrigger: false,
    },
    text: `add ${quantity} to the ${held.side} at market`,
    goal,
    after: [],
  });
  return part;
}
