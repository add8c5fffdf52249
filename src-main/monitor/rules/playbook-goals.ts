import type { Decimal } from '../../domain/numbers.ts';
import type { Facts } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';
import { afterTp1 } from './rule-after-tp1.ts';
import { type LadderSettings, ladderOfPosition } from './rule-ladder.ts';
import { type StopSettings, stopOfPosition } from './rule-stop.ts';

export type PlaybookSettings = StopSettings & LadderSettings;

/** 85 / 5 / 5 / 5 % of the size, and a stop 5 % from the entry where none was planned. */
export const defaultPlaybook: PlaybookSettings = {
  stopDistance: '0.05',
  shares: ['85', '5', '5', '5'],
};

/** What the playbook wants of a position; `planned` is where its stop was to be, if that is known. */
export const playbookGoals = (
  facts: Facts,
  planned: Decimal | null,
  settings: PlaybookSettings,
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
