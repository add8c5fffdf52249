import { useState } from 'react';
import type { Column } from '../../../src-renderer/parts/data-table/columns.ts';
import { DataTable } from '../../../src-renderer/parts/data-table/data-table.tsx';
import { EmptyState } from '../../../src-renderer/parts/layout/empty-state.tsx';
import type { Scenes } from '../parts.tsx';

interface Coin {
  symbol: string;
  price: number;
  change: number | undefined;
}

const coins: readonly Coin[] = [
  { symbol: 'BTCUSDT', price: 104_118, change: 0.4 },
  { symbol: 'ETHUSDT', price: 2_566, change: undefined },
  { symbol: 'SOLUSDT', price: 147, change: -1.2 },
];

const columns: readonly Column<Coin>[] = [
  {
    id: 'symbol',
    name: 'Symbol',
    width: 120,
    fixed: true,
    value: (row) => row.symbol,
    cell: (row) => row.symbol,
  },
  {
    id: 'price',
    name: 'Price',
    hint: 'Last traded',
    width: 90,
    numeric: true,
    value: (row) => row.price,
    cell: (row) => row.price,
  },
  {
    id: 'change',
    name: 'Change',
    width: 90,
    numeric: true,
    value: (row) => row.change,
    cell: (row) => row.change ?? '—',
  },
];

const keyOf = (row: Coin): string => row.symbol;
const many: readonly Coin[] = Array.from({ length: 2_000 }, (_, n) => ({
  symbol: `COIN${n}USDT`,
  price: n,
  change: n % 7,
}));

function Table({
  rows,
  problem = null,
  id,
}: {
  rows: readonly Coin[] | null;
  problem?: string | null;
  id?: string;
}) {
  const [selected, select] = useState<string | null>(null);
  return (
    <div style={{ width: 620 }}>
      <DataTable
        name="Coins"
        {...(id ? { id } : {})}
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        problem={problem}
        selected={selected}
        onSelect={select}
        mostRows={8}
        empty={<EmptyState title="No coins." />}
      />
    </div>
  );
}

export const scenes: Scenes = {
  normal: () => <Table rows={coins} id="coins" />,
  empty: () => <Table rows={[]} />,
  loading: () => <Table rows={null} />,
  failed: () => <Table rows={coins} problem="The coins could not be read: the disk is full." />,
  many: () => <Table rows={many} />,
};
