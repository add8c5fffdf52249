import type { VerdictState } from '../../src-preload/contract/verdict.ts';
import type {
  Phase,
  ProtectionState,
  Urgency,
  VerdictSeverity,
} from '../../src-preload/contract/words.ts';
import type { AccountId } from './account.ts';
import type { Goal } from './goal.ts';
import type { Decimal } from './numbers.ts';
import type { TriggerBy } from './order.ts';
import type { PositionIdx, Side } from './position.ts';

export type { Phase, ProtectionState, Urgency, VerdictSeverity, VerdictState };

/** One entry order, as the venue last told it. */
export interface PlannedEntry {
  orderId: string;
  price: Decimal | null;
  quantity: Decimal;
  /** Cumulative, from the venue's totals. */
  filledQuantity: Decimal;
  open: boolean;
  /** False for one that was placed elsewhere after a take-profit was hit: no rule cancels it. */
  planned: boolean;
}

/** One rung of the take-profit ladder, identified by its order id and level (P10). */
export interface TakeProfit {
  level: number;
  price: Decimal;
  quantity: Decimal;
  filledQuantity: Decimal;
  orderId: string | null;
  /** `open` on the book, `filled` for good, `gone` when ended unfilled. */
  state: 'open' | 'filled' | 'gone';
}

export interface Stop {
  price: Decimal;
  /** `full` covers the whole position whatever its size. */
  quantity: Decimal | 'full';
  /** A trading stop on the position itself, or a conditional order. */
  source: 'position' | 'order';
  orderId: string | null;
}

/** What is wanted and does not follow from what the venue says. */
export interface Plan {
  /** Where the whole position was last covered: a stop that is missing is put back there. */
  stop: { price: Decimal; triggerBy: TriggerBy } | null;
  /** The parts of the ladder by level, in any unit, once entries have filled beside it; `null` leaves it as it is. */
  ladder: { level: number; share: Decimal }[] | null;
  /** Set by the operator or a guard for this opening. */
  goals: Goal[];
}

/** What the rules have seen, so that a restart repeats nothing. */
export interface RuleMemory {
  /** Distance of the first stop from the entry, quote currency: R. */
  risk: Decimal | null;
  /** The best price since the stop trails in steps: highest for a long, lowest for a short. */
  trailedFrom: Decimal | null;
}

/**
 * Holdfast's record of one position: what the venue says of it, then what is wanted (`plan`) and what the
 * rules have seen (`rules`); its story is the timeline. Plain data, saved as JSON with its `version`;
 * `positionKey` of its first three fields is its place, `opening` tells it from an earlier one there.
 */
export interface Monitor {
  version: 2;
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  side: Side;
  /** When the venue says the position was opened, ms since 1970 UTC; `null` until it says so. */
  opening: number | null;
  phase: Phase;
  /** Size once every open entry is filled. */
  targetSize: Decimal;
  size: Decimal;
  entryPrice: Decimal | null;
  entries: PlannedEntry[];
  takeProfits: TakeProfit[];
  /** The stop that covers most. */
  stop: Stop | null;
  otherStops: Stop[];
  plan: Plan;
  rules: RuleMemory;
  breakevenMoved: boolean;
  /** The newest execution that detection has taken in; `null` before the first. */
  lastExecution: { execId: string; executedAt: number } | null;
  /** When it was opened, as far as is known, else found. ms since 1970 UTC. */
  openedAt: number;
  phaseChangedAt: number;
  updatedAt: number;
}

/** A plan of nothing, and rules that have seen nothing. */
export const unplanned = (): Pick<Monitor, 'plan' | 'rules'> => ({
  plan: { stop: null, ladder: null, goals: [] },
  rules: { risk: null, trailedFrom: null },
});

export const isStopOf = ({ stop, otherStops }: Monitor, orderId: string): boolean =>
  stop?.orderId === orderId || otherStops.some((one) => one.orderId === orderId);
