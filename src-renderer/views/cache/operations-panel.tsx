import type { OperationRow } from '../../../src-preload/contract/operations.ts';
import type { Column } from '../../parts/data-table/columns.ts';
import { DataTable } from '../../parts/data-table/data-table.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { Panel } from '../../parts/layout/panel.tsx';
import { clock } from '../../parts/time-text.ts';
import { useRows } from '../../state/use-desk.tsx';
import css from './operations-panel.module.css';
import { words } from './words.ts';

const { columns, states } = words.operations;

const operationColumns: readonly Column<OperationRow>[] = [
  {
    id: 'began',
    name: columns.began,
    width: 84,
    fixed: true,
    value: ({ beganAt }) => beganAt,
    cell: ({ beganAt }) => <Text tone="mute">{clock(beganAt)}</Text>,
  },
  {
    id: 'what',
    name: columns.what,
    width: 220,
    value: ({ what }) => what,
    cell: (operation) => <span title={stepsOf(operation)}>{operation.what}</span>,
  },
  {
    id: 'state',
    name: columns.state,
    width: 96,
    value: ({ state }) => states[state],
    cell: ({ state }) => (
      <Text tone={state === 'interrupted' ? 'red' : 'mute'}>{states[state]}</Text>
    ),
  },
  {
    id: 'author',
    name: columns.author,
    width: 84,
    value: ({ author }) => author,
    cell: ({ author }) => (
      <Text tone="mute">{author === 'operator' ? words.operations.you : 'Holdfast'}</Text>
    ),
  },
  {
    id: 'outcome',
    name: columns.outcome,
    width: 420,
    cell: ({ why, summary }) => (
      <Text tone="mute" title={why ?? summary ?? undefined}>
        {why ?? summary}
      </Text>
    ),
  },
];

const keyOf = ({ id }: OperationRow): string => id;
const newestFirst = { id: 'began', desc: true };

/** The changes of several rows: what each was for, and whether it was done whole. */
export function OperationsPanel() {
  const operations = useRows('operations');
  return (
    <Panel title={words.operations.title} flush>
      <DataTable
        id="operations"
        name={words.operations.title}
        columns={operationColumns}
        rows={operations && [...operations.values()]}
        keyOf={keyOf}
        firstSort={newestFirst}
        mostRows={12}
        empty={<p className={css.none}>{words.operations.none}</p>}
      />
    </Panel>
  );
}

/** Every step, and whether it was taken, line by line. */
function stepsOf({ id, steps }: OperationRow): string {
  const { done, notDone } = words.operations;
  const told = steps.map(({ text, doneAt }) => `${doneAt === null ? notDone : done}: ${text}`);
  return [id, ...told].join('\n');
}
