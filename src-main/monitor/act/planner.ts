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
import type { Planned } from '../watch/planned.ts';
import type { Watch } from '../watch/watch.ts';
import { freshFacts } from './fresh-facts.ts';
import { legFacts } from './leg-facts.ts';

/** What one set of facts comes to. */
export interface Plan extends Difference {
  facts: GoalFacts;
  goals: Goal[];
}

/** Works out what is wanted of a watch and what is missing to it, and keeps it there as what is planned. */
export interface Planner {
  /** On what is held: for looking. */
  seen(watch: Watch, sight: Sight): Plan;
  /** On one fresh set of facts, fit to be written on; what it lacks is read first. */
  fresh(watch: Watch): Promise<{ facts: Facts; plan: Plan } | { reason: string }>;
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
    const plan = { ...difference(facts, goals), facts, goals };
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

  /** Reads what is not known of the contract and its fees, and a price that is too old. */
  async function readFor({ monitor }: Watch): Promise<void> {
    const { account, symbol } = monitor;
    await Promise.all([
      cache.feeRate(account, symbol) ?? cache.read(account, 'feeRates'),
      cache.instrument(symbol) ?? cache.readShared('instruments'),
      cache.freshTicker(symbol, PRICE_GOOD_FOR_MS),
    ]);
  }

  return {
    seen: (watch, sight) => planOn(watch, sight, { stampedBy: 'held', asOf: clock.now() }),
    async fresh(watch) {
      const first = await freshFacts(options, watch);
      if ('reason' in first) return first;
      const plan = planOn(watch, first.facts, first.facts);
      if (!isUnknown(watch, plan)) return { facts: first.facts, plan };
      await readFor(watch);
      const again = await freshFacts(options, watch);
      if ('reason' in again) return again;
      return { facts: again.facts, plan: planOn(watch, again.facts, again.facts) };
    },
    isUnknown,
  };
}
