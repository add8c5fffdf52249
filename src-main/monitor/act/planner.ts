import type { Cache } from '../../cache/cache.ts';
import type { Facts, Sight } from '../../cache/facts.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Playbook } from '../../domain/playbook.ts';
import { type Difference, difference } from '../goals/difference.ts';
import type { Facts as GoalFacts } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';
import { PRICE_GOOD_FOR_MS } from '../goals/scene.ts';
import { goalsFor } from '../rules/playbook-goals.ts';
import { trailedAfter } from '../rules/rule-trailing.ts';
import type { Planned } from '../watch/planned.ts';
import type { Watch } from '../watch/watch.ts';
import { freshFacts } from './fresh-facts.ts';
import { legFacts } from './leg-facts.ts';

/** A position that is gone is read whole again this long after the read before, ms. */
const READS_APART_MS = 4_000;

/** What one set of facts comes to. */
export interface Plan extends Difference {
  facts: GoalFacts;
  goals: Goal[];
  /** Of what was known of the leg. */
  version: number;
}

/** Works out what is wanted of a watch and what is missing to it, and keeps it there as what is planned. */
export interface Planner {
  /** On what is held: for looking. What the rules have seen by it is remembered in the monitor. */
  seen(watch: Watch, sight: Sight): Plan;
  /**
   * On one fresh set of facts, fit to be written on; what it lacks is read first. What was `seen` in this
   * very turn, of what the stream keeps true, is not worked out twice.
   */
  fresh(
    watch: Watch,
    seen: Plan | null,
  ): Promise<{ facts: Facts; plan: Plan } | { reason: string }>;
  /** A price is not known, or the rules of the contract or its fees, so that what is wanted may not be all. */
  isUnknown(watch: Watch, plan: Plan): boolean;
}

export function createPlanner(options: {
  cache: Cache;
  clock: Clock;
  playbookOf: (account: AccountId) => Playbook;
}): Planner {
  const { cache, clock } = options;

  function planOn(watch: Watch, rows: Sight, from: Planned['facts']): Plan {
    const facts = legFacts(options, watch, rows);
    const settings = options.playbookOf(watch.monitor.account);
    const goals = goalsFor({ facts, monitor: watch.monitor, settings });
    const version = cache.version(watch.monitor);
    const plan = { ...difference(facts, goals), facts, goals, version };
    const { steps, blocked, waiting, behind } = plan;
    watch.planned = { at: facts.at, facts: from, steps, blocked, waiting, behind };
    const wanted = new Set(steps.map(({ wish }) => wish));
    for (const wish of watch.doing.tries.keys())
      if (!wanted.has(wish)) watch.doing.tries.delete(wish);
    return plan;
  }

  function isUnknown({ monitor }: Watch, { goals, waiting }: Plan): boolean {
    const { account, symbol } = monitor;
    const known = cache.instrument(symbol) !== null && cache.feeRate(account, symbol) !== null;
    return waiting.length > 0 || (!known && goals.length > 0);
  }

  /** Reads what is not known of the contract and its fees, a price that is too old, and whether it is gone. */
  async function readFor({ monitor, doing }: Watch, { waiting }: Plan): Promise<void> {
    const { account, symbol } = monitor;
    const isGoing = waiting.some(({ goal }) => goal.want.kind === 'no-orders');
    const lastRead = doing.flat?.wholeAsOf ?? 0;
    const proves = isGoing && clock.now() - lastRead >= READS_APART_MS;
    await Promise.all([
      proves && cache.lookAgain(account),
      cache.feeRate(account, symbol) ?? cache.read(account, 'feeRates'),
      cache.instrument(symbol) ?? cache.readShared('instruments'),
      cache.freshTicker(symbol, PRICE_GOOD_FOR_MS),
    ]);
  }

  /** The stream kept true what was seen, and has told nothing since. */
  const isSame = (watch: Watch, seen: Plan | null, facts: Facts): seen is Plan =>
    seen !== null &&
    facts.stampedBy === 'stream' &&
    seen.facts.at === facts.asOf &&
    seen.version === cache.version(watch.monitor);

  return {
    seen(watch, sight) {
      const plan = planOn(watch, sight, { stampedBy: 'held', asOf: clock.now() });
      const { monitor } = watch;
      const rules = trailedAfter(plan.facts, monitor.rules, options.playbookOf(monitor.account));
      if (rules !== monitor.rules) watch.monitor = { ...monitor, rules };
      return plan;
    },
    async fresh(watch, seen) {
      const first = await freshFacts(options, watch);
      if ('reason' in first) return first;
      const same = isSame(watch, seen, first.facts);
      const plan = same ? seen : planOn(watch, first.facts, first.facts);
      if (same && watch.planned) watch.planned.facts = first.facts;
      if (!isUnknown(watch, plan)) return { facts: first.facts, plan };
      await readFor(watch, plan);
      const again = await freshFacts(options, watch);
      if ('reason' in again) return again;
      return { facts: again.facts, plan: planOn(watch, again.facts, again.facts) };
    },
    isUnknown,
  };
}
