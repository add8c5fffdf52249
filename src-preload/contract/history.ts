import type { PositionIdx, Side } from './words.ts';

export interface HistoryRow {
  id: string;
  account: string;
  symbol: string;
  side: Side;
  size: string;
  entryPrice: string | null;
  exitPrice: string | null;
  realisedPnl: string | null;
  fees: string | null;
  openedAt: number;
  closedAt: number;
  reason: string;
}

export interface TimelineRow {
  id: string;
  account: string;
  symbol: string;
  positionIdx: PositionIdx;
  at: number;
  /** How far it got: seen by us, decided, sent, confirmed by the venue, refused, unknown. */
  stage: 'seen' | 'decided' | 'would-do' | 'sent' | 'confirmed' | 'refused' | 'unknown';
  text: string;
  detail: string | null;
}

export interface StatisticsState {
  asOf: number | null;
  figures: Record<string, string | null>;
}
