import type { ReactNode } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { Age } from '../../parts/age.tsx';
import { Profit } from '../../parts/figure.tsx';
import { isFilled, Ladder } from '../../parts/ladder.tsx';
import { accountName, sideText, symbolParts } from '../../parts/names.ts';
import { DASH, exact, grouped, percent, quantity, rounded } from '../../parts/number-text.ts';
import { coveredShare, distanceTo, profitShare } from './figures.ts';

export interface PositionColumn {
  id: string;
  name: string;
  /** Least width, px; what is left over is shared in the same proportion. */
  width: number;
  numeric?: boolean;
  /** Hidden until chosen. */
  optional?: boolean;
  /** Where there is no room, the highest of these gives way first; without one it never does. */
  yields?: number;
  /** Stays first and cannot be hidden. */
  fixed?: boolean;
  /** What sorting goes by; `undefined` is not known and comes last either way. */
  value: (row: PositionRow) => number | string | undefined;
  cell: (row: PositionRow) => ReactNode;
}

const number = (value: string | null): number | undefined =>
  value === null ? undefined : Number(value);

export const SymbolName = ({ row }: { row: Pick<PositionRow, 'symbol' | 'side'> }) => {
  const [base, quote] = symbolParts(row.symbol);
  return (
    <>
      <b className="symbol">{base}</b>
      {quote !== 'USDT' && <span className="faint"> {quote}</span>}
      <span className="side-word">{sideText[row.side]}</span>
    </>
  );
};

/** An average price: rounded to the tick, with all its digits on hover. */
export const Average = ({ price, decimals }: { price: string | null; decimals: number }) => (
  <span title={price === null ? undefined : grouped(price)}>{rounded(price, decimals)}</span>
);

function StopCell({ row }: { row: PositionRow }) {
  if (!row.stop) return <span className="tag red">NO STOP</span>;
  return <>{exact(row.stop.price, row.priceDecimals)}</>;
}

function ProtectionCell({ row }: { row: PositionRow }) {
  const { state, beyondLiquidation } = row.protection;
  if (state === 'none') return <span className="bad">unprotected</span>;
  if (state === 'unknown') return <span className="tag amber">not checked</span>;
  if (beyondLiquidation) return <span className="tag amber">beyond liquidation</span>;
  if (state === 'part')
    return <span className="tag amber">covers {percent(coveredShare(row), 0)}</span>;
  if (row.breakevenMoved) return <span className="up">breakeven</span>;
  return <span className="mute">covers {percent(1, 0)}</span>;
}

function NearestCell({ row }: { row: PositionRow }) {
  return (
    <>
      {row.nearest ? `${row.nearest.what} · ${percent(row.nearest.distance, 2)}` : DASH}
      {row.phase === 'building' && <span className="tag building">building</span>}
    </>
  );
}

const urgencyOrder = ['critical', 'urgent', 'active', 'stable', 'dormant'];

export const positionColumns: readonly PositionColumn[] = [
  {
    id: 'symbol',
    name: 'Position',
    width: 148,
    fixed: true,
    value: (row) => row.symbol,
    cell: (row) => <SymbolName row={row} />,
  },
  {
    id: 'account',
    name: 'Account',
    width: 68,
    yields: 1,
    value: (row) => row.account,
    cell: (row) => <span className="mute">{accountName(row.account)}</span>,
  },
  {
    id: 'size',
    name: 'Size',
    width: 84,
    numeric: true,
    yields: 4,
    value: (row) => number(row.size),
    cell: (row) => quantity(row.size),
  },
  {
    id: 'entry',
    name: 'Entry',
    width: 92,
    numeric: true,
    yields: 3,
    value: (row) => number(row.entryPrice),
    cell: (row) => <Average price={row.entryPrice} decimals={row.priceDecimals} />,
  },
  {
    id: 'mark',
    name: 'Mark',
    width: 92,
    numeric: true,
    value: (row) => number(row.markPrice),
    cell: (row) => exact(row.markPrice, row.priceDecimals),
  },
  {
    id: 'pnl',
    name: 'Unrealised P&L',
    width: 108,
    numeric: true,
    value: (row) => number(row.unrealisedPnl),
    cell: (row) => <Profit value={row.unrealisedPnl} />,
  },
  {
    id: 'share',
    name: '%',
    width: 76,
    numeric: true,
    yields: 5,
    value: (row) => profitShare(row) ?? undefined,
    cell: (row) => <span className="mute">{percent(profitShare(row), 2, true)}</span>,
  },
  {
    id: 'nearest',
    name: 'Nearest',
    width: 156,
    value: (row) => row.nearest?.distance,
    cell: (row) => <NearestCell row={row} />,
  },
  {
    id: 'ladder',
    name: 'Take-profits',
    width: 108,
    yields: 2,
    value: (row) => row.takeProfits.filter(isFilled).length,
    cell: (row) => <Ladder rungs={row.takeProfits} />,
  },
  {
    id: 'stop',
    name: 'Stop',
    width: 92,
    numeric: true,
    value: (row) => number(row.stop?.price ?? null),
    cell: (row) => <StopCell row={row} />,
  },
  {
    id: 'protection',
    name: 'Protection',
    width: 116,
    value: (row) => coveredShare(row),
    cell: (row) => <ProtectionCell row={row} />,
  },
  {
    id: 'stopDistance',
    name: 'To stop',
    width: 72,
    numeric: true,
    yields: 6,
    value: (row) => distanceTo(row, row.stop?.price ?? null) ?? undefined,
    cell: (row) => (
      <span className="mute">{percent(distanceTo(row, row.stop?.price ?? null), 2)}</span>
    ),
  },
  {
    id: 'liquidation',
    name: 'Liquidation',
    width: 96,
    numeric: true,
    yields: 7,
    value: (row) => number(row.liquidationPrice),
    cell: (row) => exact(row.liquidationPrice, row.priceDecimals),
  },
  {
    id: 'liquidationDistance',
    name: 'To liquidation',
    width: 92,
    numeric: true,
    optional: true,
    value: (row) => distanceTo(row, row.liquidationPrice) ?? undefined,
    cell: (row) => (
      <span className="mute">{percent(distanceTo(row, row.liquidationPrice), 1)}</span>
    ),
  },
  {
    id: 'leverage',
    name: 'Leverage',
    width: 72,
    numeric: true,
    yields: 8,
    value: (row) => number(row.leverage),
    cell: (row) => (row.leverage === null ? DASH : `${quantity(row.leverage)}×`),
  },
  {
    id: 'phase',
    name: 'Phase',
    width: 96,
    optional: true,
    value: (row) => row.phase,
    cell: (row) => <span className="mute">{row.phase}</span>,
  },
  {
    id: 'urgency',
    name: 'Urgency',
    width: 80,
    optional: true,
    value: (row) => urgencyOrder.indexOf(row.urgency),
    cell: (row) => <span className="mute">{row.urgency}</span>,
  },
  {
    id: 'source',
    name: 'Source',
    width: 68,
    optional: true,
    value: (row) => row.source,
    cell: (row) => <span className="mute">{row.source}</span>,
  },
  {
    id: 'age',
    name: 'Age',
    width: 58,
    numeric: true,
    value: (row) => -row.asOf,
    cell: (row) => <Age at={row.asOf} />,
  },
];

/** Every column in the operator's order; those never moved keep their own. */
export function orderedColumns(order: readonly string[]): readonly PositionColumn[] {
  const place = (column: PositionColumn): number => {
    const at = order.indexOf(column.id);
    return column.fixed ? -1 : at < 0 ? order.length + positionColumns.indexOf(column) : at;
  };
  return positionColumns.toSorted((a, b) => place(a) - place(b));
}

const widthOf = (columns: readonly PositionColumn[]): number =>
  columns.reduce((sum, { width }) => sum + width, 0);

/**
 * The columns to draw in `room` px. What tells whether a position is safe never gives way, nor does
 * what the operator chose; where they need more room than there is, the table scrolls.
 */
export function chosenColumns(
  order: readonly string[],
  shown: Readonly<Record<string, boolean>>,
  room: number,
): readonly PositionColumn[] {
  let columns = orderedColumns(order).filter(
    (column) => column.fixed || (shown[column.id] ?? !column.optional),
  );
  const yielding = columns
    .filter(({ id, yields }) => yields !== undefined && shown[id] !== true)
    .toSorted((a, b) => (b.yields ?? 0) - (a.yields ?? 0));
  for (const next of yielding) {
    if (widthOf(columns) <= room) break;
    columns = columns.filter((column) => column !== next);
  }
  return columns;
}
