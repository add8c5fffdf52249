import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useCallback,
  useMemo,
  useState,
} from 'react';
import type { TablePreferences } from '../../../src-preload/contract/preferences.ts';
import type { ListSlices } from '../../../src-preload/contract/slices.ts';
import { usePreferences } from '../../state/use-desk.tsx';
import { classes } from '../classes.ts';
import { Menu, placeOf } from '../controls/menu.tsx';
import type { MenuEntry, MenuPlace } from '../controls/menu-entry.ts';
import { EmptyState } from '../layout/empty-state.tsx';
import { type Column, type Sort, widthOf } from './columns.ts';
import css from './data-table.module.css';
import { sortedRows } from './sorted.ts';
import { TableHead } from './table-head.tsx';
import { GivenRow, LiveRow } from './table-row.tsx';
import { useColumns } from './use-columns.ts';
import { rowOf, useWalk } from './use-walk.ts';
import { useWidth } from './width.ts';

const HEAD = 28;
const FOOT = 32;
const ROW = { normal: 28, compact: 24 };

export interface DataTableProps<Row> {
  /** What its columns are remembered under; without one they stay as they are given. */
  id?: string;
  name: string;
  /** The same array from drawing to drawing, as are the functions below. */
  columns: readonly Column<Row>[];
  /** `null` until they have come. */
  rows: readonly Row[] | null;
  keyOf: (row: Row) => string;
  /**
   * The slice that its lines read themselves from, by their keys. Order, filter and footer go by
   * `rows`, which may lag behind; the lines follow every push.
   */
  slice?: keyof ListSlices;
  filter?: (row: Row) => boolean;
  /** Before the operator sorts; without it rows stand as they are given. */
  firstSort?: Sort;
  /** Comes before every sort: what must not be scrolled away has the least. */
  rank?: (row: Row) => number;
  /** Columns that decide where the sort does not. */
  ties?: readonly string[];
  /** Cells of the footer by column, of the rows that the filter leaves. */
  foot?: (rows: readonly Row[]) => Readonly<Record<string, ReactNode>>;
  /** On red: unprotected or failed. */
  alarms?: (row: Row) => boolean;
  /** It may no longer be as it is shown. */
  dims?: (row: Row) => boolean;
  selected?: string | null;
  onSelect?: (key: string | null) => void;
  /** What can be done with a row, by the right button, the menu key or Shift+F10. */
  menuOf?: (row: Row) => readonly MenuEntry[];
  /** Said in place of rows: none there, or none left by the filter. */
  empty: ReactNode;
  /** Why they could not be had. */
  problem?: string | null;
  /** Takes the place that is left and scrolls inside it; otherwise it is as high as its rows. */
  fills?: boolean;
  /** As high as this many rows at most; more scroll. */
  mostRows?: number;
}

/** Every table of the program: columns as data, in the operator's order; only what is in sight is drawn. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, filter, empty, problem } = props;
  const { density } = usePreferences();
  const shown = useMemo(() => (filter && rows ? rows.filter(filter) : rows), [rows, filter]);
  if (problem) return <EmptyState title={problem} role="alert" />;
  if (!shown) return <EmptyState title="Loading…" />;
  if (shown.length === 0) return empty;
  return <Grid key={density} {...props} rows={shown} rowHeight={ROW[density]} />;
}

type Layout = CSSProperties & Record<'--columns', string>;

/** The columns' widths, told once for all lines: a line is not drawn again when they change. */
const layoutOf = (
  columns: readonly Column<never>[],
  layout: Pick<TablePreferences, 'widths'>,
): Layout => ({
  '--columns': columns
    .map((column) => {
      const own = layout.widths[column.id];
      return own === undefined ? `minmax(${column.width}px, ${column.width}fr)` : `${own}px`;
    })
    .join(' '),
  minWidth: columns.reduce((sum, column) => sum + widthOf(column, layout), 0),
});

function Grid<Row>({
  id,
  name,
  columns: all,
  rows,
  rowHeight,
  keyOf,
  slice,
  firstSort,
  rank,
  ties,
  foot,
  alarms,
  dims,
  selected = null,
  onSelect,
  menuOf,
  fills = false,
  mostRows,
}: DataTableProps<Row> & { rows: readonly Row[]; rowHeight: number }) {
  const [place, setPlace] = useState<HTMLDivElement | null>(null);
  const [drawn, setDrawn] = useState<{ id: string; width: number } | null>(null);
  const [menu, setMenu] = useState<{ entries: readonly MenuEntry[]; at: MenuPlace } | null>(null);
  const table = useColumns(id ?? null, all, useWidth(place), firstSort ?? null);
  const { columns, sort } = table;
  const grid = onSelect !== undefined || menuOf !== undefined;

  const sorted = useMemo(
    () => sortedRows(rows, all, sort, { rank, ties }),
    [rows, all, sort, rank, ties],
  );
  const keys = useMemo(() => sorted.map(keyOf), [sorted, keyOf]);
  const footCells = useMemo(() => foot?.(rows), [foot, rows]);
  const standing = HEAD + (foot ? FOOT : 0);
  const walk = useWalk({ keys, place, rowHeight, standing, selected, onSelect });

  const { stop } = walk;
  // The row that Tab comes to is always there, in sight or not.
  const rangeExtractor = useCallback(
    (range: Range): number[] => {
      const inSight = defaultRangeExtractor(range);
      if (!grid || inSight.includes(stop)) return inSight;
      return [...inSight, stop].toSorted((a, b) => a - b);
    },
    [grid, stop],
  );
  // oxlint-disable-next-line react/incompatible-library -- a note for the React compiler, which is not used
  const virtualizer = useVirtualizer({
    count: keys.length,
    getScrollElement: () => place,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keys[index] ?? index,
    overscan: 4,
    scrollMargin: HEAD,
    rangeExtractor,
  });

  const openMenu = (target: EventTarget, at: MenuPlace | null): boolean => {
    const line = rowOf(target);
    const row = sorted[keys.indexOf(line?.dataset['row'] ?? '')];
    const entries = row && menuOf?.(row);
    if (!line || !entries || entries.length === 0) return false;
    setMenu({ entries, at: at ?? line });
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const asksMenu = event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10');
    if (!asksMenu) walk.onKeyDown(event);
    else if (openMenu(event.target, null)) event.preventDefault();
  };
  const onContextMenu = (event: MouseEvent): void => {
    if (rowOf(event.target) && openMenu(event.target, placeOf(event))) event.preventDefault();
  };

  const layout = drawn
    ? { widths: { ...table.layout.widths, [drawn.id]: drawn.width } }
    : table.layout;
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- its role is grid wherever it answers keys
    <div
      ref={setPlace}
      className={classes(css.table, fills && css.fills)}
      style={mostRows === undefined ? undefined : { maxHeight: standing + mostRows * rowHeight }}
      role={grid ? 'grid' : 'table'}
      aria-label={name}
      aria-rowcount={keys.length + (foot ? 2 : 1)}
      aria-colcount={columns.length}
      // A grid passes the focus on to a row; a table that scrolls is itself what the keys scroll.
      tabIndex={grid ? -1 : 0}
      onKeyDown={grid ? onKeyDown : undefined}
      onFocus={grid ? walk.onFocus : undefined}
      onBlur={grid ? walk.onBlur : undefined}
      onContextMenu={menuOf && onContextMenu}
    >
      <div className={css.wide} style={layoutOf(columns, layout)}>
        <TableHead table={table} changeable={id !== undefined} onWidth={setDrawn} />
        <div role="rowgroup" className={css.lines} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const row = sorted[item.index];
            const key = keys[item.index];
            if (row === undefined || key === undefined) return null;
            const line = {
              rowKey: key,
              index: item.index,
              top: item.start - HEAD,
              columns,
              grid,
              tabStop: grid && item.index === stop,
              selected: key === selected,
              dims,
              alarms,
              onPick: walk.pick,
            };
            return slice ? (
              <LiveRow<Row> key={key} slice={slice} {...line} />
            ) : (
              <GivenRow key={key} row={row} {...line} />
            );
          })}
        </div>
        {footCells && (
          <div className={css.foot} role="row" aria-rowindex={keys.length + 2}>
            {columns.map((column) => (
              <div
                key={column.id}
                role={grid ? 'gridcell' : 'cell'}
                className={classes(css.cell, column.numeric && css.numeric)}
              >
                {footCells[column.id]}
              </div>
            ))}
          </div>
        )}
      </div>
      {menu && (
        <Menu name="Row" at={menu.at} entries={menu.entries} onClose={() => setMenu(null)} />
      )}
    </div>
  );
}
