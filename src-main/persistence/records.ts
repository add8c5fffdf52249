import type { AccountId, Mode, Role, Venue } from '../domain/account.ts';
import type { PositionKey } from '../domain/keys.ts';
import type { Decimal } from '../domain/numbers.ts';
import type { PositionIdx, Side } from '../domain/position.ts';

/** What is remembered of an account. Never its keys. */
export interface AccountRecord {
  id: AccountId;
  role: Role;
  venue: Venue;
  mode: Mode;
}

/**
 * One wish to write to the venue, stored before it is sent (P56). `data` is the plan of whoever
 * acts, plain JSON; a `pending` one is handed back at the next start.
 */
export interface IntentRecord {
  id: string;
  account: AccountId;
  /** The position it is for, `null` for account-wide ones. */
  position: PositionKey | null;
  pending: boolean;
  /** How far it got, in the acting room's own words. */
  step: string;
  /** ms since 1970 UTC of the latest step. */
  at: number;
  data: unknown;
}

/** One line of a position's story. */
export interface TimelineRecord {
  id: string;
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  /** ms since 1970 UTC. */
  at: number;
  stage: 'seen' | 'decided' | 'would-do' | 'sent' | 'confirmed' | 'refused' | 'unknown';
  text: string;
  detail: string | null;
}

/** An alert and which channels still owe it: the outbox. */
export interface AlertRecord {
  id: string;
  severity: 'critical' | 'warning' | 'info';
  rule: string;
  account: AccountId | null;
  symbol: string | null;
  text: string;
  /** ms since 1970 UTC. */
  at: number;
  /** Channels that have not delivered it yet; empty once all have. */
  owed: string[];
}

/** What was last seen of a position between events: changes all the time, matters little. */
export interface SightingRecord {
  position: PositionKey;
  markPrice: Decimal | null;
  /** Distance to the nearest of stop, take-profits and entries, as a fraction of the mark. */
  distance: number | null;
  /** ms since 1970 UTC. */
  checkedAt: number;
}

export interface EquityRecord {
  account: AccountId;
  /** ms since 1970 UTC. */
  at: number;
  /** USD. */
  equity: Decimal;
  available: Decimal | null;
  unrealisedPnl: Decimal | null;
}

/** One pass of the monitor loop; the shape of the contract's `CycleRow`. */
export interface CycleRecord {
  startedAt: number;
  durationMs: number;
  restCalls: number;
  cacheAnswers: number;
  monitors: number;
  urgency: Record<string, number>;
  actions: number;
}

/**
 * One trade, from the first fill to flat. `id` names it for good, so that booking it twice is the
 * same as once (P51). Prices and amounts in the quote currency, sizes in base quantity.
 */
export interface TradeRecord {
  version: 1;
  id: string;
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  side: Side;
  /** Open size now; `"0"` once closed. */
  size: Decimal;
  /** Everything ever entered and left. */
  entered: Decimal;
  left: Decimal;
  /** Average prices of what was entered and left; `null` before the first. */
  entryPrice: Decimal | null;
  exitPrice: Decimal | null;
  /**
   * Price difference x quantity of what was left, before fees; never divided by leverage (P52).
   * `null` once a part is not known.
   */
  grossPnl: Decimal | null;
  /** Paid is positive; `null` once a part is not known. */
  fees: Decimal | null;
  /** Paid is positive; `null` once a part is not known. */
  funding: Decimal | null;
  /** Gross less fees and funding; `null` while open, when not every exit was seen, or a cost is not known. */
  realisedPnl: Decimal | null;
  /** True when not every entry was seen, so entry fees may be missing. */
  adopted: boolean;
  /** ms since 1970 UTC. */
  openedAt: number;
  closedAt: number | null;
  /** Why it ended, `null` while open. */
  closeReason: string | null;
}

/** One step of a trade's life. `id` is unique, so the same step is booked once. */
export interface TradeEventRecord {
  id: string;
  trade: string;
  account: AccountId;
  kind: 'opened' | 'entry' | 'exit' | 'funding' | 'change' | 'closed';
  /** ms since 1970 UTC. */
  at: number;
  price: Decimal | null;
  quantity: Decimal | null;
  /** Paid is positive. */
  fee: Decimal | null;
  text: string;
}

/**
 * One change of several rows, wanted as one: begun, then committed or rolled back. One that is found
 * `running` by a start was interrupted.
 */
export interface OperationRecord {
  id: string;
  what: string;
  author: 'operator' | 'desk';
  accounts: AccountId[];
  /** ms since 1970 UTC. */
  beganAt: number;
  /** `null` while it runs. */
  endedAt: number | null;
  state: 'running' | 'committed' | 'rolled-back' | 'interrupted';
  /** What it consists of; `doneAt` (ms since 1970 UTC) is `null` for what was not done. */
  steps: { text: string; doneAt: number | null }[];
  /** What came of it, `null` until committed. */
  summary: string | null;
  /** Why it was rolled back or interrupted. */
  why: string | null;
}

/** One critical transaction: what was changed, and how it ended. */
export interface JournalRecord {
  /** Transaction id; an operation that is one transaction gives it its own. */
  id: string;
  /** ms since 1970 UTC. */
  at: number;
  reason: string;
  /** Keys of the rows it was about. */
  subject: string[];
  /** The fields that differ, by row. */
  before: Record<string, unknown>;
  after: Record<string, unknown>;
  outcome: 'committed' | 'rolled-back';
  /** Why it was rolled back. */
  why: string | null;
}
