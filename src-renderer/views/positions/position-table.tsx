import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type CSSProperties,
  type KeyboardEvent,
  useCallback,
  useId,
  useMemo,
  useState,
} from 'react';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { useActions, usePreferences, useTablePreferences } from '../../state/use-desk.tsx';
import { chosenColumns, type PositionColumn } from './columns.tsx';
import { PositionLine } from './position-line.tsx';
import { useSortedKeys } from './sorted.ts';
import { TotalsLine } from './totals-line.tsx';
import { useWidth } from './width.ts';

const HEAD = 30;
const FOOT = 32;
const FIRST_SORT = { id: 'nearest', desc: false };
const ROW = { normal: 30, compact: 24 };

/** The columns' widths, told once for all lines: a line is not drawn again when they change. */
const layoutOf = (
  columns: readonly PositionColumn[],
): CSSProperties & Record<'--columns', string> => ({
  '--columns': columns.map(({ width }) => `minmax(${width}px, ${width}fr)`).join(' '),
  minWidth: columns.reduce((sum, { width }) => sum + width, 0),
});

/** Scrolls just as far as needed: a row between the head and the foot that stand still. */
function bringIntoSight(grid: HTMLElement, top: number, height: number): void {
  const least = top + height - (grid.clientHeight - HEAD - FOOT);
  grid.scrollTop = Math.min(top, Math.max(least, grid.scrollTop));
}

/** Every position of the filter, drawn as far as it is in sight. Arrows walk, Enter opens, Escape closes. */
export function PositionTable({
  rows,
  open,
  onOpen,
}: {
  rows: readonly PositionRow[];
  /** Keys of those that may no longer be as they are shown. */
  open: string | null;
  onOpen: (key: string | null) => void;
}) {
  const { density } = usePreferences();
  const { order, shown, sort: chosen } = useTablePreferences('positions');
  const { prefer } = useActions();
  const sort = chosen ?? FIRST_SORT;
  const [grid, setGrid] = useState<HTMLDivElement | null>(null);
  const room = useWidth(grid);
  const columns = useMemo(() => chosenColumns(order, shown, room), [order, shown, room]);
  const keys = useSortedKeys(rows, sort);
  const [active, setActive] = useState<string | null>(open);
  const name = useId();
  const rowHeight = ROW[density];

  // oxlint-disable-next-line react/incompatible-library -- a note for the React compiler, which is not used
  const virtualizer = useVirtualizer({
    count: keys.length,
    getScrollElement: () => grid,
    estimateSize: () => rowHeight,
    getItemKey: (index) => keys[index] ?? index,
    overscan: 4,
    scrollMargin: HEAD,
  });

  const pick = useCallback(
    (key: string) => {
      setActive(key);
      onOpen(key);
    },
    [onOpen],
  );

  const at = active === null ? -1 : keys.indexOf(active);
  const walk = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey)
      return;
    const page = Math.max(1, Math.floor((grid?.clientHeight ?? 0) / rowHeight) - 3);
    const moves: Record<string, number> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: keys.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined && keys.length > 0) {
      const index = Math.min(keys.length - 1, Math.max(0, to));
      const key = keys[index];
      if (key === undefined) return;
      setActive(key);
      if (open !== null) onOpen(key);
      if (grid) bringIntoSight(grid, index * rowHeight, rowHeight);
    } else if (event.key === 'Enter' && active !== null && at >= 0) onOpen(active);
    else if (event.key === 'Escape' && open !== null) onOpen(null);
    else return;
    event.preventDefault();
  };

  const sortBy = (id: string): void =>
    prefer({ tables: { positions: { sort: { id, desc: sort.id === id ? !sort.desc : false } } } });

  return (
    <div
      ref={setGrid}
      className="grid"
      role="grid"
      aria-label="Positions"
      aria-rowcount={keys.length + 2}
      aria-colcount={columns.length}
      aria-activedescendant={at >= 0 ? `${name}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={walk}
    >
      <div className="wide" style={layoutOf(columns)}>
        <div className="line head" role="row" aria-rowindex={1}>
          {columns.map((column) => {
            const sorted = sort.id === column.id;
            return (
              <div
                key={column.id}
                role="columnheader"
                aria-sort={sorted ? (sort.desc ? 'descending' : 'ascending') : 'none'}
                className={column.numeric ? 'cell num' : 'cell'}
              >
                <button type="button" onClick={() => sortBy(column.id)}>
                  {column.name}
                  {sorted && <span aria-hidden="true"> {sort.desc ? '↓' : '↑'}</span>}
                </button>
              </div>
            );
          })}
        </div>
        <div role="rowgroup" className="lines" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((item) => {
            const key = keys[item.index] ?? '';
            return (
              <PositionLine
                key={key}
                id={`${name}-${key}`}
                rowKey={key}
                index={item.index}
                top={item.start - HEAD}
                columns={columns}
                active={key === active}
                open={key === open}
                onPick={pick}
              />
            );
          })}
        </div>
        <TotalsLine rows={rows} columns={columns} />
      </div>
    </div>
  );
}
