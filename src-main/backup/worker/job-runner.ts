// A thread lives in the machine's time: where days pass in minutes it neither ends nor hangs the sooner.
import { clearTimeout, setTimeout } from 'node:timers';
import { Worker } from 'node:worker_threads';
import type { FailureCode } from '../../domain/failure.ts';
import { Failure } from '../../domain/failure.ts';
import type { Jobs, Progress } from './jobs.ts';

const workerEntry = new URL(
  import.meta.url.endsWith('.ts') ? './jobs-worker.ts' : './jobs-worker.js',
  import.meta.url,
);

/** How long a thread without work is kept for the next job, ms. */
const IDLE = 10_000;

/** How long a thread that is ended is waited for, ms; one that hangs in the system may never end. */
const GRACE = 1_000;

/** A job that says nothing for so long hangs (a network folder that is gone, say) and is given up, ms. */
const STALLED = 120_000;

type Message =
  | { output: unknown }
  | { failed: { code: FailureCode; message: string } }
  | { step: string; done: number; total: number };

/** Thrown when the operator, or the end of the program, stopped a job. */
export const cancelled = (): Failure => new Failure('REFUSED', 'Stopped before it finished.');

type AnyJobs<All> = { [Name in keyof All]: { input: unknown; output: unknown } };

/** Runs one heavy job off the event loop; aborting ends it wherever it is. */
export type RunOf<All extends AnyJobs<All>> = <Name extends keyof All>(
  name: Name,
  input: All[Name]['input'],
  progress?: Progress,
  signal?: AbortSignal,
) => Promise<All[Name]['output']>;

export type RunJob = RunOf<Jobs>;

export interface JobRunner<All extends AnyJobs<All> = Jobs> {
  run: RunOf<All>;
  /** A thread that was given up has not ended yet: it hangs in the system. */
  stuck(): boolean;
  close(): Promise<void>;
}

/** A worker thread for the heavy jobs, one at a time; started when needed, ended when idle. */
export function createJobRunner<All extends AnyJobs<All> = Jobs>(
  options: { entry?: URL; stalledMs?: number } = {},
): JobRunner<All> {
  const { entry = workerEntry, stalledMs = STALLED } = options;
  let hanging = 0;
  let worker: Worker | null = null;
  let idle: NodeJS.Timeout | undefined;

  function ready(): Worker {
    clearTimeout(idle);
    // A 256 MB JSON file takes a multiple of that as values.
    worker ??= new Worker(entry, {
      resourceLimits: { maxOldGenerationSizeMb: 4096, maxYoungGenerationSizeMb: 16 },
    });
    worker.ref();
    return worker;
  }

  /** Ends a thread. One that hangs in the system would keep the program from ending: that ends hard. */
  async function letGo(thread: Worker): Promise<void> {
    const endHard = (): void => void process.kill(process.pid, 'SIGKILL');
    hanging++;
    process.once('exit', endHard);
    await thread.terminate();
    process.off('exit', endHard);
    hanging--;
    ended.delete(thread);
  }

  const ended = new Map<Worker, Promise<void>>();

  /** Resolves once the threads' files are closed, so that they may be swept or renamed, or after a while. */
  async function end(): Promise<void> {
    clearTimeout(idle);
    if (worker) ended.set(worker, letGo(worker));
    worker = null;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const patience = setTimeout(resolve, GRACE);
    await Promise.race([Promise.all(ended.values()), late]);
    clearTimeout(patience);
  }

  function rest(): void {
    worker?.unref();
    idle = setTimeout(() => void end(), IDLE);
    idle.unref();
  }

  async function run<Name extends keyof All>(
    name: Name,
    input: All[Name]['input'],
    progress: Progress = () => {},
    signal?: AbortSignal,
  ): Promise<All[Name]['output']> {
    if (signal?.aborted) throw cancelled();
    if (hanging > 0) await end();
    if (hanging > 0) {
      const why = 'The disk or folder of the backups has not answered since the last attempt.';
      throw new Failure('BUSY', `${why} Check that it can be reached.`);
    }
    const thread = ready();
    const stopped = new AbortController();
    const { promise, resolve, reject } = Promise.withResolvers<All[Name]['output']>();
    const once = { signal: stopped.signal };
    let stalled: NodeJS.Timeout | undefined;
    const expectNews = (): void => {
      clearTimeout(stalled);
      stalled = setTimeout(() => {
        if (worker === thread) void end();
        const why =
          'The backup got stuck and was abandoned. Check that its disk or folder can be reached.';
        reject(new Failure('UNEXPECTED', why));
      }, stalledMs);
      stalled.unref();
    };
    expectNews();
    const onMessage = (message: Message): void => {
      expectNews();
      if ('output' in message) resolve(message.output);
      else if ('failed' in message) {
        reject(new Failure(message.failed.code, message.failed.message));
      } else progress(message.step, message.done, message.total);
    };
    const onExit = (): void => {
      const lost = new Failure('UNEXPECTED', 'The backup job ended without a result. Try again.');
      reject(signal?.aborted ? cancelled() : lost);
    };
    thread.on('message', onMessage);
    thread.once('error', reject);
    thread.once('exit', onExit);
    signal?.addEventListener('abort', () => void end().then(() => reject(cancelled())), once);
    thread.postMessage({ name, input });
    try {
      return await promise;
    } catch (error) {
      if (signal?.aborted || !(error instanceof Failure)) await end();
      throw error;
    } finally {
      clearTimeout(stalled);
      stopped.abort();
      thread.off('message', onMessage);
      thread.off('error', reject);
      thread.off('exit', onExit);
      if (worker === thread) rest();
    }
  }

  return { run, close: end, stuck: () => hanging > 0 };
}
