import { parentPort } from 'node:worker_threads';
import { diskFailure } from '../disk.ts';
import { jobs } from './job-work.ts';
import type { JobName } from './jobs.ts';

/** The thread of the heavy jobs: takes one at a time, tells its progress and posts how it ended. */
const port = parentPort;

async function work({ name, input }: { name: JobName; input: never }): Promise<void> {
  try {
    const output = await jobs[name](input, (step, done, total) =>
      port?.postMessage({ step, done, total }),
    );
    port?.postMessage({ output });
  } catch (error) {
    const { code, message } = diskFailure(error, 'work on the backup');
    port?.postMessage({ failed: { code, message } });
  }
}

port?.on('message', (job: { name: JobName; input: never }) => void work(job));
