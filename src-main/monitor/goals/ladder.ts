import {
  compare,
  type Decimal,
  dividedBy,
  equal,
  isPositive,
  isZero,
  less,
  minus,
  plus,
  smallest,
  sum,
  toStep,
} from '../../domain/numbers.ts';
import type { Held, Rung } from './facts.ts';
import { byPrecedence, type GoalOf, nameOf, type WantedRung } from './goal.ts';
import { ladderQuantities } from './ladder-quantities.ts';
import { closingSide, isAmendable, priceOf, restOf, type Scene, tighter } from './scene.ts';
import { type Draft, nothing, type Part } from './step.ts';

type Ladder = GoalOf<'ladder'>;

/** A rung that is this full when it ends counts as filled. */
const FULL = '0.99';

/** What stands at one level: its open order, and all that was filled there. */
interface Level {
  wanted: WantedRung;
  open: Rung | null;
  filled: Decimal;
  done: boolean;
}

/**
 * The strongest ladder's levels hold its shares of the size. What is too much is cut before anything is
 * raised, the largest first, so that the rungs together are never more than the position; a filled rung is
 * never made again (P26). While the position is being made smaller the ladder waits for the next round.
 */
export function ladder(scene: Scene, goals: readonly Ladder[], closing: boolean): Part {
  const part = nothing();
  const { held } = scene;
  const [goal, ...others] = [...goals].sort(byPrecedence);
  if (held === null || goal === undefined) return part;
  part.behind = others
    .filter(({ want }) => JSON.stringify(want) !== JSON.stringify(goal.want))
    .map((other) => ({
      goal: other,
      by: goal,
      sentence: `Its ladder stands behind ${nameOf(goal)}.`,
    }));
  if (closing) return part;
  const levels = levelsOf(scene, goal);
  const room = roomOf(scene, held);
  const quantities = ladderQuantities(
    room,
    levels.map(({ wanted, filled, done }) => ({ share: wanted.share, filled, done })),
    scene.rules,
  );
  const isOpen = levels.some(({ done }) => !done);
  if (isOpen && quantities.every(isZero)) {
    const sentence = isPositive(room)
      ? `${room} is below the smallest order of ${scene.rules.minQuantity}, so no take-profit can stand.`
      : 'Orders that are not ours already close the whole position.';
    part.blocked.push({ goal, sentence, offers: [] });
  }
  const laying: Laying = { scene, held, goal, part };
  levels.forEach((level, at) => {
    layRung(laying, level, quantities[at] ?? '0');
  });
  const spare = scene.orders.rungs.filter(
    (one) => one.state === 'open' && !levels.some(({ open }) => open === one),
  );
  part.drafts.push(...spare.flatMap((one) => cancel(one, goal, 'which the ladder does not have')));
  part.drafts = inOrder(part.drafts);
  return part;
}

const levelsOf = ({ orders }: Scene, { want }: Ladder): Level[] =>
  [...want.rungs]
    .sort((a, b) => a.level - b.level)
    .map((wanted) => {
      const rows = orders.rungs.filter(({ level }) => level === wanted.level);
      return {
        wanted,
        open: rows.find(({ state }) => state === 'open') ?? null,
        filled: sum(rows.map(({ filledQuantity }) => filledQuantity)),
        done: rows.some(isFilled),
      };
    });

const isFilled = ({ state, filledQuantity, quantity }: Rung): boolean =>
  state === 'filled' ||
  (state === 'gone' && isPositive(quantity) && !less(dividedBy(filledQuantity, quantity), FULL));

/** What the ladder may be for: the size, less what another's reduce-only orders take up. */
function roomOf({ orders }: Scene, { size }: Held): Decimal {
  const taken = sum(orders.foreign.flatMap((one) => (one.reduces ? [one.quantity] : [])));
  return minus(size, smallest(taken, size));
}

/** What the levels of one ladder are laid with; drafts and troubles go into `part`. */
interface Laying {
  scene: Scene;
  held: Held;
  goal: Ladder;
  part: Part;
}

/** A rung as it is to stand: its price on the tick, `quantity` what its order is to have open. */
interface Stand {
  level: number;
  price: Decimal;
  quantity: Decimal;
}

function layRung(laying: Laying, { wanted, open, done }: Level, quantity: Decimal): void {
  const { scene, goal, part } = laying;
  const price = toStep(wanted.price, scene.rules.tickSize, 'nearest');
  const stand: Stand = { level: wanted.level, price, quantity };
  if (open === null) {
    if (!done && isPositive(quantity)) place(laying, stand);
    return;
  }
  const moved = !equal(open.price, price);
  if (equal(restOf(open), quantity) && !moved) return;
  if (isZero(quantity)) {
    part.drafts.push(...cancel(open, goal, 'whose share is too small to stand'));
  } else if (!isAmendable(scene, open.orderId ?? '')) {
    part.drafts.push(...cancel(open, goal, 'which cannot be amended and is placed anew'));
    place(laying, stand);
  } else if (!moved || !hasPassed(laying, stand)) {
    part.drafts.push(amend(laying, open, stand));
  }
}

function amend({ goal }: Laying, open: Rung, { level, price, quantity }: Stand): Draft {
  const rest = restOf(open);
  const resized = !equal(rest, quantity);
  const moved = !equal(open.price, price);
  const total = plus(open.filledQuantity, quantity);
  const to = [
    ...(resized ? [`from ${open.quantity} to ${total}`] : []),
    ...(moved ? [`from ${open.price} to ${price}`] : []),
  ];
  return {
    phase: less(quantity, rest) ? 'cancel' : 'place',
    write: {
      do: 'amend',
      orderId: open.orderId ?? '',
      ...(resized ? { quantity: total } : {}),
      ...(moved ? (open.conditional ? { triggerPrice: price } : { price }) : {}),
    },
    text: `change take-profit ${level} ${to.join(' and ')}`,
    goal,
    after: [],
  };
}

function place(laying: Laying, stand: Stand): void {
  if (hasPassed(laying, stand)) return;
  const { held, goal, part } = laying;
  const { level, price, quantity } = stand;
  part.drafts.push({
    phase: 'place',
    write: {
      do: 'place',
      as: 'rung',
      of: level,
      side: closingSide(held.side),
      type: 'Limit',
      quantity,
      price,
      timeInForce: 'GTC',
      reduceOnly: true,
      closeOnTrigger: false,
    },
    text: `place take-profit ${level} for ${quantity} at ${price}`,
    goal,
    after: [],
  });
}

/** A rung whose price has been passed would be a market order: that is asked for, not done. */
function hasPassed(
  { scene, held, goal, part }: Laying,
  { level, price, quantity }: Stand,
): boolean {
  const read = priceOf(scene, 'LastPrice');
  if ('unknown' in read) {
    part.waiting.push({ goal, sentence: read.unknown });
    return true;
  }
  if (tighter(held.side, price, read.price)) return false;
  part.blocked.push({
    goal,
    sentence: `The price ${read.price} has passed take-profit ${level} at ${price}: placed now, it would close ${quantity} at once.`,
    offers: [
      {
        text: `Close ${quantity} at market.`,
        want: { kind: 'size-at-most', size: minus(held.size, quantity) },
      },
      { text: 'Leave it out.', want: null },
    ],
  });
  return true;
}

const cancel = ({ orderId, level, price }: Rung, goal: Ladder, why: string): Draft[] =>
  orderId === null
    ? []
    : [
        {
          phase: 'cancel',
          write: { do: 'cancel', orderId },
          text: `cancel take-profit ${level} at ${price}, ${why}`,
          goal,
          after: [],
        },
      ];

/** Cuts first, the largest of them before the others; what is raised waits until they are confirmed. */
function inOrder(drafts: readonly Draft[]): Draft[] {
  const amount = ({ write }: Draft): Decimal =>
    write.do === 'amend' ? (write.quantity ?? '0') : '0';
  const cuts = drafts
    .filter(({ phase }) => phase === 'cancel')
    .sort((a, b) => compare(amount(b), amount(a)));
  const raises = drafts.filter(({ phase }) => phase !== 'cancel');
  return [...cuts, ...raises.map((raise) => ({ ...raise, after: cuts }))];
}
