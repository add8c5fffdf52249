import type { PositionRow } from '../../../src-preload/contract/positions.ts';

/** Share of the size that stops cover, 0 to 1; for showing. */
export function coveredShare({ protection, protectedSize, size }: PositionRow): number {
  if (protection.state === 'full') return 1;
  return protection.state === 'part' ? Number(protectedSize) / Number(size) : 0;
}

/** Unrealised P&L as a fraction of what the position cost, leverage left aside; `null` when not known. */
export function profitShare(row: PositionRow): number | null {
  if (row.unrealisedPnl === null || row.entryPrice === null) return null;
  const cost = Number(row.entryPrice) * Number(row.size);
  return cost > 0 ? Number(row.unrealisedPnl) / cost : null;
}

/** Distance from mark to `price` as a fraction of the mark; `null` when either is not known. */
export function distanceTo(row: PositionRow, price: string | null): number | null {
  if (price === null || row.markPrice === null) return null;
  const mark = Number(row.markPrice);
  return mark > 0 ? Math.abs(Number(price) - mark) / mark : null;
}
