import type { Mode, Phase, PositionIdx, ProtectionState, Side, Source, Urgency } from './words.ts';

/** What the exchange says of a symbol that is not understood; nothing is concluded or sent meanwhile. */
export interface NotUnderstood {
  since: number;
  sentence: string;
  /** At least one; `raw` is what stands in the exchange's field, as JSON. */
  oddities: { kind: string; field: string; raw: string; sentence: string }[];
}

/** What lies between a position and what is wanted of it, as it was last worked out. */
export interface PositionNeeds {
  /** In the order they would be sent; each a sentence, with its reason. */
  steps: { text: string; why: string }[];
  /** What is wanted and cannot be had as things are, with what may be chosen instead. */
  blocked: { why: string; sentence: string; offers: string[] }[];
  /** What is not known yet, a sentence each. */
  waiting: string[];
}

export interface PositionRow {
  account: string;
  symbol: string;
  /** `null`, as `size`, where nothing that is understood was ever said of it. */
  side: Side | null;
  positionIdx: PositionIdx;
  size: string | null;
  entryPrice: string | null;
  markPrice: string | null;
  unrealisedPnl: string | null;
  leverage: string | null;
  liquidationPrice: string | null;
  stop: { price: string; quantity: string | 'full'; source: 'position' | 'order' } | null;
  /** How much of `size` a stop covers. */
  protectedSize: string;
  protection: {
    state: ProtectionState;
    /** The position would be liquidated before its stop is reached. */
    beyondLiquidation: boolean;
    sentence: string;
  };
  /** P&L in the quote currency if the stop is hit at its price, fees aside; `null` where none covers anything. */
  profitIfStopped: string | null;
  /** It may no longer be as it is shown: not heard of for too long, or not understood. */
  doubtful: boolean;
  /** Present: every figure is only what was known last, and it is not known to be protected. */
  notUnderstood: NotUnderstood | null;
  /** Why the contract has no prices or is not traded as usual, as a sentence; `null` when all is well. */
  contractTrouble: string | null;
  /** `null` until it has been worked out, and where nothing is missing. */
  needs: PositionNeeds | null;
  takeProfits: {
    level: number;
    price: string;
    quantity: string;
    filledQuantity: string;
    orderId: string | null;
  }[];
  phase: Phase;
  urgency: Urgency;
  breakevenMoved: boolean;
  /** Nearest of take-profits, stop and open entries; distance as a fraction of the mark price. */
  nearest: { what: string; price: string; distance: number } | null;
  /** Digits after the point of the contract's tick and quantity step. */
  priceDecimals: number;
  quantityDecimals: number;
  asOf: number;
  source: Source;
}

export interface MonitorRow {
  account: string;
  symbol: string;
  side: Side;
  positionIdx: PositionIdx;
  phase: Phase;
  mode: Mode;
  targetSize: string;
  size: string;
  openedAt: number;
  updatedAt: number;
}
