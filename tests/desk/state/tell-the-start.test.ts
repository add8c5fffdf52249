import { expect, test } from 'vitest';
import type { Alert } from '../../../src-main/alerts/alerts.ts';
import { REPLACE } from '../../../src-main/desk/state/ended-by-restore.ts';
import { tellTheStart } from '../../../src-main/desk/state/tell-the-start.ts';
import type { OperationRecord } from '../../../src-main/persistence/records.ts';
import type { Change } from '../../../src-main/persistence/store.ts';

const operation = (id: string, beganAt: number, step: string): OperationRecord => ({
  id,
  what: `Do ${id}`,
  author: 'operator',
  accounts: ['main'],
  beganAt,
  endedAt: null,
  state: 'running',
  steps: [{ text: step, doneAt: null }],
  summary: null,
  why: null,
});

test('D16 a restore undone on the command line is told as undone at the next start, not as cut off', () => {
  const saved: OperationRecord[] = [];
  const alerts: Alert[] = [];
  tellTheStart({
    notices: [],
    left: {
      operations: [operation('restore', 10, REPLACE), operation('close', 90, 'Close')],
      restoredAt: 50,
    },
    begin: () => expect.unreachable(),
    save: (_reason: string, change: Change) => {
      saved.push(...(change.operations ?? []));
      return 'durable';
    },
    raise: (alert) => alerts.push(alert),
    now: 100,
  });
  expect(saved).toMatchObject([
    { id: 'restore', state: 'rolled-back', why: 'Undone: the state before it is back.' },
    { id: 'close', state: 'interrupted' },
  ]);
  expect(alerts.map(({ text }) => text)).toEqual([expect.stringContaining('Do close')]);
});
