import { type Decimal, equal, less } from '../../domain/numbers.ts';
import type { StopOrder } from './facts.ts';
import { closingSide } from './scene.ts';
import { withoutExcess, withoutSpare } from './spare-stops.ts';
import type { Draft, Write } from './step.ts';
import type { Covering, StopSet, WantedStop } from './stop-target.ts';
import { movedStops } from './wanted-stops.ts';

/**
 * The fewest writes that bring every unit of the position behind the target, in an order in which no unit
 * loses cover on the way: what moves a stop or places one comes first, then what cuts one, and only when
 * that is confirmed goes what is not needed any more (P22).
 */
export function stopSteps(of: Covering): Draft[] {
  const wanted = withoutExcess(of, withoutSpare(of, movedStops(of)));
  const moves = [...onPosition(of, wanted), ...onOrders(of, wanted)];
  const stays = new Set(wanted.orders.map(({ orderId }) => orderId));
  const cancels = of.own
    .filter(({ orderId }) => !stays.has(orderId))
    .map(({ orderId, quantity, price }) => {
      const text = `cancel the stop for ${quantity} at ${price}, which is not needed any more`;
      return draft(of, { do: 'cancel', orderId }, text, moves);
    });
  return [...moves, ...cancels];
}

const draft = (
  { goal }: Covering,
  write: Write,
  text: string,
  after: readonly Draft[] = [],
): Draft => ({ phase: 'protect', write, text, goal, after });

function onPosition(of: Covering, { position }: StopSet): Draft[] {
  const present = of.held.stop;
  if (position === null) return [];
  const { price, triggerBy } = position;
  if (present && equal(present.price, price) && present.triggerBy === triggerBy) return [];
  const write: Write = { do: 'set-stop', stopLoss: price, triggerBy };
  return [draft(of, write, moveText(present?.price ?? null, price))];
}

function onOrders(of: Covering, { orders }: StopSet): Draft[] {
  const changes = orders.flatMap((stop) => {
    const present = of.own.find(({ orderId }) => orderId === stop.orderId);
    if (present === undefined) return [{ cuts: false, draft: place(of, stop) }];
    const amended = amend(of, present, stop);
    return amended ? [{ cuts: isCut(present, stop), draft: amended }] : [];
  });
  const cuts = changes.filter((change) => change.cuts);
  return [...changes.filter((change) => !change.cuts), ...cuts].map((change) => change.draft);
}

const isCut = ({ quantity: from }: StopOrder, { quantity: to }: WantedStop): boolean =>
  from !== 'whole' && to !== 'whole' && less(to, from);

function amend(of: Covering, from: StopOrder, to: WantedStop): Draft | null {
  const { quantity } = to;
  const resized =
    quantity !== 'whole' && from.quantity !== 'whole' && !equal(quantity, from.quantity);
  const moved = !equal(to.price, from.price);
  const change = {
    ...(moved ? { triggerPrice: to.price } : {}),
    ...(resized ? { quantity } : {}),
    ...(to.triggerBy === from.triggerBy ? {} : { triggerBy: to.triggerBy }),
  };
  if (Object.keys(change).length === 0) return null;
  const text = moved
    ? `${moveText(from.price, to.price)}${resized ? `, for ${quantity}` : ''}`
    : `change the stop at ${from.price} from ${from.quantity} to ${quantity}`;
  return draft(of, { do: 'amend', orderId: from.orderId, ...change }, text);
}

function place(of: Covering, { price, quantity, triggerBy }: WantedStop): Draft {
  const { side, size } = of.held;
  return draft(
    of,
    {
      do: 'place',
      as: 'stop',
      side: closingSide(side),
      type: 'Market',
      quantity: quantity === 'whole' ? size : quantity,
      reduceOnly: true,
      closeOnTrigger: true,
      triggerPrice: price,
      triggerBy,
      triggerDirection: side === 'long' ? 2 : 1,
    },
    `place a stop for ${quantity} at ${price}`,
  );
}

const moveText = (from: Decimal | null, to: Decimal): string =>
  from === null ? `set a stop at ${to}` : `move the stop from ${from} to ${to}`;
