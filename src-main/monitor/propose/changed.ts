import { equal } from '../../domain/numbers.ts';
import type { Difference } from '../goals/difference.ts';
import type { Facts } from '../goals/facts.ts';
import { heldOf, ordersOf } from './known-parts.ts';
import type { Proposal } from './proposal.ts';
import { each } from './sentences.ts';

/** What is another than when it was proposed, for one who approved it as it was. */
export function whatChanged(before: Proposal, now: Proposal): string {
  const moved = movedFacts(before.facts, now.facts);
  const wishes = new Set(before.steps.map(({ wish }) => wish));
  const stay = now.steps.filter(({ wish }) => wishes.has(wish)).length;
  const steps =
    stay === now.steps.length
      ? 'Less is needed than was proposed.'
      : stay === before.steps.length
        ? 'More is needed than was proposed.'
        : 'Other steps are needed than were proposed.';
  return each([...moved, steps]);
}

/** Why what was proposed is not needed any more. */
export function whyGone(before: Proposal, difference: Difference, facts: Facts): string {
  const moved = movedFacts(before.facts, facts);
  const blocked = difference.blocked.map((one) => one.sentence);
  if (blocked.length > 0) return each([...moved, ...blocked]);
  return each(moved.length > 0 ? moved : ['Nothing is left to do.']);
}

/** Position, stop and the orders the steps were about, where they are not what they were. */
function movedFacts(before: Facts, now: Facts): string[] {
  const [was, is] = [heldOf(before), heldOf(now)];
  const told: string[] = [];
  if (was && !is) return ['The position is closed.'];
  if (is && was && is.opening !== was.opening) return ['It is another position by now.'];
  if (is && was && is.side !== was.side) told.push(`The position is ${is.side} now.`);
  if (is && was && !equal(is.size, was.size))
    told.push(`The size is ${is.size}, it was ${was.size}.`);
  if (is && was && is.entryPrice !== was.entryPrice && is.entryPrice !== null)
    told.push(`The entry price is ${is.entryPrice}, it was ${was.entryPrice}.`);
  if (is && was && is.stop?.price !== was.stop?.price)
    told.push(
      is.stop === null
        ? 'The stop is gone.'
        : `The stop is at ${is.stop.price}${was.stop === null ? '' : `, it was at ${was.stop.price}`}.`,
    );
  return [...told, ...movedOrders(before, now)];
}

interface Named {
  id: string;
  name: string;
  quantity: string;
  price: string | null;
}

function movedOrders(before: Facts, now: Facts): string[] {
  const present = new Map(openOrders(now).map((order) => [order.id, order]));
  const past = new Map(openOrders(before).map((order) => [order.id, order]));
  const left = [...past.values()].flatMap((was) => {
    const is = present.get(was.id);
    if (!is) return [`${was.name} is not open any more.`];
    return is.quantity === was.quantity && is.price === was.price
      ? []
      : [`${was.name} is ${is.quantity} at ${is.price ?? 'market'} now.`];
  });
  const came = [...present.values()]
    .filter(({ id }) => !past.has(id))
    .map(({ name, quantity, price }) => `${name}, ${quantity} at ${price ?? 'market'}, is new.`);
  return [...left, ...came];
}

function openOrders(facts: Facts): Named[] {
  const orders = ordersOf(facts);
  if (orders === null) return [];
  const { rungs, entries, stops } = orders;
  return [
    ...stops.map(({ orderId, quantity, price }) => ({
      id: orderId,
      name: `The stop order at ${price}`,
      quantity: quantity === 'whole' ? 'the whole position' : quantity,
      price,
    })),
    ...rungs.flatMap(({ orderId, state, level, quantity, price }) =>
      orderId !== null && state === 'open'
        ? [{ id: orderId, name: `Take-profit ${level}`, quantity, price }]
        : [],
    ),
    ...entries.flatMap(({ orderId, state, quantity, price }) =>
      state === 'open'
        ? [{ id: orderId, name: `The entry at ${price ?? 'market'}`, quantity, price }]
        : [],
    ),
  ];
}

/**
 * What is not known now is neither needed nor not: until it is, what stood stands, and what is a part of
 * something is not proposed alone. Only protection waits for nothing, unless the operator has said no to it.
 * The sentences that say what is not known; `null` where that makes no difference.
 */
export function unknownIn(
  { steps, waiting }: Difference,
  before: Proposal | undefined,
  isDismissed: boolean,
): string | null {
  if (waiting.length === 0) return null;
  const wishes = new Set(before?.steps.map(({ wish }) => wish));
  const isPart = steps.length < wishes.size && steps.every(({ wish }) => wishes.has(wish));
  const protects = steps.some(({ phase }) => phase === 'protect');
  if (protects && !isPart && !isDismissed) return null;
  return each(waiting.map(({ sentence }) => sentence));
}
