import { covered } from './covered.ts';
import { entries, planEntries } from './entries.ts';
import type { Facts } from './facts.ts';
import { type Goal, goalsOf } from './goal.ts';
import { ladder } from './ladder.ts';
import { noOrders } from './no-orders.ts';
import { type Scene, sceneOf } from './scene.ts';
import { grown, planSize } from './size.ts';
import {
  type Behind,
  type Blocked,
  type Draft,
  joined,
  nothing,
  phases,
  type Step,
  type Waiting,
} from './step.ts';
import { trail } from './trail.ts';
import { wishOf } from './wish.ts';

export interface Difference {
  /** In the order they are to be sent. Empty is "done", as far as nothing is blocked or waited for. */
  steps: Step[];
  blocked: Blocked[];
  waiting: Waiting[];
  behind: Behind[];
  /** Goals of an opening that is over. */
  ended: Goal[];
}

/**
 * What lies between one fresh set of facts and what is wanted, as the fewest writes: protect, then
 * cancel, then close, then place. The same facts and goals give the same steps under the same names.
 */
export function difference(facts: Facts, goals: readonly Goal[]): Difference {
  const scene = sceneOf(facts);
  if (typeof scene === 'string') {
    const waiting = goals.map((goal) => ({ goal, sentence: scene }));
    return { steps: [], blocked: [], waiting, behind: [], ended: [] };
  }
  const ended = goals.filter((goal) => isOver(scene, goal));
  const live = goals.filter((goal) => !ended.includes(goal));
  const entryPlan = planEntries(scene, live);
  const { part: size, closing, leaving } = planSize(scene, live);
  const trailing = leaving ? nothing() : trail(scene, goalsOf(live, 'trail'));
  // A trailing stop that is set anew may sleep or start further away: it covers nothing meanwhile.
  const covering = trailing.drafts.length > 0 ? withoutTrail(scene) : scene;
  const { drafts, blocked, waiting, behind } = joined([
    covered(covering, goalsOf(live, 'covered'), entryPlan.staying, leaving),
    trailing,
    entryPlan.part,
    noOrders(scene, goalsOf(live, 'no-orders'), entryPlan.part.drafts),
    size,
    ladder(scene, goalsOf(live, 'ladder'), closing),
    ...(closing ? [] : [entries(scene, entryPlan, live), grown(scene, live)]),
  ]);
  const steps = named(
    facts,
    phases.flatMap((phase) => drafts.filter((one) => one.phase === phase)),
  );
  const allowed = withoutRefused(facts, steps);
  return {
    steps: allowed.steps,
    blocked: [...blocked, ...allowed.blocked],
    waiting,
    behind,
    ended,
  };
}

const withoutTrail = (scene: Scene): Scene => ({
  ...scene,
  held: scene.held && { ...scene.held, trail: null },
});

/** A goal ends with the opening it was set for: what is opened later has goals of its own (M1). */
const isOver = ({ held }: Scene, { opening }: Goal): boolean =>
  opening !== null && held !== null && held.opening !== null && held.opening !== opening;

function named(facts: Facts, drafts: readonly Draft[]): Step[] {
  const { symbol, positionIdx } = facts;
  const wishes = new Map<Draft, string>();
  const taken = new Set<string>();
  for (const draft of drafts) {
    const wish = wishOf(facts, draft, taken);
    wishes.set(draft, wish);
    taken.add(wish);
  }
  return drafts.map((draft) => ({
    ...draft,
    symbol,
    positionIdx,
    wish: wishes.get(draft) ?? '',
    after: draft.after.flatMap((before) => wishes.get(before) ?? []),
  }));
}

/** What the venue refused for good is not sent again as long as nothing has changed, nor what waits for it. */
function withoutRefused(facts: Facts, all: readonly Step[]): { steps: Step[]; blocked: Blocked[] } {
  const out = new Set<string>();
  const blocked: Blocked[] = [];
  for (const { wish, after, goal, text } of all) {
    const refusal = facts.refused.find((one) => one.wish === wish);
    if (refusal || after.some((before) => out.has(before))) out.add(wish);
    if (!refusal) continue;
    const sentence = `The exchange refused to ${text}: ${refusal.reason}`;
    blocked.push({ goal, sentence, offers: [] });
  }
  return { steps: all.filter(({ wish }) => !out.has(wish)), blocked };
}
