import { type CSSProperties, memo } from 'react';
import type { ListSlices } from '../../../src-preload/contract/slices.ts';
import { useRow } from '../../state/use-desk.tsx';
import { classes } from '../classes.ts';
import type { Column } from './columns.ts';
import css from './data-table.module.css';

interface LineProps<Row> {
  rowKey: string;
  index: number;
  /** px from the first row. */
  top: number;
  columns: readonly Column<Row>[];
  /** In a grid a row can have the focus and be chosen. */
  grid: boolean;
  tabStop: boolean;
  selected: boolean;
  dims: ((row: Row) => boolean) | undefined;
  alarms: ((row: Row) => boolean) | undefined;
  onPick: (key: string) => void;
}

const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('button, input, select, label, a') !== null;

function Line<Row>({
  row,
  rowKey,
  index,
  top,
  columns,
  grid,
  tabStop,
  selected,
  dims,
  alarms,
  onPick,
}: LineProps<Row> & { row: Row }) {
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the table answers the keys
    <div
      role="row"
      data-row={rowKey}
      aria-rowindex={index + 2}
      aria-selected={grid ? selected : undefined}
      tabIndex={grid ? (tabStop ? 0 : -1) : undefined}
      className={classes(
        css.line,
        grid && css.choosable,
        alarms?.(row) && css.alarm,
        dims?.(row) && css.dimmed,
        selected && css.selected,
      )}
      style={{ transform: `translateY(${top}px)` } satisfies CSSProperties}
      onClick={(event) => {
        if (grid && !isControl(event.target)) onPick(rowKey);
      }}
    >
      {columns.map((column) => (
        <div
          key={column.id}
          role={column.fixed ? 'rowheader' : grid ? 'gridcell' : 'cell'}
          className={classes(css.cell, column.numeric && css.numeric)}
        >
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
}

/** A row that is handed in: it is drawn again when it is another object. */
export const GivenRow = memo(Line) as typeof Line;

/** A row that reads itself: a push draws the lines it names and no other. */
export const LiveRow = memo(function LiveRow<Row>({
  slice,
  ...line
}: LineProps<Row> & { slice: keyof ListSlices }) {
  const row = useRow(slice, line.rowKey) as Row | null;
  return row && <Line row={row} {...line} />;
}) as <Row>(props: LineProps<Row> & { slice: keyof ListSlices }) => React.JSX.Element | null;
