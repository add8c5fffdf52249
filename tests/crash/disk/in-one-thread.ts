import { diskFailure } from '../../../src-main/backup/disk.ts';
import type { RunJob } from '../../../src-main/backup/worker/job-runner.ts';
import { jobs } from '../../../src-main/backup/worker/job-work.ts';
import { Failure } from '../../../src-main/domain/failure.ts';
import { packMonth } from '../../../src-main/persistence/upkeep/archive-file.ts';
import type { Job } from '../../../src-main/persistence/upkeep/in-thread.ts';
import { findDamage } from '../../../src-main/persistence/upkeep/integrity.ts';

/*
 * Takes the place of the program's two modules that start threads where many points are gone through in
 * one process: a thread costs several times what its job does. The jobs and their file calls are the
 * same; in processes of their own the points have their threads.
 */

export const cancelled = (): Failure => new Failure('REFUSED', 'Stopped before it finished.');

export function createJobRunner(): { run: RunJob; stuck(): boolean; close(): Promise<void> } {
  let underWay: Promise<unknown> = Promise.resolve();
  const run: RunJob = (name, input, progress = () => {}) => {
    const output = jobs[name](input, progress).catch((error: unknown) => {
      const { code, message } = diskFailure(error, 'work on the backup');
      throw new Failure(code, message);
    });
    underWay = output.catch(() => {});
    return output;
  };
  return { run, stuck: () => false, close: async () => void (await underWay) };
}

export const inThread = async (name: Job['name'], input: Job['input']): Promise<unknown> =>
  name === 'findDamage' ? findDamage(input as never) : packMonth(input as never);
