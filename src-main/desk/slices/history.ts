import type { HistoryRow } from '../../../src-preload/contract/history.ts';
import type { TradeRecord } from '../../persistence/records.ts';

/** A closed trade as the history shows it; `null` for one that is still open. */
export function historyRow(trade: TradeRecord): HistoryRow | null {
  if (trade.closedAt === null) return null;
  return {
    id: trade.id,
    account: trade.account,
    symbol: trade.symbol,
    side: trade.side,
    size: trade.left,
    entryPrice: trade.entryPrice,
    exitPrice: trade.exitPrice,
    realisedPnl: trade.realisedPnl,
    fees: trade.fees,
    openedAt: trade.openedAt,
    closedAt: trade.closedAt,
    reason: trade.closeReason ?? 'not known',
  };
}
