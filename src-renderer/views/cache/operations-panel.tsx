import type { OperationRow, OperationState } from '../../../src-preload/contract/operations.ts';
import { clock } from '../../parts/time-text.ts';
import { useRows } from '../../state/use-desk.tsx';

const SHOWN = 12;

const names: Record<OperationState, string> = {
  running: 'running',
  committed: 'done',
  'rolled-back': 'rolled back',
  interrupted: 'interrupted',
};

/** The newest changes of several rows: what each was for, and whether it was done whole. */
export function OperationsPanel() {
  const operations = [...(useRows('operations')?.values() ?? [])].sort(
    (a, b) => b.beganAt - a.beganAt,
  );
  return (
    <section className="card">
      <h2>Operations</h2>
      {operations.length === 0 && <p className="mute">Nothing has been changed yet.</p>}
      <ul className="operations">
        {operations.slice(0, SHOWN).map((operation) => (
          <li key={operation.id} title={detailOf(operation)}>
            <span className="mute">{clock(operation.beganAt)}</span> {operation.what}{' '}
            <b className={operation.state === 'interrupted' ? 'bad' : 'mute'}>
              {names[operation.state]}
            </b>{' '}
            <span className="mute">{operation.why ?? operation.summary}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function detailOf({ id, author, steps }: OperationRow): string {
  const by = author === 'operator' ? 'By you' : 'By Holdfast';
  const told = steps.map(({ text, doneAt }) => `${doneAt === null ? 'not done' : 'done'}: ${text}`);
  return [`${by}, ${id}`, ...told].join('\n');
}
