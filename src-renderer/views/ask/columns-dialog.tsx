import type { TablePreferences } from '../../../src-preload/contract/preferences.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useActions, usePreferences, useTablePreferences } from '../../state/use-desk.tsx';
import { orderedColumns } from '../positions/columns.tsx';

/** Chooses which columns the positions table shows, and in what order; remembered. */
export function ColumnsDialog({ onClose }: { onClose: () => void }) {
  const { density } = usePreferences();
  const { order, shown } = useTablePreferences('positions');
  const { prefer } = useActions();
  const change = (positions: Partial<TablePreferences>): void => prefer({ tables: { positions } });
  const columns = orderedColumns(order);
  const move = (from: number, by: number): void => {
    const ids = columns.map(({ id }) => id);
    const [id] = ids.splice(from, 1);
    if (id) ids.splice(from + by, 0, id);
    change({ order: ids });
  };
  return (
    <Dialog title="Columns" onClose={onClose}>
      <p className="mute">
        Where there is no room for all, those you did not choose yourself give way.
      </p>
      <ul className="scroll-list columns">
        {columns.map((column, index) => (
          <li key={column.id}>
            <label className="choice">
              <input
                type="checkbox"
                checked={column.fixed || (shown[column.id] ?? !column.optional)}
                disabled={column.fixed}
                onChange={(event) =>
                  change({ shown: { ...shown, [column.id]: event.target.checked } })
                }
              />
              <span>{column.name}</span>
            </label>
            <span>
              <button
                type="button"
                className="btn small plain"
                aria-label={`Move ${column.name} to the left`}
                disabled={column.fixed || index <= 1}
                onClick={() => move(index, -1)}
              >
                ↑
              </button>
              <button
                type="button"
                className="btn small plain"
                aria-label={`Move ${column.name} to the right`}
                disabled={column.fixed || index === columns.length - 1}
                onClick={() => move(index, 1)}
              >
                ↓
              </button>
            </span>
          </li>
        ))}
      </ul>
      <footer>
        <button
          type="button"
          className="btn"
          aria-pressed={density === 'compact'}
          onClick={() => prefer({ density: density === 'compact' ? 'normal' : 'compact' })}
        >
          {density === 'compact' ? 'Normal rows' : 'Compact rows'}
        </button>
        <button type="button" className="btn" onClick={() => change({ order: [], shown: {} })}>
          As at first
        </button>
        <button type="button" className="btn primary" data-first onClick={onClose}>
          Done
        </button>
      </footer>
    </Dialog>
  );
}
