import type { VerdictState } from '../../src-preload/contract/verdict.ts';
import type {
  Phase,
  ProtectionState,
  Urgency,
  VerdictSeverity,
} from '../../src-preload/contract/words.ts';
import type { AccountId } from './account.ts';
import type { Decimal } from './numbers.ts';
import type { PositionIdx, Side } from './position.ts';

export type { Phase, ProtectionState, Urgency, VerdictSeverity, VerdictState };

/** One entry order of a monitor's plan. */
export interface PlannedEntry {
  orderId: string;
  price: Decimal | null;
  quantity: Decimal;
  /** Cumulative, from the venue's totals. */
  filledQuantity: Decimal;
  open: boolean;
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

/**
 * Holdfast's record of one position: what was intended, what has happened, what protects it.
 * Plain data, saved as JSON with its `version`; identity is `positionKey` of its first three fields.
 */
export interface Monitor {
  version: 1;
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  side: Side;
  phase: Phase;
  /** Size once every planned entry is filled. */
  targetSize: Decimal;
  size: Decimal;
  entryPrice: Decimal | null;
  entries: PlannedEntry[];
  takeProfits: TakeProfit[];
  stop: Stop | null;
  breakevenMoved: boolean;
  /** The newest execution that detection has taken in; `null` before the first. */
  lastExecution: { execId: string; executedAt: number } | null;
  /** ms since 1970 UTC. */
  openedAt: number;
  phaseChangedAt: number;
  updatedAt: number;
}
