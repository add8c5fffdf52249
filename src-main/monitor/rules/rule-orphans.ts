import type { Monitor } from '../../domain/monitor.ts';
import type { Facts } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';

/**
 * Once a position has ended, what was planned for it is to go; the difference waits until it is proven that
 * nothing is there (P38). An entry that waits for a position that never was is no orphan.
 */
export function orphansOf({ position, at }: Facts, { phase }: Pick<Monitor, 'phase'>): Goal[] {
  if (phase !== 'closed' || !position.known || position.value.side !== null) return [];
  return [
    {
      want: { kind: 'no-orders', whose: 'own' },
      author: 'rule',
      reason: 'the position is gone',
      since: at,
      opening: null,
    },
  ];
}
