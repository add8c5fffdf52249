import { useEffect, useState } from 'react';
import { ColumnsButton } from '../../../src-renderer/parts/data-table/column-menu.tsx';
import type { Column } from '../../../src-renderer/parts/data-table/columns.ts';
import { DataTable } from '../../../src-renderer/parts/data-table/data-table.tsx';
import type { Scenes } from '../parts.tsx';

interface Row {
  id: string;
  size: number;
  note: string;
}

/** How often each row's first cell was drawn. */
const cells: Record<string, number> = {};
declare global {
  interface Window {
    cells: typeof cells;
    /** Gives one row of the table of 2,000 another size. */
    changeRow: (id: string, size: number) => void;
    removeRow: (id: string) => void;
  }
}
window.cells = cells;

const Counted = ({ id }: { id: string }) => {
  useEffect(() => {
    cells[id] = (cells[id] ?? 0) + 1;
  });
  return <b>{id}</b>;
};

const columns: readonly Column<Row>[] = [
  {
    id: 'id',
    name: 'Name',
    width: 120,
    fixed: true,
    value: ({ id }) => id,
    cell: ({ id }) => <Counted id={id} />,
  },
  {
    id: 'size',
    name: 'Size',
    hint: 'In base units',
    width: 100,
    numeric: true,
    value: ({ size }) => size,
    cell: ({ size }) => size,
  },
  { id: 'note', name: 'Note', width: 160, cell: ({ note }) => note },
  { id: 'extra', name: 'Extra', width: 80, optional: true, cell: () => 'extra' },
];

const keyOf = ({ id }: Row): string => id;
const rowsOf = (n: number): Row[] =>
  Array.from({ length: n }, (_, at) => ({ id: `row${at}`, size: at, note: `note ${at}` }));
const bySize = { id: 'size', desc: false };
const foot = (rows: readonly Row[]) => ({ id: `${rows.length} rows` });
const isAlarming = ({ size }: Row): boolean => size === 3;

function Large() {
  const [rows, setRows] = useState(() => rowsOf(2_000));
  const [selected, setSelected] = useState<string | null>(null);
  const [said, say] = useState('');
  useEffect(() => {
    Object.assign(window, {
      changeRow: (id: string, size: number) =>
        setRows((all) => all.map((row) => (row.id === id ? { ...row, size } : row))),
      removeRow: (id: string) => setRows((all) => all.filter((row) => row.id !== id)),
    });
  }, []);
  return (
    <div style={{ display: 'flex', flexDirection: 'column', width: 560, height: 420 }}>
      <ColumnsButton table="workbench" columns={columns} />
      <DataTable
        id="workbench"
        name="Many"
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        firstSort={bySize}
        foot={foot}
        alarms={isAlarming}
        selected={selected}
        onSelect={setSelected}
        menuOf={(row) => [{ label: `Copy ${row.id}`, choose: () => say(`copied ${row.id}`) }]}
        empty={null}
        fills
      />
      <output>{[selected, said].filter(Boolean).join(' ')}</output>
    </div>
  );
}

export const scenes: Scenes = { large: () => <Large /> };
