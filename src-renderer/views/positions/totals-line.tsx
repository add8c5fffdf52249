import { memo, type ReactNode } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { Profit } from '../../parts/figure.tsx';
import { money, percent, plural, signOf } from '../../parts/number-text.ts';
import type { PositionColumn } from './columns.tsx';
import { totalsOf } from './totals.ts';

/** The sums under the table. What could not be summed is said, not left out in silence. */
export const TotalsLine = memo(function TotalsLine({
  rows,
  columns,
}: {
  rows: readonly PositionRow[];
  columns: readonly PositionColumn[];
}) {
  const totals = totalsOf(rows);
  const left =
    totals.withoutPnl > 0 ? `${plural(totals.withoutPnl, 'position')} left out: P&L not known` : '';
  const cells: Record<string, ReactNode> = {
    symbol: plural(totals.positions, 'position'),
    pnl: (
      <span title={left}>
        <Profit value={totals.unrealisedPnl} />
        {left && ' *'}
      </span>
    ),
    share: percent(totals.share, 2, true),
    nearest: (
      <span className="over" title="P&L left if every stop is hit at its price, fees aside">
        If all stops hit{' '}
        <span className={signOf(totals.ifStopped) < 0 ? 'down' : 'up'}>
          {money(totals.ifStopped, true)}
        </span>
        {totals.withoutStop > 0 && (
          <span className="bad"> and {totals.withoutStop} without a stop</span>
        )}
      </span>
    ),
  };
  return (
    <div className="line foot" role="row">
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={column.numeric ? 'cell num' : 'cell'}>
          {cells[column.id]}
        </div>
      ))}
    </div>
  );
});
