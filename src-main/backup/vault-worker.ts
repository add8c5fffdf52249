import { parentPort, workerData } from 'node:worker_threads';
import { Failure, sentenceOf } from '../domain/failure.ts';
import type { JobName, Jobs } from './work.ts';
import { jobs } from './work.ts';

/** The thread of one heavy job: takes it as its data, tells progress, posts the end and exits. */
const port = parentPort;
if (port) {
  const { name, input } = workerData as { name: JobName; input: never };
  try {
    const output: Jobs[JobName]['output'] = await jobs[name](input, (step, done, total) =>
      port.postMessage({ step, done, total }),
    );
    port.postMessage({ output });
  } catch (error) {
    const code = error instanceof Failure ? error.code : 'UNEXPECTED';
    port.postMessage({ failed: { code, message: sentenceOf(error) } });
  }
}
