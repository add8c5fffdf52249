import { dividedBy, greater, less, times } from '../../src-main/domain/numbers.ts';
import { isOpen, quoteOf } from '../../src-main/practice/engine/state/venue.ts';
import type { World } from '../../src-main/practice/world.ts';
import { isCovered } from './cover.ts';
import type { Built } from './hands.ts';

/** Both fees of 0.055 %; the margin on top is the desk's own. */
const WAY_BACK = { Buy: '1.0011', Sell: '0.9989' } as const;

/**
 * Positions whose first target was hit and that are not as they must be then: stopped at breakeven or
 * better, without the entries they were built with. One sentence each.
 */
export function unfulfilled(world: World, built: readonly Built[]): string[] {
  return built.flatMap(({ account, symbol, openTime, target, entries }): string[] => {
    const leg = [...account.positions.values()].find((one) => one.symbol === symbol && isOpen(one));
    if (!leg || leg.openTime !== openTime || leg.side === '') return [];
    const order = account.open.get(target) ?? account.endedById.get(target);
    if (!order || less(order.filled, times(order.qty, '0.99'))) return [];
    const found: string[] = [];
    const resting = entries.filter((id) => account.open.has(id));
    if (resting.length > 0)
      found.push(
        `${account.name} ${symbol}: ${resting.length} entries rest after the first target`,
      );
    const level = times(dividedBy(leg.entryValue, leg.size), WAY_BACK[leg.side]);
    const quote = quoteOf(world.venue, symbol);
    const last = quote.contract.grid.price(quote.last);
    // With room for the rounding of the tick: nearer than that a stop cannot be set.
    const near = leg.side === 'Buy' ? times(level, '1.001') : times(level, '0.999');
    const cannot = leg.side === 'Buy' ? !greater(last, near) : !less(last, near);
    if (!cannot && !isCovered(account, leg, level))
      found.push(`${account.name} ${symbol}: not stopped at breakeven after the first target`);
    return found;
  });
}
