import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { OperationRecord } from '../records.ts';
import type { Change, SaveOutcome, SaveReason } from '../store.ts';

/** An operation that waits for something in between (the venue, a restore): it is ended exactly once. */
export interface Operation {
  /** One step is done: a planned one by its text, else one more. */
  did(step: string): void;
  commit(summary: string): void;
  /** What was to be changed is as it was before. */
  rollBack(why: string): void;
}

export interface BeginOperation {
  what: string;
  author: OperationRecord['author'];
  accounts: readonly AccountId[];
  /** What it consists of, as far as that is known beforehand. */
  steps?: readonly string[];
}

/** Begins an operation: it is on the disk as running before this returns, where the disk takes it. */
export type Begin = (about: BeginOperation) => Operation;

/**
 * Operations in steps. Each step is saved as it is done, so that after a kill the next start can tell
 * what was done and what was not. That the record cannot be saved holds nothing up.
 */
export function createOperations(options: {
  save: (reason: SaveReason, change: Change) => SaveOutcome;
  newId: () => string;
  clock: Clock;
  log: Log;
}): Begin {
  const { clock, log } = options;
  return ({ what, author, accounts, steps = [] }) => {
    let record: OperationRecord = {
      id: options.newId(),
      what,
      author,
      accounts: [...accounts],
      beganAt: clock.now(),
      endedAt: null,
      state: 'running',
      steps: steps.map((text) => ({ text, doneAt: null })),
      summary: null,
      why: null,
    };
    const save = (changes: Partial<OperationRecord>): void => {
      record = { ...record, ...changes };
      try {
        options.save('operation', { operations: [record] });
      } catch (error) {
        log.error('an operation could not be recorded', { what, why: sentenceOf(error) });
      }
    };
    save({});
    return {
      did(text) {
        const done = { text, doneAt: clock.now() };
        const planned = record.steps.findIndex(
          (step) => step.text === text && step.doneAt === null,
        );
        save({ steps: planned < 0 ? [...record.steps, done] : record.steps.with(planned, done) });
      },
      commit: (summary) => save({ state: 'committed', endedAt: clock.now(), summary }),
      rollBack: (why) => save({ state: 'rolled-back', endedAt: clock.now(), why }),
    };
  };
}

/** An operation that was begun and never ended, as it is found at `now` in the state loaded. */
export function interrupted(found: OperationRecord, now: number, because: string): OperationRecord {
  const named = (done: boolean): string =>
    found.steps
      .flatMap(({ text, doneAt }) => ((doneAt !== null) === done ? [text] : []))
      .join('; ');
  const [done, left] = [named(true), named(false)];
  const why = [because, `Done: ${done || 'nothing'}.`, left && `Not done: ${left}.`];
  return { ...found, state: 'interrupted', endedAt: now, why: why.filter(Boolean).join(' ') };
}
