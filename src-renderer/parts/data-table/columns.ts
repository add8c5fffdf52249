import type { ReactNode } from 'react';
import type { TablePreferences } from '../../../src-preload/contract/preferences.ts';

/** One column of a table, as data. */
export interface Column<Row> {
  id: string;
  name: string;
  /** What its figures mean, where the name does not say it all. */
  hint?: string;
  /** Least width, px; what is left over is shared in the same proportion. */
  width: number;
  /** Figures stand to the right. */
  numeric?: boolean;
  /** Stays first and cannot be hidden or moved. */
  fixed?: boolean;
  /** Hidden until chosen. */
  optional?: boolean;
  /** Where there is no room, the highest of these gives way first; without one it never does. */
  yields?: number;
  /** What sorting goes by; `undefined` is not known and comes last either way. Without it one cannot sort by this column. */
  value?: (row: Row) => number | string | undefined;
  cell: (row: Row) => ReactNode;
}

export type Sort = NonNullable<TablePreferences['sort']>;

type Named = Pick<Column<never>, 'id' | 'fixed' | 'optional' | 'yields' | 'width'>;

/** Every column in the operator's order; those never moved keep their own. */
export function orderedColumns<C extends Named>(
  columns: readonly C[],
  order: readonly string[],
): readonly C[] {
  const place = (column: C): number => {
    const at = order.indexOf(column.id);
    return column.fixed ? -1 : at < 0 ? order.length + columns.indexOf(column) : at;
  };
  return columns.toSorted((a, b) => place(a) - place(b));
}

export const isShown = (column: Named, { shown }: Pick<TablePreferences, 'shown'>): boolean =>
  column.fixed || (shown[column.id] ?? !column.optional);

/** Shown, but only where there is room: the operator did not choose it. */
export const givesWay = (column: Named, { shown }: Pick<TablePreferences, 'shown'>): boolean =>
  column.yields !== undefined && !column.optional && shown[column.id] === undefined;

export const widthOf = (column: Named, { widths }: Pick<TablePreferences, 'widths'>): number =>
  widths[column.id] ?? column.width;

/**
 * The columns to draw in `room` px. What never gives way stays, and so does what the operator chose;
 * where they need more room than there is, the table scrolls.
 */
export function chosenColumns<C extends Named>(
  all: readonly C[],
  layout: TablePreferences,
  room: number,
): readonly C[] {
  let columns = orderedColumns(all, layout.order).filter((column) => isShown(column, layout));
  const width = () => columns.reduce((sum, column) => sum + widthOf(column, layout), 0);
  const yielding = columns
    .filter(({ id, yields }) => yields !== undefined && layout.shown[id] !== true)
    .toSorted((a, b) => (b.yields ?? 0) - (a.yields ?? 0));
  for (const next of yielding) {
    if (width() <= room) break;
    columns = columns.filter((column) => column !== next);
  }
  return columns;
}

/** The order after `id` was put where `target` stands; the same when either may not move. */
export function movedTo(
  columns: readonly Named[],
  order: readonly string[],
  id: string,
  target: string,
): string[] {
  const ids = orderedColumns(columns, order).map((column) => column.id);
  const from = ids.indexOf(id);
  const to = ids.indexOf(target);
  const isFixed = (at: number): boolean =>
    columns.find((column) => column.id === ids[at])?.fixed === true;
  if (from < 0 || to < 0 || isFixed(from) || isFixed(to)) return [...order];
  return ids.toSpliced(from, 1).toSpliced(to, 0, id);
}
