import { useActions, usePreferences } from '../../state/use-desk.tsx';
import { MenuButton } from '../controls/menu.tsx';
import type { MenuEntry } from '../controls/menu-entry.ts';
import { type Column, givesWay, isShown } from './columns.ts';
import { type TableColumns, useColumns } from './use-columns.ts';

/** Which columns a table shows, how high its rows are, and the way back to how it came. */
export function ColumnsButton<Row>({
  table,
  columns,
  small = false,
}: {
  table: string;
  columns: readonly Column<Row>[];
  small?: boolean;
}) {
  const chosen = useColumns(table, columns, Number.POSITIVE_INFINITY, null);
  const { density } = usePreferences();
  const { prefer } = useActions();
  const entries = (): MenuEntry[] => [
    ...shownEntries(chosen),
    { line: true },
    {
      label: 'Compact rows',
      checked: density === 'compact',
      onToggle: (compact) => prefer({ density: compact ? 'compact' : 'normal' }),
    },
    { line: true },
    { label: 'Reset columns', choose: chosen.reset },
  ];
  return (
    <MenuButton name="Columns" entries={entries} small={small}>
      Columns
    </MenuButton>
  );
}

export const shownEntries = <Row,>({ ordered, layout, show }: TableColumns<Row>): MenuEntry[] =>
  ordered.map((column) => ({
    label: column.name,
    checked: isShown(column, layout),
    note: givesWay(column, layout) ? 'where there is room' : undefined,
    disabled: column.fixed === true,
    onToggle: (shown) => show(column.id, shown),
  }));

/** What can be done with one column, from its head. */
export function columnEntries<Row>(column: Column<Row>, table: TableColumns<Row>): MenuEntry[] {
  const { id, name, fixed } = column;
  const at = table.columns.findIndex((one) => one.id === id);
  const mayGo = (by: -1 | 1): boolean => {
    const beside = table.columns[at + by];
    return !fixed && beside !== undefined && !beside.fixed;
  };
  return [
    ...(column.value
      ? [
          { label: 'Sort, smallest first', choose: () => table.sortBy(id, false) },
          { label: 'Sort, largest first', choose: () => table.sortBy(id, true) },
          { line: true } as const,
        ]
      : []),
    {
      label: 'Move left',
      keys: 'Alt ←',
      disabled: !mayGo(-1),
      choose: () => table.step(id, -1),
    },
    { label: 'Move right', keys: 'Alt →', disabled: !mayGo(1), choose: () => table.step(id, 1) },
    {
      label: `Hide ${name}`,
      disabled: fixed === true,
      choose: () => table.show(id, false),
    },
    { line: true },
    { label: 'Reset columns', choose: table.reset },
  ];
}
