import {
  equal,
  greater,
  isZero,
  less,
  plus,
  smallest,
  times,
  toStep,
} from '../../domain/numbers.ts';
import type { Entry } from './facts.ts';
import {
  byPrecedence,
  type Goal,
  type GoalOf,
  goalsOf,
  nameOf,
  outranks,
  type WantedEntry,
} from './goal.ts';
import { isGone } from './no-orders.ts';
import { closingSide, isAmendable, openEntries, pendingOf, priceOf, type Scene } from './scene.ts';
import { type Blocked, type Draft, nothing, type Part } from './step.ts';

/** Which goal each entry answers to: those that are to go, and those that are to stand. */
export interface EntryPlan {
  part: Part;
  /** Open entries that are not to go. */
  staying: Entry[];
  standing: { goal: GoalOf<'entries'>; wanted: WantedEntry }[];
}

/**
 * Goals that want entries against goals that want none: the stronger wins, and of equals the one that
 * wants none. Only our own entries are ever cancelled.
 */
export function planEntries(scene: Scene, goals: readonly Goal[]): EntryPlan {
  const part = nothing();
  const none = goals.filter((goal) => wantsNone(scene, goal)).sort(byPrecedence);
  const [against] = none;
  const standing: EntryPlan['standing'] = [];
  for (const goal of goalsOf(goals, 'entries').sort(byPrecedence)) {
    if (goal.want.entries.length === 0) continue;
    if (against && !outranks(goal.author, against.author)) {
      const sentence = `The entries stand behind ${nameOf(against)}.`;
      part.behind.push({ goal, by: against, sentence });
      continue;
    }
    const sentence = `That no entry is open stands behind ${nameOf(goal)}.`;
    part.behind.push(...none.map((other) => ({ goal: other, by: goal, sentence })));
    for (const wanted of goal.want.entries) {
      const by = standing.find((one) => one.wanted.id === wanted.id)?.goal;
      if (by) {
        const sentence = `The entry ${wanted.id} stands behind ${nameOf(by)}.`;
        part.behind.push({ goal, by, sentence });
      } else standing.push({ goal, wanted });
    }
  }
  const open = openEntries(scene);
  const going = against
    ? open.filter(({ id }) => !standing.some(({ wanted }) => wanted.id === id))
    : [];
  for (const entry of going) if (against) part.drafts.push(cancel(entry, against));
  return { part, staying: open.filter((entry) => !going.includes(entry)), standing };
}

/** A position that is to be closed wholly, or whose orders are to go, is not added to either. */
function wantsNone(scene: Scene, goal: Goal): boolean {
  const { want, author } = goal;
  if (want.kind === 'size-at-most') return isZero(want.size);
  if (want.kind !== 'no-orders') return want.kind === 'no-entries';
  return scene.held === null ? isGone(scene, goal) : author === 'operator';
}

const cancel = ({ orderId, quantity, price }: Entry, goal: Goal): Draft => ({
  phase: 'cancel',
  write: { do: 'cancel', orderId },
  text: `cancel the entry for ${quantity} at ${price ?? 'market'}`,
  goal,
  after: [],
});

/**
 * The entries that are to stand: amended where they differ, placed where they never were. One that has
 * ended unfilled was somebody's doing and is not placed again unasked, and nothing is ever enlarged to
 * reach a minimum (P29).
 */
export function entries(
  scene: Scene,
  { standing, staying }: EntryPlan,
  goals: readonly Goal[],
): Part {
  const part = nothing();
  for (const { goal, wanted } of standing) {
    const present = scene.orders.entries.find(({ id }) => id === wanted.id);
    const exact = onGrid(scene, wanted);
    if (present?.state === 'open') part.drafts.push(...amended(scene, present, exact, goal));
    else if (present?.state === 'gone') part.blocked.push(endedElsewhere(goal, wanted));
    else if (present === undefined) {
      const added = placed(scene, goal, exact, staying, goals);
      if ('unknown' in added) part.waiting.push({ goal, sentence: added.unknown });
      else if ('sentence' in added) part.blocked.push(added);
      else part.drafts.push(added);
    }
  }
  return part;
}

const onGrid = ({ rules }: Scene, wanted: WantedEntry): WantedEntry => ({
  ...wanted,
  price: wanted.price === null ? null : toStep(wanted.price, rules.tickSize, 'nearest'),
  quantity: toStep(wanted.quantity, rules.quantityStep, 'down'),
});

function amended(scene: Scene, present: Entry, wanted: WantedEntry, goal: Goal): Draft[] {
  const { orderId, price, quantity } = present;
  if (!isAmendable(scene, orderId) || !greater(wanted.quantity, present.filledQuantity)) return [];
  const moved = price !== null && wanted.price !== null && !equal(price, wanted.price);
  const resized = !equal(quantity, wanted.quantity);
  if (!moved && !resized) return [];
  const to = {
    ...(moved && wanted.price !== null ? { price: wanted.price } : {}),
    ...(resized ? { quantity: wanted.quantity } : {}),
  };
  return [
    {
      phase: 'place',
      write: { do: 'amend', orderId, ...to },
      text: `change the entry for ${quantity} at ${price ?? 'market'} to ${wanted.quantity} at ${wanted.price ?? 'market'}`,
      goal,
      after: [],
    },
  ];
}

const endedElsewhere = (goal: Goal, { id, price }: WantedEntry): Blocked => ({
  goal,
  sentence: `The entry ${id} at ${price ?? 'market'} has ended without being filled.`,
  offers: [{ text: 'Leave it out.', want: null }],
});

function placed(
  scene: Scene,
  goal: Goal,
  wanted: WantedEntry,
  staying: readonly Entry[],
  goals: readonly Goal[],
): Draft | Blocked | { unknown: string } {
  const { id, side, price, quantity } = wanted;
  const refuse = (sentence: string): Blocked => ({ goal, sentence, offers: [] });
  const read = priceOf(scene, 'LastPrice');
  if (price === null && 'unknown' in read) return read;
  const at = price ?? ('price' in read ? read.price : '0');
  const { minQuantity, minNotional } = scene.rules;
  if (less(quantity, minQuantity) || isZero(quantity))
    return refuse(`The entry of ${quantity} is below the smallest order of ${minQuantity}.`);
  if (minNotional !== null && less(times(quantity, at), minNotional))
    return refuse(`The entry is worth less than the smallest order value of ${minNotional}.`);
  const { held } = scene;
  if (held && side === closingSide(held.side))
    return refuse(`The entry would reduce the ${held.side} that is open.`);
  const most = goalsOf(goals, 'size-at-most')
    .filter(({ author }) => !outranks(goal.author, author))
    .map(({ want }) => want.size);
  const added = plus(quantity, held ? plus(held.size, pendingOf(staying, held.side)) : '0');
  const [first, ...rest] = most;
  if (first !== undefined && greater(added, rest.reduce(smallest, first)))
    return refuse(`The entry would bring the size to ${added}, above what is allowed.`);
  const stopLoss = held ? null : stopFor(scene, wanted, goals);
  return {
    phase: 'place',
    write: {
      do: 'place',
      as: 'entry',
      of: id,
      side,
      quantity,
      ...(price === null
        ? { type: 'Market' as const }
        : { type: 'Limit' as const, price, timeInForce: 'GTC' as const }),
      reduceOnly: false,
      closeOnTrigger: false,
      ...(stopLoss === null ? {} : { stopLoss }),
    },
    text: `place an entry for ${quantity} at ${price ?? 'market'}${stopLoss === null ? '' : ` with a stop at ${stopLoss}`}`,
    goal,
    after: [],
  };
}

/** The stop that a first entry carries, so that no filled unit is without one; none beyond its own price. */
function stopFor(
  scene: Scene,
  { side, price }: WantedEntry,
  goals: readonly Goal[],
): string | null {
  const long = side === 'Buy';
  const wanted = goalsOf(goals, 'covered').sort(byPrecedence)[0];
  if (!wanted) return null;
  const stop = toStep(wanted.want.price, scene.rules.tickSize, long ? 'up' : 'down');
  const right = price === null || (long ? less(stop, price) : greater(stop, price));
  return right ? stop : null;
}
