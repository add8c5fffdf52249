import type { Mode, Phase, PositionIdx, ProtectionState, Side, Source, Urgency } from './words.ts';

export interface PositionRow {
  account: string;
  symbol: string;
  side: Side;
  positionIdx: PositionIdx;
  size: string;
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
  /** It may no longer be as it is shown: its account has not been heard of for too long. */
  doubtful: boolean;
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
