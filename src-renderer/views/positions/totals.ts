import Big from 'big.js';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';

export interface Totals {
  positions: number;
  /** Quote currency; over the positions whose P&L is known. */
  unrealisedPnl: string;
  /** Positions left out of `unrealisedPnl` because theirs is not known. */
  withoutPnl: number;
  /** As a fraction of what the positions cost; `null` when nothing is open. */
  share: number | null;
  /** Quote currency; what is left if every stop is hit at its price, fees aside. */
  ifStopped: string;
  /** Positions that no stop bounds and that are left out of `ifStopped`. */
  withoutStop: number;
  /** Positions that are not understood and are left out of both. */
  notUnderstood: number;
}

export function totalsOf(rows: readonly PositionRow[]): Totals {
  let pnl = new Big(0);
  let cost = 0;
  let stopped = new Big(0);
  let withoutPnl = 0;
  let withoutStop = 0;
  let notUnderstood = 0;
  for (const row of rows) {
    if (row.notUnderstood) {
      notUnderstood += 1;
      continue;
    }
    if (row.unrealisedPnl === null) withoutPnl += 1;
    else {
      pnl = pnl.plus(row.unrealisedPnl);
      if (row.entryPrice !== null) cost += Number(row.entryPrice) * Number(row.size);
    }
    const left = row.profitIfStopped;
    if (left === null) withoutStop += 1;
    else stopped = stopped.plus(left);
  }
  return {
    positions: rows.length,
    unrealisedPnl: pnl.toFixed(),
    withoutPnl,
    share: cost > 0 ? pnl.toNumber() / cost : null,
    ifStopped: stopped.toFixed(),
    withoutStop,
    notUnderstood,
  };
}
