import type { Plan } from '../../domain/monitor.ts';
import type { Decimal } from '../../domain/numbers.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Facts, Rung } from '../goals/facts.ts';
import type { Goal, WantedRung } from '../goals/goal.ts';

/**
 * The take-profits close the position whatever its size has become. A ladder is left as it was found until
 * entries fill beside it; from then on its levels keep their parts of the size (`plan.ladder`), or the
 * playbook's from the start where that is set. What somebody took out stays out; what was filled stays filled.
 */
export function ladderOfPosition(
  facts: Facts,
  plan: Pick<Plan, 'ladder'>,
  settings: Pick<Playbook, 'shares' | 'foundLadder'>,
): Goal[] {
  const { orders, position, at } = facts;
  if (!orders.known || !position.known || position.value.side === null) return [];
  const levels = standing(orders.value.rungs);
  const byPlaybook = settings.foundLadder === 'shares' && settings.shares.length === levels.length;
  const shares = byPlaybook ? settings.shares : sharesOf(levels, plan.ladder);
  if (shares === null || levels.length === 0) return [];
  const rungs = levels.map(({ level, price }, n): WantedRung => {
    return { level, price, share: shares[n] ?? '0' };
  });
  return [
    {
      want: { kind: 'ladder', rungs },
      author: 'rule',
      reason: byPlaybook
        ? `the playbook's shares are ${settings.shares.join(' / ')}`
        : 'the take-profits keep their parts of the size',
      since: at,
      opening: position.value.opening,
    },
  ];
}

/** Levels with an open order or a filled one, nearest first; of one that was replaced the open order's price counts. */
function standing(rungs: readonly Rung[]): Pick<Rung, 'level' | 'price'>[] {
  const levels = new Map<number, Rung>();
  for (const rung of rungs) {
    if (rung.state !== 'gone' && levels.get(rung.level)?.state !== 'open')
      levels.set(rung.level, rung);
  }
  return [...levels.values()].sort((a, b) => a.level - b.level);
}

/** `null` where nothing is planned, or not for one of the levels. */
function sharesOf(
  levels: readonly Pick<Rung, 'level'>[],
  ladder: Plan['ladder'],
): Decimal[] | null {
  const shares = levels.flatMap(
    ({ level }) => ladder?.find((part) => part.level === level)?.share ?? [],
  );
  return ladder !== null && shares.length === levels.length ? shares : null;
}
