import type {
  ApprovalAnswer,
  ApprovalRow,
  ProposalNote,
} from '../../../src-preload/contract/approvals.ts';
import type { AccountId } from '../../domain/account.ts';
import type { PositionKey } from '../../domain/keys.ts';
import type { PositionIdx } from '../../domain/position.ts';
import type { Proposal } from './proposal.ts';

/** A position, or where one was. */
export interface Leg {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
}

/** A row as far as it follows from the proposal. */
export type ProposalRow = Omit<ApprovalRow, 'liquidation'>;

/** A proposal that stands. */
export interface Standing {
  key: PositionKey;
  leg: Leg;
  proposal: Proposal;
  proposedAt: number;
  note: ProposalNote | null;
  /** Its approval while that is under way. */
  approval: { at: number; used: boolean; answer: Promise<ApprovalAnswer> } | null;
  /** Why it could not be worked out at the last look; `null` when it could. */
  unknown: string | null;
  row: ProposalRow | null;
}

export function rowOf({ leg, proposal, proposedAt, note, approval }: Standing): ProposalRow {
  const { id, side, kind, what, why, calls, told: facts, ifNothing, ifStopped } = proposal;
  const first = calls[0]?.fields ?? [];
  return {
    id,
    ...leg,
    side,
    kind,
    what,
    why,
    order: Object.fromEntries(first.map(({ field, value }) => [field, value])),
    steps: calls,
    facts,
    factsAt: proposal.facts.at,
    ifNothing,
    ifStopped,
    proposedAt,
    sending: approval !== null,
    note,
  };
}
