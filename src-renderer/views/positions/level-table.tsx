import { useMemo } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import type { Column } from '../../parts/data-table/columns.ts';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { Text, type Tone } from '../../parts/figures/text.tsx';
import { percent, quantity } from '../../parts/number-text.ts';
import { useRows } from '../../state/use-desk.tsx';
import { Average } from './columns.tsx';
import css from './level-table.module.css';
import { type Level, levelsOf } from './levels.ts';
import { words } from './words.ts';

/** Where money is made, where it is cut, where it stands. The stop is in the colour of a loss, not of a warning. */
const tones: Record<Level['kind'], Tone> = {
  'take-profit': 'up',
  'entry-order': 'mute',
  mark: 'plain',
  entry: 'mute',
  stop: 'down',
  liquidation: 'mute',
};

type PricedLevel = Level & { decimals: number };

const levelColumns: readonly Column<PricedLevel>[] = [
  {
    id: 'level',
    name: words.panel.level,
    width: 118,
    fixed: true,
    cell: ({ kind, name, done }) => (
      <Text tone={done ? 'faint' : tones[kind]} strong={kind === 'mark'}>
        <span className={css.level}>{name}</span>
      </Text>
    ),
  },
  {
    id: 'price',
    name: words.panel.price,
    width: 70,
    numeric: true,
    cell: ({ kind, price, decimals, done }) => (
      <Text tone={done ? 'faint' : 'plain'} strong={kind === 'mark'}>
        <Average price={price} decimals={decimals} />
      </Text>
    ),
  },
  {
    id: 'quantity',
    name: words.panel.quantity,
    width: 66,
    numeric: true,
    cell: (level) => <Quantity level={level} />,
  },
  {
    id: 'away',
    name: words.panel.away,
    width: 62,
    numeric: true,
    cell: ({ kind, done, distance }) => (
      <Text tone={done ? 'up' : 'mute'}>
        {kind === 'mark' ? words.panel.now : done ? words.panel.filledMark : percent(distance, 2)}
      </Text>
    ),
  },
];

/** What trades there; where a part of it has, that part before it. */
function Quantity({ level: { quantity: whole, filled, done } }: { level: PricedLevel }) {
  if (whole === null) return null;
  const partly = filled !== null && !done && Number(filled) > 0;
  return (
    <Text tone={done ? 'faint' : 'plain'}>
      {partly && `${quantity(filled)} / `}
      {quantity(whole)}
    </Text>
  );
}

const keyOf = ({ name }: PricedLevel): string => name;

/** Every price that matters to one position, the highest first. */
export function LevelTable({ row }: { row: PositionRow }) {
  const orders = useRows('orders');
  const levels = useMemo(
    () =>
      levelsOf(row, [...(orders?.values() ?? [])]).map((level) => ({
        ...level,
        decimals: row.priceDecimals,
      })),
    [row, orders],
  );
  return (
    <div className={css.levels}>
      <DataTable
        name={words.panel.levelTable}
        columns={levelColumns}
        rows={levels}
        keyOf={keyOf}
        empty={null}
      />
    </div>
  );
}
