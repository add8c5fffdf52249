import { unplanned } from '../../domain/monitor.ts';
import { type Decimal, equal, less, minus, sum } from '../../domain/numbers.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Side } from '../../domain/position.ts';
import { coversAll, levelsOf } from '../../monitor/goals/cover.ts';
import { difference } from '../../monitor/goals/difference.ts';
import type { Facts, Held, LegOrders, Rules } from '../../monitor/goals/facts.ts';
import { goalsFor } from '../../monitor/rules/playbook-goals.ts';
import { factsFrom, type Recorded } from './sightings.ts';

/** How a leg of a snapshot stands, the worst first. */
export const states = ['unprotected', 'orphaned', 'drifted', 'in order'] as const;
export type State = (typeof states)[number];

export interface Judged {
  account: string;
  symbol: string;
  side: Side;
  /** Base quantity; `"0"` where there is no position. */
  size: Decimal;
  state: State;
  /** A monitor is recorded for it. */
  watched: boolean;
  hasStop: boolean;
  hasTakeProfits: boolean;
  /** What is not as it should be, one sentence each. */
  found: string[];
  /** What Holdfast would send, in order, each with its reason. */
  would: string[];
  /** What it could not do, or not yet, and why. */
  cannot: string[];
}

/** Judges one recorded leg by the playbook, as the engine would. */
export function judgeLeg(
  leg: Recorded,
  at: number,
  rules: Rules | null,
  settings: Playbook,
): Judged {
  const facts = factsFrom(leg, at, rules);
  // What stands in the snapshot is all there is: it says nothing of a plan.
  const phase = leg.position ? 'adopted' : 'closed';
  const goals = goalsFor({ facts, monitor: { phase, ...unplanned() }, settings });
  const { steps, blocked, waiting } = difference(facts, goals);
  const { account, symbol, side, position, monitor } = leg;
  const orders = facts.orders.known ? facts.orders.value : null;
  const held = heldIn(facts);
  const isCovered =
    held !== null && orders !== null && coversAll(levelsOf(held, orders.stops), held.size);
  const cannot = [...new Set([...blocked, ...waiting].map(({ sentence }) => sentence))];
  const found = [
    ...(monitor ? [] : ['No monitor is recorded for it.']),
    ...(held && orders ? findings(held, orders) : []),
    ...(position ? [] : ['A monitor is recorded, but there is no position.']),
  ];
  const isRight = steps.length === 0 && cannot.length === 0 && found.length === 0;
  return {
    account,
    symbol,
    side,
    size: position?.size ?? '0',
    state: !position ? 'orphaned' : !isCovered ? 'unprotected' : isRight ? 'in order' : 'drifted',
    watched: monitor !== null,
    hasStop: (orders?.stops.length ?? 0) > 0,
    hasTakeProfits: (orders?.rungs.length ?? 0) > 0,
    found,
    would: steps.map(({ text, goal }) => `${text}, because ${goal.reason}`),
    cannot,
  };
}

const heldIn = ({ position }: Facts): Held | null =>
  position.known && position.value.side !== null ? position.value : null;

function findings({ size }: Held, { stops, rungs }: LegOrders): string[] {
  const stopped = sum(stops.map(({ quantity }) => (quantity === 'whole' ? size : quantity)));
  const open = rungs.filter(({ state }) => state === 'open');
  const taken = sum(open.map(({ quantity, filledQuantity }) => minus(quantity, filledQuantity)));
  const found: string[] = [];
  if (stops.length === 0) found.push('It has no stop.');
  else if (less(stopped, size)) found.push(`Only ${stopped} of ${size} has a stop.`);
  else if (!equal(stopped, size))
    found.push(`Its stop is for ${stopped}, the position is ${size}.`);
  if (rungs.length === 0) found.push('It has no take-profits.');
  else if (!equal(taken, size))
    found.push(`Its open take-profits are for ${taken}, the position is ${size}.`);
  return found;
}
