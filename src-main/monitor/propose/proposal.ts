import { createHash } from 'node:crypto';
import type {
  ProposalKind,
  ProposedFact,
  ProposedStep,
} from '../../../src-preload/contract/approvals.ts';
import { sum } from '../../domain/numbers.ts';
import type { Side } from '../../domain/position.ts';
import type { Facts } from '../goals/facts.ts';
import { restOf } from '../goals/scene.ts';
import type { Step } from '../goals/step.ts';
import { factsTold } from './facts-told.ts';
import { heldOf, ordersOf } from './known-parts.ts';
import { callOf } from './sent-fields.ts';
import { each, sentence } from './sentences.ts';
import { type Worth, worthOf } from './worth.ts';

/** The difference of one leg put to the operator: a value, the same for the same steps and facts. */
export interface Proposal {
  /** From the wishes of its steps and nothing else. */
  id: string;
  side: Side | null;
  kind: ProposalKind;
  what: string;
  why: string;
  calls: ProposedStep[];
  told: ProposedFact[];
  ifNothing: string;
  ifStopped: Worth['ifStopped'];
  steps: readonly Step[];
  facts: Facts;
}

export function proposalOf(steps: readonly Step[], facts: Facts): Proposal {
  const { kind, ifStopped } = worthOf(steps, facts);
  return {
    id: idOf(steps),
    side: heldOf(facts)?.side ?? null,
    kind,
    what: headline(steps),
    why: each(steps.map(({ goal }) => sentence(goal.reason))),
    calls: steps.map((step) => callOf(step, facts)),
    told: factsTold(facts, steps),
    ifNothing: each(steps.map((step) => ifNotDone(step, facts))),
    ifStopped,
    steps,
    facts,
  };
}

const idOf = (steps: readonly Step[]): string =>
  createHash('sha256')
    .update(JSON.stringify(steps.map(({ wish }) => wish)))
    .digest('base64url')
    .slice(0, 22);

/** One or two steps in full, of more the first. */
function headline(steps: readonly Step[]): string {
  const [first = '', second, ...rest] = steps.map(({ text }) => text);
  if (second === undefined) return sentence(first);
  return sentence(
    rest.length === 0 ? `${first}, and ${second}` : `${first}, and ${rest.length + 1} more steps`,
  );
}

function ifNotDone({ write, phase, goal, symbol }: Step, facts: Facts): string {
  const held = heldOf(facts);
  if (phase === 'protect') return stopAsItIs(facts, symbol);
  if (goal.want.kind === 'ladder') return ladderAsItIs(facts);
  switch (write.do) {
    case 'cancel': {
      const entry = ordersOf(facts)?.entries.find(({ orderId }) => orderId === write.orderId);
      if (!entry) return 'The order stays open.';
      return `The entry for ${restOf(entry)} at ${entry.price ?? 'market'} stays open and may fill.`;
    }
    case 'close':
      return `The position stays at ${held?.size ?? 'its size'}.`;
    case 'place':
      return 'Nothing is added to the position.';
    default:
      return 'It stays as it is.';
  }
}

function stopAsItIs(facts: Facts, symbol: string): string {
  const held = heldOf(facts);
  const own = ordersOf(facts)?.stops ?? [];
  if (held?.stop) return `The stop stays at ${held.stop.price}.`;
  if (own.length === 0) return `${symbol} stays without a stop.`;
  return `The stops stay at ${[...new Set(own.map(({ price }) => price))].join(' and ')}.`;
}

function ladderAsItIs(facts: Facts): string {
  const open = (ordersOf(facts)?.rungs ?? []).filter(({ state }) => state === 'open');
  const size = heldOf(facts)?.size ?? 'the position';
  return `The take-profits stay as they are, for ${sum(open.map(restOf))} of ${size}.`;
}
