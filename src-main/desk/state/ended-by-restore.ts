import type { OperationRecord } from '../../persistence/records.ts';
import { interrupted } from '../../persistence/write/operations.ts';

/** The step of a restore that changes the saved state. */
export const REPLACE = 'Replace the saved state';

/**
 * An operation that was under way when the restored state was saved. What a restore kept first is the
 * state before it: with that in force again, the restore is undone. Anything else was cut off.
 */
export const endedByRestore = (found: OperationRecord, now: number): OperationRecord =>
  found.steps.some(({ text }) => text === REPLACE)
    ? { ...found, state: 'rolled-back', endedAt: now, why: 'Undone: the state before it is back.' }
    : interrupted(found, now, 'The restored state is from before it ended.');
