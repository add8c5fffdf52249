import type { Action } from '../../domain/action.ts';
import type { FeeRate } from '../../domain/instrument.ts';
import type { Monitor } from '../../domain/monitor.ts';
import type { Decimal } from '../../domain/numbers.ts';
import { hasEnded, isOwnLink, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { difference } from '../goals/difference.ts';
import { type Facts, known, type Rules } from '../goals/facts.ts';
import { goalsOf } from '../goals/goal.ts';
import type { Step as GoalStep } from '../goals/step.ts';
import { factsOf } from './facts-of.ts';
import { protectionOf } from './protection.ts';
import { byRole, isSet } from './roles.ts';
import { onceTp1IsHit } from './rule-after-tp1.ts';

/** What the rule rests on, as of the moment of deciding. */
export interface PlaybookView {
  position: Position | null;
  /** Open orders of the position. */
  orders: readonly Order[];
  /** Latest price that could trigger a stop; `null` when none is known. */
  price: Decimal | null;
  fee: FeeRate;
  contract: Rules;
  /** The venue has refused to amend the stop order: it is to be replaced. */
  amendRefused: boolean;
}

/** One write the rule wants. */
export interface Step {
  action: Action;
  /** What it does and why, for the operator: "move the stop from 95 to 100.2, ...". */
  text: string;
  /** Only after the step before it is confirmed. */
  afterPrevious: boolean;
}

export interface Plan {
  steps: Step[];
  /** Where the stop has to be for the rule to be fulfilled; `null` when there is nothing to protect. */
  breakeven: Decimal | null;
  /** Why the stop cannot be moved now; the old one stays. */
  blocked: string | null;
}

/**
 * The rule for the first take-profit: every unit is stopped at the leg's breakeven or better, and the
 * entries that are still open go. It only states that; the difference to the facts is what is to be done.
 */
export function afterFirstTakeProfit(monitor: Monitor, view: PlaybookView): Plan {
  const facts = factsFor(monitor, view);
  const goals = onceTp1IsHit(facts);
  const { steps, blocked, waiting } = difference(facts, goals);
  const [breakeven] = goalsOf(goals, 'covered');
  const why = [...blocked, ...waiting].find(({ goal }) => goal === breakeven);
  return {
    steps: steps.flatMap((step) => stepFrom(facts, step)),
    breakeven: breakeven?.want.price ?? null,
    blocked: why ? clause(why.sentence) : null,
  };
}

/** "The price is ..." as part of another sentence. */
const clause = (sentence: string): string =>
  `${sentence.charAt(0).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`;

function factsFor(monitor: Monitor, view: PlaybookView): Facts {
  const { account, symbol, positionIdx, side, entries } = monitor;
  const { orders, price, fee, contract, amendRefused } = view;
  const position = view.position?.side === side ? view.position : null;
  const roles = byRole(orders, side);
  const { stop } = protectionOf(position, roles.stop);
  const open = new Set(roles.entry.flatMap((order) => (hasEnded(order) ? [] : [order.orderId])));
  return factsOf({
    account,
    symbol,
    positionIdx,
    at: 0,
    position: known(position),
    orders: known(orders),
    prices:
      price === null
        ? { known: false, reason: `No price of ${symbol} has come in.`, since: 0 }
        : known({ last: price, mark: price, index: price, asOf: 0 }),
    instrument: known(contract),
    fees: known(fee),
    // The rule moves stops and cancels entries; what became of a rung does not hold it up.
    plan: { side, takeProfits: [], entries: entries.filter(({ orderId }) => open.has(orderId)) },
    // Beside a stop on the position only what was placed here is ours; without one, what covers most is.
    isOurs: ({ orderId, orderLinkId }) =>
      isOwnLink(orderLinkId) || (!isSet(position?.stopLoss ?? null) && orderId === stop?.orderId),
    gone: { since: 0, reads: 0 },
    followed: null,
    unamendable: amendRefused ? roles.stop.map(({ orderId }) => orderId) : [],
    spent: [],
    refused: [],
  });
}

function stepFrom(
  facts: Facts,
  { write, text, goal, after, symbol, positionIdx }: GoalStep,
): Step[] {
  const action = actionFrom(facts, { symbol, positionIdx }, write);
  if (action === null) return [];
  const what = action.do === 'cancel' ? text : `${text} (breakeven with fees)`;
  return [{ action, text: `${what}, because ${goal.reason}`, afterPrevious: after.length > 0 }];
}

/** The write in the words of the actor; the goals of this rule come to no others. */
function actionFrom(
  { orders }: Facts,
  place: Pick<Action, 'symbol' | 'positionIdx'>,
  write: GoalStep['write'],
): Action | null {
  if (write.do === 'set-stop')
    return { do: write.do, ...place, price: write.stopLoss, triggerBy: write.triggerBy };
  if (write.do === 'cancel') return { do: write.do, ...place, orderId: write.orderId };
  if (write.do === 'amend') {
    const { orderId, triggerPrice, quantity } = write;
    const stop = orders.known && orders.value.stops.find((one) => one.orderId === orderId);
    const price = triggerPrice ?? (stop ? stop.price : null);
    if (price === null) return null;
    return { do: 'amend-stop', ...place, orderId, price, ...(quantity ? { quantity } : {}) };
  }
  if (write.do !== 'place' || write.triggerPrice === undefined) return null;
  const { side, quantity, triggerPrice, triggerBy, triggerDirection = 2 } = write;
  return {
    do: 'place-stop',
    ...place,
    side,
    quantity,
    price: triggerPrice,
    triggerBy,
    triggerDirection,
  };
}
