import { memo } from 'react';
import { useRow } from '../../state/use-desk.tsx';
import type { PositionColumn } from './columns.tsx';

/** One position. It reads its own row, so a push draws only the lines it names. */
export const PositionLine = memo(function PositionLine(props: {
  id: string;
  rowKey: string;
  index: number;
  top: number;
  columns: readonly PositionColumn[];
  active: boolean;
  open: boolean;
  onPick: (key: string) => void;
}) {
  const row = useRow('positions', props.rowKey);
  if (!row) return null;
  const alarm = row.protection.state === 'none';
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid answers the keys
    <div
      id={props.id}
      role="row"
      aria-rowindex={props.index + 2}
      aria-selected={props.open}
      className={`line ${alarm ? 'alarm' : ''} ${row.doubtful ? 'doubtful' : ''} ${props.active ? 'active' : ''} ${props.open ? 'open' : ''}`}
      style={{ transform: `translateY(${props.top}px)` }}
      onClick={() => props.onPick(props.rowKey)}
    >
      {props.columns.map((column) => (
        <div key={column.id} role="gridcell" className={column.numeric ? 'cell num' : 'cell'}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  );
});
