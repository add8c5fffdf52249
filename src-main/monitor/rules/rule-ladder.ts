import type { Playbook } from '../../domain/playbook.ts';
import type { Facts } from '../goals/facts.ts';
import type { Goal } from '../goals/goal.ts';

/**
 * The take-profits hold the playbook's shares of the size, whatever it has become: entry fills, a close
 * elsewhere and dust are put right alike. A ladder with another number of levels is somebody's own and left.
 */
export function ladderOfPosition(facts: Facts, { shares }: Pick<Playbook, 'shares'>): Goal[] {
  const { orders, position, at } = facts;
  if (!orders.known || !position.known || position.value.side === null) return [];
  // Of a level that was replaced the open order's price counts.
  const rows = [...orders.value.rungs].sort(
    (a, b) => Number(a.state === 'open') - Number(b.state === 'open'),
  );
  const levels = new Map(rows.map(({ level, price }) => [level, price]));
  if (levels.size !== shares.length) return [];
  const inOrder = [...levels].sort(([a], [b]) => a - b);
  const rungs = inOrder.map(([level, price], index) => ({
    level,
    price,
    share: shares[index] ?? '0',
  }));
  return [
    {
      want: { kind: 'ladder', rungs },
      author: 'rule',
      reason: `the playbook's shares are ${shares.join(' / ')}`,
      since: at,
      opening: position.value.opening,
    },
  ];
}
