import { memo, useEffect, useMemo } from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { rowKeys } from '../../../src-preload/contract/slices.ts';
import type { Column } from '../../../src-renderer/parts/data-table/columns.ts';
import { DataTable } from '../../../src-renderer/parts/data-table/data-table.tsx';
import { useRow, useRows } from '../../../src-renderer/state/use-desk.tsx';
import type { Scenes } from '../parts.tsx';

/** How often each row was drawn. */
const drawn: Record<string, number> = {};
declare global {
  interface Window {
    drawn: typeof drawn;
  }
}
window.drawn = drawn;

/** Says what it shows, and counts each time it is drawn. */
function Counted({ row }: { row: PositionRow }) {
  const id = rowKeys.positions(row);
  useEffect(() => {
    drawn[id] = (drawn[id] ?? 0) + 1;
  });
  return (
    <>
      {row.symbol} {row.markPrice}
    </>
  );
}

const Row = memo(({ id }: { id: string }) => {
  const row = useRow('positions', id);
  return <li>{row && <Counted row={row} />}</li>;
});

function Rows() {
  const keys = [...(useRows('positions')?.keys() ?? [])];
  return (
    <ul>
      {keys.map((key) => (
        <Row key={key} id={key} />
      ))}
    </ul>
  );
}

const columns: readonly Column<PositionRow>[] = [
  { id: 'position', name: 'Position', width: 240, cell: (row) => <Counted row={row} /> },
];

function Table() {
  const positions = useRows('positions');
  const rows = useMemo(() => positions && [...positions.values()], [positions]);
  return (
    <DataTable
      name="Positions"
      slice="positions"
      columns={columns}
      rows={rows}
      keyOf={rowKeys.positions}
      mostRows={12}
      empty={null}
    />
  );
}

export const scenes: Scenes = { rows: () => <Rows />, table: () => <Table /> };
