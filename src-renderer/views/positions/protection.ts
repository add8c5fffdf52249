import Big from 'big.js';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { STALE_MS } from '../../parts/age.tsx';
import { compareDecimals } from '../../parts/decimal.ts';

export interface Protection {
  /** `unknown`: there is a stop, but the desk has not worked out yet what it covers. */
  state: 'none' | 'unknown' | 'part' | 'full';
  /** Share of the size that a stop covers, 0 to 1; for showing. */
  share: number;
  /** The position would be liquidated before its stop is reached. */
  stopBeyondLiquidation: boolean;
}

export function protectionOf(row: PositionRow): Protection {
  const { size, protectedSize } = row;
  const nothing = compareDecimals(protectedSize, '0') <= 0;
  const full = !nothing && compareDecimals(protectedSize, size) >= 0;
  const state = row.stop === null ? 'none' : nothing ? 'unknown' : full ? 'full' : 'part';
  return {
    state,
    share: state === 'full' ? 1 : state === 'part' ? Number(protectedSize) / Number(size) : 0,
    stopBeyondLiquidation: beyondLiquidation(row),
  };
}

function beyondLiquidation({ stop, liquidationPrice, side }: PositionRow): boolean {
  if (!stop || !liquidationPrice || compareDecimals(liquidationPrice, '0') <= 0) return false;
  const order = compareDecimals(liquidationPrice, stop.price);
  return side === 'long' ? order >= 0 : order <= 0;
}

/** Why someone should look at this position, in words; empty when nothing calls for it. */
export function attentionOf(row: PositionRow, now: number): string[] {
  const { state, stopBeyondLiquidation } = protectionOf(row);
  const reasons: string[] = [];
  if (state === 'none') reasons.push('no stop');
  if (state === 'unknown') reasons.push('stop not checked yet');
  if (state === 'part') reasons.push('partly protected');
  if (stopBeyondLiquidation) reasons.push('stop beyond liquidation');
  if (now - row.asOf > STALE_MS) reasons.push('not seen lately');
  return reasons;
}

/** Unrealised P&L as a fraction of what the position cost, leverage left aside; `null` when not known. */
export function profitShare(row: PositionRow): number | null {
  if (row.unrealisedPnl === null || row.entryPrice === null) return null;
  const cost = Number(row.entryPrice) * Number(row.size);
  return cost > 0 ? Number(row.unrealisedPnl) / cost : null;
}

/** P&L in the quote currency if the stop is hit at its price, fees aside; `null` where no stop is known to cover anything. */
export function profitIfStopped(row: PositionRow): string | null {
  if (row.entryPrice === null || !row.stop || compareDecimals(row.protectedSize, '0') <= 0)
    return null;
  const move = new Big(row.stop.price).minus(row.entryPrice).times(row.protectedSize);
  return (row.side === 'long' ? move : move.times(-1)).toFixed();
}

/** Distance from mark to `price` as a fraction of the mark; `null` when either is not known. */
export function distanceTo(row: PositionRow, price: string | null): number | null {
  if (price === null || row.markPrice === null) return null;
  const mark = Number(row.markPrice);
  return mark > 0 ? Math.abs(Number(price) - mark) / mark : null;
}
