import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import css from './plain-table.module.css';

interface PlainColumn {
  name: string;
  /** CSS width; as wide as it needs without. */
  width?: string;
  numeric?: boolean;
  /** The one that gets smaller where there is no room. */
  gives?: boolean;
}

/** A few rows to read, all of them there: facts, fields. The first cell of a row names it. */
export const PlainTable = ({
  name,
  columns,
  rows,
}: {
  name: string;
  columns: readonly PlainColumn[];
  rows: readonly { key: string; cells: readonly ReactNode[]; matters?: boolean }[];
}) => (
  <div className={css.scroll}>
    <table className={css.table} aria-label={name}>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.name}
              scope="col"
              className={classes(column.numeric && css.numeric)}
              style={{ width: column.width }}
            >
              {column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, cells, matters }) => (
          <tr key={key} className={classes(matters && css.matters)}>
            {cells.map((cell, at) => {
              const column = columns[at];
              const looks = classes(column?.numeric && css.numeric, column?.gives && css.gives);
              return at === 0 ? (
                <th key={column?.name} scope="row" className={looks}>
                  {cell}
                </th>
              ) : (
                <td key={column?.name} className={looks}>
                  {cell}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
