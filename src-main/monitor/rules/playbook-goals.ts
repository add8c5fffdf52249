import type { Monitor } from '../../domain/monitor.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Facts } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';
import { afterTp1 } from './rule-after-tp1.ts';
import { ladderOfPosition } from './rule-ladder.ts';
import { orphansOf } from './rule-orphans.ts';
import { stopOfPosition } from './rule-stop.ts';
import { trailingOf } from './rule-trailing.ts';

/** What the rules do for an account unless the operator says otherwise. */
export const defaultPlaybook: Playbook = {
  shares: ['85', '5', '5', '5'],
  foundLadder: 'as-found',
  breakevenAfterTp1: true,
  stopDistance: '5',
  trailing: null,
};

/**
 * All that is wanted of one leg, by whomever: what the operator or a guard has set, and what each rule of
 * the account's playbook says. Who comes before whom is the difference's to know.
 */
export const goalsFor = ({
  facts,
  monitor: { phase, plan, rules },
  settings,
}: {
  facts: Facts;
  monitor: Pick<Monitor, 'phase' | 'plan' | 'rules'>;
  settings: Playbook;
}): Goal[] => [
  ...plan.goals,
  ...stopOfPosition(facts, plan, settings),
  ...(settings.breakevenAfterTp1 ? afterTp1(facts) : []),
  ...trailingOf(facts, rules, settings),
  ...ladderOfPosition(facts, plan, settings),
  ...orphansOf(facts, { phase }),
];
