import type { PositionIdx, Side } from './words.ts';

/**
 * What a proposal comes to: `no-stop` covers what no stop covers, `lowers` gives less away, `ladder` lays
 * take-profits, `tidies` takes away what is not needed any more, `adds` opens more or gives more away.
 */
export type ProposalKind = 'no-stop' | 'lowers' | 'ladder' | 'tidies' | 'adds';

/** One field of a call, by the exchange's own name. */
export interface ProposedField {
  field: string;
  /** What stands there now; `null` where nothing does. */
  now: string | null;
  value: string;
  /** What that means, a clause; empty where the name says it. */
  meaning: string;
  /** The call is about this one. */
  matters: boolean;
}

/** One call, as it would go out. */
export interface ProposedStep {
  /** A sentence. */
  text: string;
  /** "position/trading-stop". */
  call: string;
  fields: ProposedField[];
}

/** What a proposal rests on. */
export interface ProposedFact {
  fact: string;
  value: string;
  /** ms since 1970 UTC. */
  asOf: number;
  /** What must still be true when it is sent, a clause. */
  mustHold: string;
  /** Someone should look. */
  alarming: boolean;
}

/** What came of it when it was approved and nothing, or not all of it, was done. */
export interface ProposalNote {
  at: number;
  kind: 'changed' | 'refused' | 'unknown' | 'not-sent';
  sentence: string;
}

/** What one position needs, in an account that proposes: sent as it stands here, or not at all. */
export interface ApprovalRow {
  /** The same steps, the same id. */
  id: string;
  account: string;
  symbol: string;
  positionIdx: PositionIdx;
  /** `null` where the position is closed. */
  side: Side | null;
  kind: ProposalKind;
  /** What would be done, a sentence. */
  what: string;
  /** A sentence for each reason. */
  why: string;
  /** The fields of the first call. */
  order: Record<string, string>;
  /** Every call, in the order they would be sent. */
  steps: ProposedStep[];
  facts: ProposedFact[];
  /** When the facts were last looked at, ms since 1970 UTC. */
  factsAt: number;
  ifNothing: string;
  /**
   * P&L in the quote currency if every stop is hit at its price, fees aside, as things are and once it is
   * done; `null` where a unit has no stop, or the entry price is not known.
   */
  ifStopped: { before: string | null; after: string | null };
  /** Where it would be liquidated as things are, and the P&L of that; `null` where the exchange names no price. */
  liquidation: { price: string; result: string } | null;
  proposedAt: number;
  /** Approved, and on its way. */
  sending: boolean;
  note: ProposalNote | null;
}

const ranks: Readonly<Record<ProposalKind, number>> = {
  'no-stop': 0,
  lowers: 1,
  ladder: 2,
  tidies: 2,
  adds: 2,
};

type Ranked = Pick<ApprovalRow, 'kind' | 'proposedAt' | 'id'>;

/** What is without a stop, what lowers risk, then the oldest. */
export const mostUrgentFirst = (a: Ranked, b: Ranked): number =>
  ranks[a.kind] - ranks[b.kind] || a.proposedAt - b.proposedAt || (a.id < b.id ? -1 : 1);

export type ApprovalOutcome =
  | /** Done, by the exchange's own word. */ 'confirmed'
  | 'refused'
  | /** Sent, and not known whether it was taken. */ 'unknown' /** Something else is needed now: `id` is the proposal that says what. Nothing was sent. */
  | 'changed'
  | /** It is not needed any more. Nothing was sent. */ 'lapsed'
  | /** It could not be looked at or sent just now; it stands. */ 'not-sent';

/** What became of a proposal, in words too. */
export interface ApprovalAnswer {
  id: string;
  outcome: ApprovalOutcome;
  text: string;
}

/** A proposal that stands no more. */
export interface AnsweredRow {
  /** Of the answer, not of the proposal: the same may be proposed and answered again. */
  id: string;
  proposal: string;
  at: number;
  account: string;
  symbol: string;
  positionIdx: PositionIdx;
  what: string;
  /** `ended`: its position is over, or its account does not propose any more. */
  how: 'confirmed' | 'dismissed' | 'withdrawn' | 'replaced' | 'ended';
  /** A sentence. */
  text: string;
}
