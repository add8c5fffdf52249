import type { Facts } from './facts.ts';
import type { Draft } from './step.ts';

/**
 * The name of a wish: position, opening and what is written. An order that the venue has had under this
 * name and ended, or a twin within the same plan, gives the next one a number: a link id is never used
 * twice (P30), while a wish repeated after a doubt is the same wish.
 */
export function wishOf(facts: Facts, { write }: Draft, taken: ReadonlySet<string>): string {
  const { account, symbol, positionIdx, position, spent } = facts;
  const opening = position.known && position.value.side !== null ? position.value.opening : null;
  const content = Object.entries(write)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const wish = [account, symbol, positionIdx, opening ?? 'flat', ...content].join('/');
  const isNamed = (name: string): boolean => spent.includes(name) || taken.has(name);
  let name = wish;
  for (let count = 2; isNamed(name); count += 1) name = `${wish}/${count}`;
  return name;
}
