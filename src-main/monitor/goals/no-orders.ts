import { span } from '../../domain/words.ts';
import { byPrecedence, type Goal, type GoalOf } from './goal.ts';
import type { Scene } from './scene.ts';
import { type Draft, nothing, type Part } from './step.ts';

/** A position counts as gone once two whole reads say so and this long has passed, ms (P38). */
const GONE_AFTER_MS = 10_000;
const GONE_AFTER_READS = 2;

/** Whether a flat position is proven gone; an operator who wants its orders gone waits for nothing. */
export function isGone({ flat, facts }: Scene, goal: Goal): boolean {
  if (flat === null) return false;
  if (goal.author === 'operator') return true;
  return flat.reads >= GONE_AFTER_READS && facts.at - flat.since >= GONE_AFTER_MS;
}

/**
 * Nothing rests once the position is flat. The entries, which could open it again, are `planEntries`' and go
 * first; while it is open its stops and rungs stay in force. Another's orders are only touched where all
 * are to go.
 */
export function noOrders(
  scene: Scene,
  goals: readonly GoalOf<'no-orders'>[],
  entriesFirst: readonly Draft[],
): Part {
  const part = nothing();
  const [goal] = [...goals].sort(byPrecedence);
  if (goal === undefined || scene.flat === null) return part;
  const { stops, rungs, foreign } = scene.orders;
  const all = goals.some(({ want }) => want.whose === 'all');
  const ids = [
    ...rungs.flatMap(({ state, orderId }) =>
      state === 'open' && orderId !== null ? [orderId] : [],
    ),
    ...stops.flatMap(({ own, orderId }) => (own || all ? [orderId] : [])),
    ...(all ? foreign.map(({ orderId }) => orderId) : []),
  ];
  if (ids.length === 0) return part;
  if (!isGone(scene, goal)) {
    const { since, reads } = scene.flat;
    const gone = span(scene.facts.at - since);
    const read = reads === 1 ? 'one read says' : `${reads} reads say`;
    part.waiting.push({ goal, sentence: `The position is gone since ${gone}, and ${read} so.` });
    return part;
  }
  part.drafts = ids.map(
    (orderId): Draft => ({
      phase: 'cancel',
      write: { do: 'cancel', orderId },
      text: `cancel the order ${orderId}`,
      goal,
      after: entriesFirst,
    }),
  );
  return part;
}
