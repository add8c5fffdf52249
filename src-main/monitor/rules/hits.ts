import { dividedBy, isPositive, less, sum } from '../../domain/numbers.ts';
import type { Rung } from '../goals/facts.ts';
import { HIT } from './ladder.ts';

/**
 * The levels of a ladder that were hit: their filled quantity has reached 99 %, or their order has ended
 * with a fill and none stands in its place. One that was taken out unfilled is no level.
 */
export function levelsHit(rungs: readonly Rung[]): { level: number; hit: boolean }[] {
  const levels = [...new Set(rungs.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.flatMap((level) => {
    const rows = rungs.filter((rung) => rung.level === level);
    const isOpen = rows.some(({ state }) => state === 'open');
    const filled = sum(rows.map(({ filledQuantity }) => filledQuantity));
    const isFilled = rows.some(({ state }) => state === 'filled');
    if (!isOpen && !isFilled) return isPositive(filled) ? [{ level, hit: true }] : [];
    // What a replaced order left unfilled is no longer to be filled.
    const quantity = sum(
      rows.map((row) => (row.state === 'gone' ? row.filledQuantity : row.quantity)),
    );
    const isFull = isPositive(quantity) && !less(dividedBy(filled, quantity), HIT);
    return [{ level, hit: isFilled || isFull }];
  });
}
