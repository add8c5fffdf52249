import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { rowKeys } from '../../../src-preload/contract/slices.ts';
import { positionColumns } from './columns.tsx';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** Numbers by size, words by the alphabet; the table keeps what is not known last. */
const compare = (a: unknown, b: unknown): number =>
  typeof a === 'number' && typeof b === 'number'
    ? Math.sign(a - b)
    : String(a).localeCompare(String(b), 'en', { numeric: true });

const columns: ColumnDef<typeof features, PositionRow>[] = [
  { id: 'alarm', accessorFn: (row: PositionRow) => (row.protection.state === 'none' ? 0 : 1) },
  ...positionColumns.map((column) => ({
    id: column.id,
    accessorFn: column.value,
    sortUndefined: 'last' as const,
  })),
].map((column) => ({
  ...column,
  sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
}));

const ties = [
  { id: 'symbol', desc: false },
  { id: 'account', desc: false },
];

/** Keys of the positions in the chosen order; those without a stop always come first. */
export function useSortedKeys(
  rows: readonly PositionRow[],
  sort: { id: string; desc: boolean },
): readonly string[] {
  const sorting = useMemo(() => [{ id: 'alarm', desc: false }, sort, ...ties], [sort]);
  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: rowKeys.positions,
    state: { sorting },
  });
  const { rows: sorted } = table.getRowModel();
  return useMemo(() => sorted.map((row) => row.id), [sorted]);
}
