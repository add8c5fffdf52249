import type { Monitor } from '../../domain/monitor.ts';
import type { Decimal } from '../../domain/numbers.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Facts } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';
import { afterTp1 } from './rule-after-tp1.ts';
import { ladderOfPosition } from './rule-ladder.ts';
import { stopOfPosition } from './rule-stop.ts';

/** What the rules do for an account unless the operator says otherwise. */
export const defaultPlaybook: Playbook = {
  shares: ['85', '5', '5', '5'],
  foundLadder: 'as-found',
  breakevenAfterTp1: true,
  stopDistance: '5',
  trailing: null,
  guards: { dailyLoss: null, exposure: null, liquidation: null },
};

/** All that is wanted of one leg: the only place that asks the rules. */
export const goalsFor = ({
  facts,
  settings,
}: {
  facts: Facts;
  monitor: Monitor;
  settings: Playbook;
}): Goal[] => (settings.breakevenAfterTp1 ? afterTp1(facts) : []);

/** What the playbook wants of a position; `planned` is where its stop was to be, if that is known. */
export const playbookGoals = (
  facts: Facts,
  planned: Decimal | null,
  settings: Playbook,
): Goal[] => [
  ...stopOfPosition(facts, planned, settings),
  ...afterTp1(facts),
  ...ladderOfPosition(facts, settings),
];

/** Orders of ours whose position is gone are to go; the difference waits until that is proven. */
export const orphanGoals = (facts: Facts): Goal[] =>
  facts.position.known && facts.position.value.side === null
    ? [
        {
          want: { kind: 'no-orders', whose: 'own' },
          author: 'rule',
          reason: 'the position is gone',
          since: facts.at,
          opening: null,
        },
      ]
    : [];
