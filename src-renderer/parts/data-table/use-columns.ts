import { useMemo } from 'react';
import type { TablePreferences } from '../../../src-preload/contract/preferences.ts';
import { useActions, useTablePreferences } from '../../state/use-desk.tsx';
import { type Column, chosenColumns, movedTo, orderedColumns, type Sort } from './columns.ts';

/** A column is never drawn narrower than this, px: its name must be there to take hold of. */
const LEAST_WIDTH = 40;

/**
 * The columns of a table as the operator has them, and the ways to change that. A table without an id
 * has them as they are given, always.
 */
export function useColumns<Row>(
  id: string | null,
  all: readonly Column<Row>[],
  room: number,
  firstSort: Sort | null,
) {
  const layout = useTablePreferences(id ?? '');
  const { prefer } = useActions();
  const columns = useMemo(() => chosenColumns(all, layout, room), [all, layout, room]);
  const sort = layout.sort ?? firstSort;
  return useMemo(() => {
    const change = (parts: Partial<TablePreferences>): void => {
      if (id !== null) prefer({ tables: { [id]: parts } });
    };
    const move = (column: string, target: string | undefined): void => {
      if (target !== undefined) change({ order: movedTo(all, layout.order, column, target) });
    };
    return {
      columns,
      layout,
      sort,
      sortBy: (column: string, desc = sort?.id === column && !sort.desc) =>
        change({ sort: { id: column, desc } }),
      move,
      /** One place to the left (-1) or right (1) among those in sight. */
      step(column: string, by: -1 | 1): void {
        const at = columns.findIndex((one) => one.id === column);
        move(column, columns[at + by]?.id);
      },
      resize: (column: string, width: number) =>
        change({
          widths: { ...layout.widths, [column]: Math.max(LEAST_WIDTH, Math.round(width)) },
        }),
      show: (column: string, shown: boolean) =>
        change({ shown: { ...layout.shown, [column]: shown } }),
      reset: () => change({ order: [], shown: {}, widths: {}, sort: null }),
      /** All of them in the operator's order, the hidden ones too. */
      ordered: orderedColumns(all, layout.order),
    };
  }, [id, all, layout, columns, sort, prefer]);
}

export type TableColumns<Row> = ReturnType<typeof useColumns<Row>>;
