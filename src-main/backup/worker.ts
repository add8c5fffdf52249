import { Worker } from 'node:worker_threads';
import type { FailureCode } from '../domain/failure.ts';
import { Failure } from '../domain/failure.ts';
import type { JobName, Jobs, Progress } from './work.ts';

const entry = new URL(
  import.meta.url.endsWith('.ts') ? './vault-worker.ts' : './vault-worker.js',
  import.meta.url,
);

type Message<Output> =
  | { output: Output }
  | { failed: { code: FailureCode; message: string } }
  | { step: string; done: number; total: number };

/** Thrown when the operator, or the end of the program, stopped a job. */
export const cancelled = (): Failure => new Failure('REFUSED', 'Stopped before it was finished.');

/** Runs one heavy job in a thread of its own; aborting ends the thread wherever it is. */
export async function runJob<Name extends JobName>(
  name: Name,
  input: Jobs[Name]['input'],
  progress: Progress = () => {},
  signal?: AbortSignal,
): Promise<Jobs[Name]['output']> {
  if (signal?.aborted) throw cancelled();
  const worker = new Worker(entry, {
    workerData: { name, input },
    // A 256 MB JSON file takes a multiple of that as values.
    resourceLimits: { maxOldGenerationSizeMb: 4096 },
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const abort = (): void => void worker.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: Message<Jobs[Name]['output']>) => {
        if ('output' in message) resolve(message.output);
        else if ('failed' in message) {
          reject(new Failure(message.failed.code, message.failed.message));
        } else progress(message.step, message.done, message.total);
      });
      worker.once('error', reject);
      void ended.then(() => reject(signal?.aborted ? cancelled() : new Failure('UNEXPECTED', 'A backup job ended without a result.')));
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    // Its files must be closed before anyone sweeps or renames them.
    await worker.terminate();
    await ended;
  }
}
