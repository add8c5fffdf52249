import type { PositionIdx, Side } from '../../src-preload/contract/words.ts';
import type { AccountId } from './account.ts';
import type { Decimal } from './numbers.ts';

export type { PositionIdx, Side };

/** One position of one account. Prices and amounts in the quote currency, size in base quantity. */
export interface Position {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  /** `null` when flat. */
  side: Side | null;
  /** Never negative; `"0"` when flat. */
  size: Decimal;
  entryPrice: Decimal | null;
  markPrice: Decimal | null;
  positionValue: Decimal | null;
  leverage: Decimal | null;
  liquidationPrice: Decimal | null;
  /** The venue's own figure, which nets realised P&L. Shown, never used as a stop (P64). */
  venueBreakEvenPrice: Decimal | null;
  unrealisedPnl: Decimal | null;
  currentRealisedPnl: Decimal | null;
  cumulativeRealisedPnl: Decimal | null;
  initialMargin: Decimal | null;
  maintenanceMargin: Decimal | null;
  /** Full-position trading stop set on the position itself. */
  takeProfit: Decimal | null;
  stopLoss: Decimal | null;
  /** Distance in quote currency. */
  trailingStop: Decimal | null;
  status: 'Normal' | 'Liq' | 'Adl';
  adlRank: number;
  reduceOnly: boolean;
  /** When this position was opened; `null` where the venue does not say. ms since 1970 UTC. */
  openedAt: number | null;
  /** When the symbol was first held, perhaps long before this position. */
  createdAt: number | null;
  updatedAt: number | null;
  /** The venue's cross sequence, -1 when the symbol was never traded. Newer is larger. */
  seq: number;
}
