import type { ProposedFact } from '../../../src-preload/contract/approvals.ts';
import type { Entry, Facts, Held, LegOrders, Rung, StopOrder } from '../goals/facts.ts';
import type { Step, Write } from '../goals/step.ts';
import { heldOf, ordersOf } from './known-parts.ts';

/** The facts the steps rest on, and what must still be true of each when they are sent. */
export function factsTold(facts: Facts, steps: readonly Step[]): ProposedFact[] {
  const held = heldOf(facts);
  const writes = steps.map(({ write }) => write);
  return [
    positionFact(facts, held, writes),
    ...stopFact(facts, held, writes),
    ...ordersTold(facts, writes),
    ...priceFact(facts, held, writes),
    ...rulesFact(facts),
  ];
}

const plain = { alarming: false };

function positionFact(
  { position, at }: Facts,
  held: Held | null,
  writes: readonly Write[],
): ProposedFact {
  const fact = 'Position';
  if (held === null)
    return {
      fact,
      value: 'closed',
      asOf: position.known && position.value.side === null ? position.value.since : at,
      mustHold: 'still closed',
      ...plain,
    };
  const { side, size, entryPrice } = held;
  const value = `${side} ${size}${entryPrice === null ? '' : ` at ${entryPrice}`}`;
  const ofAnySize = writes.every(
    ({ do: what }) => what === 'set-stop' || what === 'set-trail' || what === 'cancel',
  );
  const mustHold = `still ${side}, ${ofAnySize ? 'any size' : 'the same size'}`;
  return { fact, value, asOf: at, mustHold, ...plain };
}

function stopFact({ at }: Facts, held: Held | null, writes: readonly Write[]): ProposedFact[] {
  const set = writes.find((write) => write.do === 'set-stop');
  if (held === null || !set) return [];
  const value = held.stop?.price ?? 'none';
  const mustHold = `not yet at ${set.stopLoss}`;
  return [{ fact: 'Its stop', value, asOf: at, mustHold, alarming: held.stop === null }];
}

function ordersTold(facts: Facts, writes: readonly Write[]): ProposedFact[] {
  const orders = ordersOf(facts);
  if (orders === null) return [];
  const ids = new Set(
    writes.flatMap((write) =>
      write.do === 'amend' || write.do === 'cancel' ? [write.orderId] : [],
    ),
  );
  return [...ids].map((id) => ({ ...orderFact(orders, id), asOf: facts.at, ...plain }));
}

function orderFact(
  { rungs, entries, stops }: LegOrders,
  id: string,
): Pick<ProposedFact, 'fact' | 'value' | 'mustHold'> {
  const isIt = ({ orderId }: { orderId: string | null }): boolean => orderId === id;
  const mustHold = 'still open, the same';
  const rung = rungs.find(isIt);
  if (rung) return { fact: `Take-profit ${rung.level}`, value: standing(rung), mustHold };
  const entry = entries.find(isIt);
  if (entry) return { fact: 'Entry', value: standing(entry), mustHold };
  const stop = stops.find(isIt);
  if (stop) return { fact: 'Stop order', value: stopValue(stop), mustHold };
  return { fact: 'Order', value: `open, ${id}`, mustHold };
}

const standing = ({ quantity, filledQuantity, price }: Rung | Entry): string =>
  `${quantity} at ${price ?? 'market'}, ${filledQuantity} filled`;

const stopValue = ({ quantity, price }: StopOrder): string =>
  `${quantity === 'whole' ? 'the whole position' : quantity} at ${price}`;

/** Which price must not have been passed, where the steps lean on one. */
function priceFact({ prices }: Facts, held: Held | null, writes: readonly Write[]): ProposedFact[] {
  if (!prices.known || held === null) return [];
  const { last, mark, asOf } = prices.value;
  const value = last ?? mark;
  const level = writes.flatMap(stopLevel)[0];
  if (value === null || level === undefined) return [];
  const mustHold = `${held.side === 'long' ? 'above' : 'below'} ${level}`;
  return [{ fact: 'Price', value, asOf, mustHold, ...plain }];
}

function stopLevel(write: Write): string[] {
  if (write.do === 'set-stop') return [write.stopLoss];
  const isStop = write.do === 'place' && write.as === 'stop';
  return isStop && write.triggerPrice !== undefined ? [write.triggerPrice] : [];
}

function rulesFact({ instrument, at }: Facts): ProposedFact[] {
  if (!instrument.known) return [];
  const { tickSize, quantityStep, minQuantity } = instrument.value;
  const value = `${tickSize} and ${quantityStep}, at least ${minQuantity}`;
  return [{ fact: 'Tick and step', value, asOf: at, mustHold: 'unchanged', ...plain }];
}
