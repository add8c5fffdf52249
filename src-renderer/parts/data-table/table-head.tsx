import {
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useEffect,
  useRef,
  useState,
} from 'react';
import { classes } from '../classes.ts';
import { Menu, placeOf } from '../controls/menu.tsx';
import type { MenuPlace } from '../controls/menu-entry.ts';
import { Tooltip } from '../controls/tooltip.tsx';
import { Unseen } from '../figures/text.tsx';
import { columnEntries } from './column-menu.tsx';
import type { Column } from './columns.ts';
import css from './data-table.module.css';
import type { TableColumns } from './use-columns.ts';

const STEP_PX = 8;
const DRAGGED = 'application/x-holdfast-column';

/**
 * The names of the columns. A press sorts; dragged they change places, drawn at the edge their width;
 * the menu key or the right button opens what else there is. Alt and Shift with the arrows do the same.
 */
export function TableHead<Row>({
  table,
  changeable,
  onWidth,
}: {
  table: TableColumns<Row>;
  /** The operator may change the columns of this table. */
  changeable: boolean;
  /** While an edge is drawn; `null` when it has been let go. */
  onWidth: (drawn: { id: string; width: number } | null) => void;
}) {
  const [menu, setMenu] = useState<{
    column: Column<Row>;
    index: number;
    at: MenuPlace;
  } | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const head = useRef<HTMLDivElement>(null);
  const opened = useRef<number | null>(null);
  // The menu gives the focus back to a name; where that was hidden, the one in its place has it, or the last.
  useEffect(() => {
    if (menu) {
      opened.current = menu.index;
    } else if (opened.current !== null) {
      const names = head.current?.querySelectorAll<HTMLElement>('[role=columnheader] > button');
      const lost = document.activeElement === document.body;
      if (names && lost) names[Math.min(opened.current, names.length - 1)]?.focus();
      opened.current = null;
    }
  }, [menu]);
  return (
    <div ref={head} className={css.head} role="row" aria-rowindex={1}>
      {table.columns.map((column, index) => (
        <HeadCell
          key={column.id}
          column={column}
          table={table}
          changeable={changeable}
          over={over === column.id}
          onOver={setOver}
          onWidth={onWidth}
          onMenu={(event) => {
            event.preventDefault();
            setMenu({ column, index, at: placeOf(event) });
          }}
        />
      ))}
      {menu && (
        <Menu
          name={`Column ${menu.column.name}`}
          at={menu.at}
          entries={columnEntries(menu.column, table)}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

function HeadCell<Row>({
  column,
  table,
  changeable,
  over,
  onOver,
  onWidth,
  onMenu,
}: {
  column: Column<Row>;
  table: TableColumns<Row>;
  changeable: boolean;
  over: boolean;
  onOver: (id: string | null) => void;
  onWidth: (drawn: { id: string; width: number } | null) => void;
  onMenu: (event: MouseEvent) => void;
}) {
  const { id, name, hint, numeric, fixed, value } = column;
  const cell = useRef<HTMLDivElement>(null);
  const sorted = table.sort?.id === id ? table.sort : null;
  const width = (): number => cell.current?.getBoundingClientRect().width ?? column.width;

  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by !== 0 && event.altKey) table.step(id, by);
    else if (by !== 0 && event.shiftKey) table.resize(id, width() + by * STEP_PX);
    else return;
    event.preventDefault();
  };

  const words = (
    <>
      {name}
      {hint && <Unseen>: {hint}</Unseen>}
      {sorted && <span aria-hidden="true"> {sorted.desc ? '↓' : '↑'}</span>}
    </>
  );
  const label = !changeable ? (
    <span className={css.plainName}>{words}</span>
  ) : (
    <button
      type="button"
      className={css.name}
      aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Shift+ArrowLeft Shift+ArrowRight"
      onClick={(event) => (value ? table.sortBy(id) : onMenu(event))}
      onKeyDown={onKeyDown}
    >
      {words}
    </button>
  );
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the button in it takes the focus and the keys
    <div
      ref={cell}
      role="columnheader"
      aria-sort={
        value && changeable
          ? sorted
            ? sorted.desc
              ? 'descending'
              : 'ascending'
            : 'none'
          : undefined
      }
      className={classes(css.cell, numeric && css.numeric, over && css.over)}
      draggable={changeable && !fixed}
      onContextMenu={changeable ? onMenu : undefined}
      onDragStart={(event) => {
        event.dataTransfer.setData(DRAGGED, id);
        event.dataTransfer.effectAllowed = 'move';
      }}
      onDragOver={(event) => {
        if (fixed || !event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        onOver(id);
      }}
      onDragLeave={() => onOver(null)}
      onDrop={(event) => {
        event.preventDefault();
        onOver(null);
        table.move(event.dataTransfer.getData(DRAGGED), id);
      }}
    >
      {hint ? <Tooltip text={hint}>{label}</Tooltip> : label}
      {changeable && (
        <Edge
          width={width}
          onDraw={(drawn) => onWidth({ id, width: drawn })}
          onDone={(drawn) => {
            onWidth(null);
            table.resize(id, drawn);
          }}
        />
      )}
    </div>
  );
}

/** The edge that a column is drawn wider or narrower by. The keyboard does it from the name. */
function Edge({
  width,
  onDraw,
  onDone,
}: {
  width: () => number;
  onDraw: (width: number) => void;
  onDone: (width: number) => void;
}) {
  const from = useRef<{ x: number; width: number } | null>(null);
  const drawn = ({ clientX }: PointerEvent): number =>
    from.current ? from.current.width + clientX - from.current.x : 0;
  return (
    <span
      className={css.edge}
      aria-hidden="true"
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        from.current = { x: event.clientX, width: width() };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (from.current) onDraw(drawn(event));
      }}
      onPointerUp={(event) => {
        if (!from.current) return;
        const last = drawn(event);
        const moved = last !== from.current.width;
        from.current = null;
        if (moved) onDone(last);
      }}
    />
  );
}
