import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import type { Column } from '../../parts/data-table/columns.ts';
import { Age } from '../../parts/figures/age.tsx';
import { Badge } from '../../parts/figures/badge.tsx';
import { Profit } from '../../parts/figures/figure.tsx';
import { isFilled, Ladder } from '../../parts/figures/ladder.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { accountName, sideText, symbolParts } from '../../parts/names.ts';
import { DASH, exact, grouped, percent, quantity, rounded } from '../../parts/number-text.ts';
import { coveredShare, distanceTo, profitShare } from './figures.ts';
import { words } from './words.ts';

const number = (value: string | null): number | undefined =>
  value === null ? undefined : Number(value);

export const SymbolName = ({ row }: { row: Pick<PositionRow, 'symbol' | 'side'> }) => {
  const [base, quote] = symbolParts(row.symbol);
  return (
    <>
      <b>{base}</b>
      {quote !== 'USDT' && <Text tone="faint"> {quote}</Text>}{' '}
      <Text tone="mute" size="caption">
        {sideText(row.side)}
      </Text>
    </>
  );
};

/** An average price: rounded to the tick, with all its digits on hover. */
export const Average = ({ price, decimals }: { price: string | null; decimals: number }) => (
  <span title={price === null ? undefined : grouped(price)}>{rounded(price, decimals)}</span>
);

function StopCell({ row }: { row: PositionRow }) {
  if (!row.stop) return row.notUnderstood ? <>{DASH}</> : <Badge tone="red">{words.noStop}</Badge>;
  return <>{exact(row.stop.price, row.priceDecimals)}</>;
}

function ProtectionCell({ row }: { row: PositionRow }) {
  const { state, beyondLiquidation } = row.protection;
  if (row.notUnderstood)
    return (
      <Badge tone="amber" title={row.notUnderstood.sentence}>
        {words.notUnderstood}
      </Badge>
    );
  if (state === 'none') return <Text tone="red">{words.unprotected}</Text>;
  if (state === 'unknown') return <Badge tone="amber">{words.notChecked}</Badge>;
  if (beyondLiquidation) return <Badge tone="amber">{words.beyondLiquidation}</Badge>;
  if (state === 'part')
    return <Badge tone="amber">{words.covers(percent(coveredShare(row), 0))}</Badge>;
  if (row.breakevenMoved) return <Text tone="up">{words.breakeven}</Text>;
  return <Text tone="mute">{words.covers(percent(1, 0))}</Text>;
}

function NearestCell({ row }: { row: PositionRow }) {
  if (row.contractTrouble)
    return (
      <Badge tone="amber" title={row.contractTrouble}>
        {words.noMarket}
      </Badge>
    );
  return (
    <>
      {row.nearest ? `${row.nearest.what} · ${percent(row.nearest.distance, 2)}` : DASH}
      {row.phase === 'building' && (
        <>
          {' '}
          <Badge>{words.building}</Badge>
        </>
      )}
    </>
  );
}

const urgencyOrder = ['critical', 'urgent', 'active', 'stable', 'dormant'];

export const positionColumns: readonly Column<PositionRow>[] = [
  {
    id: 'symbol',
    name: words.columns.symbol,
    width: 148,
    fixed: true,
    value: (row) => row.symbol,
    cell: (row) => <SymbolName row={row} />,
  },
  {
    id: 'account',
    name: words.columns.account,
    width: 68,
    yields: 1,
    value: (row) => row.account,
    cell: (row) => <Text tone="mute">{accountName(row.account)}</Text>,
  },
  {
    id: 'size',
    name: words.columns.size,
    width: 84,
    numeric: true,
    yields: 7,
    value: (row) => number(row.size),
    cell: (row) => quantity(row.size),
  },
  {
    id: 'entry',
    name: words.columns.entry,
    width: 92,
    numeric: true,
    yields: 6,
    value: (row) => number(row.entryPrice),
    cell: (row) => <Average price={row.entryPrice} decimals={row.priceDecimals} />,
  },
  {
    id: 'mark',
    name: words.columns.mark,
    width: 92,
    numeric: true,
    yields: 4,
    value: (row) => number(row.markPrice),
    cell: (row) => exact(row.markPrice, row.priceDecimals),
  },
  {
    id: 'pnl',
    name: words.columns.pnl,
    width: 108,
    numeric: true,
    yields: 2,
    value: (row) => number(row.unrealisedPnl),
    cell: (row) => <Profit value={row.unrealisedPnl} />,
  },
  {
    id: 'share',
    name: words.columns.share,
    width: 76,
    numeric: true,
    yields: 8,
    value: (row) => profitShare(row) ?? undefined,
    cell: (row) => <Text tone="mute">{percent(profitShare(row), 2, true)}</Text>,
  },
  {
    id: 'nearest',
    name: words.columns.nearest,
    width: 156,
    value: (row) => row.nearest?.distance,
    cell: (row) => <NearestCell row={row} />,
  },
  {
    id: 'ladder',
    name: words.columns.ladder,
    width: 108,
    yields: 5,
    value: (row) => row.takeProfits.filter(isFilled).length,
    cell: (row) => <Ladder rungs={row.takeProfits} />,
  },
  {
    id: 'stop',
    name: words.columns.stop,
    width: 92,
    numeric: true,
    value: (row) => number(row.stop?.price ?? null),
    cell: (row) => <StopCell row={row} />,
  },
  {
    id: 'protection',
    name: words.columns.protection,
    width: 116,
    value: (row) => coveredShare(row),
    cell: (row) => <ProtectionCell row={row} />,
  },
  {
    id: 'stopDistance',
    name: words.columns.stopDistance,
    width: 72,
    numeric: true,
    yields: 9,
    value: (row) => distanceTo(row, row.stop?.price ?? null) ?? undefined,
    cell: (row) => <Text tone="mute">{percent(distanceTo(row, row.stop?.price ?? null), 2)}</Text>,
  },
  {
    id: 'liquidation',
    name: words.columns.liquidation,
    width: 96,
    numeric: true,
    yields: 10,
    value: (row) => number(row.liquidationPrice),
    cell: (row) => exact(row.liquidationPrice, row.priceDecimals),
  },
  {
    id: 'liquidationDistance',
    name: words.columns.liquidationDistance,
    width: 92,
    numeric: true,
    optional: true,
    value: (row) => distanceTo(row, row.liquidationPrice) ?? undefined,
    cell: (row) => <Text tone="mute">{percent(distanceTo(row, row.liquidationPrice), 1)}</Text>,
  },
  {
    id: 'leverage',
    name: words.columns.leverage,
    width: 72,
    numeric: true,
    yields: 11,
    value: (row) => number(row.leverage),
    cell: (row) => (row.leverage === null ? DASH : `${quantity(row.leverage)}×`),
  },
  {
    id: 'phase',
    name: words.columns.phase,
    width: 96,
    optional: true,
    value: (row) => row.phase,
    cell: (row) => <Text tone="mute">{row.phase}</Text>,
  },
  {
    id: 'urgency',
    name: words.columns.urgency,
    width: 80,
    optional: true,
    value: (row) => urgencyOrder.indexOf(row.urgency),
    cell: (row) => <Text tone="mute">{row.urgency}</Text>,
  },
  {
    id: 'source',
    name: words.columns.source,
    width: 68,
    optional: true,
    value: (row) => row.source,
    cell: (row) => <Text tone="mute">{row.source}</Text>,
  },
  {
    id: 'age',
    name: words.columns.age,
    width: 58,
    numeric: true,
    yields: 3,
    value: (row) => -row.asOf,
    cell: (row) => <Age at={row.asOf} />,
  },
];
