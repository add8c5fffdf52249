import PQueue from 'p-queue';
import type { Clock } from '../../domain/clock.ts';
import { cancelled } from './job-runner.ts';
import type { Progress } from './jobs.ts';

/** What is going on now. `done` of `total` in the step's own unit. */
export interface Running {
  what: string;
  step: string;
  done: number;
  total: number;
}

/** Least ms between two reports of the same step. */
const PACE = 100;

/** One thing at a time in the vault, with its progress and the way to stop it. */
export function createQueue(clock: Clock, onChange: () => void) {
  const queue = new PQueue({ concurrency: 1 });
  let running: Running | null = null;
  let current: AbortController | null = null;
  let told = 0;

  return {
    running: (): Running | null => running,
    /** Runs `work` when its turn comes; `signal` of the caller stops it too. */
    async run<T>(
      what: string,
      work: (progress: Progress, signal: AbortSignal) => Promise<T>,
      signal?: AbortSignal,
    ): Promise<T> {
      return queue.add(async () => {
        if (signal?.aborted) throw cancelled();
        const own = new AbortController();
        current = own;
        running = { what, step: 'starting', done: 0, total: 1 };
        onChange();
        const progress: Progress = (step, done, total) => {
          const same = running?.step === step;
          running = { what, step, done, total };
          if (same && clock.ticks() - told < PACE) return;
          told = clock.ticks();
          onChange();
        };
        try {
          return await work(progress, signal ? AbortSignal.any([own.signal, signal]) : own.signal);
        } finally {
          running = null;
          current = null;
          onChange();
        }
      });
    },
    /** Stops what is running; false when nothing is. */
    cancel(): boolean {
      if (!current || current.signal.aborted) return false;
      current.abort(cancelled());
      return true;
    },
    idle: (): Promise<void> => queue.onIdle(),
  };
}

export type Queue = ReturnType<typeof createQueue>;
