import type { ReactNode } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { Profit } from '../../parts/figures/figure.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { money, percent, signOf } from '../../parts/number-text.ts';
import { totalsOf } from './totals.ts';
import { words } from './words.ts';

/** The sums under the table, by column. What could not be summed is said, not left out in silence. */
export function totalsCells(rows: readonly PositionRow[]): Readonly<Record<string, ReactNode>> {
  const totals = totalsOf(rows);
  const left = totals.withoutPnl > 0 ? words.totals.leftOut(totals.withoutPnl) : undefined;
  return {
    symbol: words.totals.positions(totals.positions),
    pnl: (
      <span title={left}>
        <Profit value={totals.unrealisedPnl} />
        {left && ' *'}
      </span>
    ),
    share: percent(totals.share, 2, true),
    nearest: (
      <span title={words.totals.ifStoppedHint}>
        {words.totals.ifStopped}{' '}
        <Text tone={signOf(totals.ifStopped) < 0 ? 'down' : 'up'}>
          {money(totals.ifStopped, true)}
        </Text>
        {totals.withoutStop > 0 && (
          <Text tone="red">{words.totals.without(totals.withoutStop)}</Text>
        )}
        {totals.notUnderstood > 0 && (
          <Text tone="amber">{words.totals.notUnderstood(totals.notUnderstood)}</Text>
        )}
      </span>
    ),
  };
}
