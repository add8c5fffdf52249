import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';

export interface Tasks {
  /** Does `work` every `ms`, counted from its end; a failure is logged and does not end it. */
  every(name: string, ms: number, work: () => void | Promise<void>): void;
  stop(): void;
}

export function createTasks(clock: Clock, log: Log): Tasks {
  const timers = new Map<string, () => void>();

  function every(name: string, ms: number, work: () => void | Promise<void>): void {
    const run = async (): Promise<void> => {
      try {
        await work();
      } catch (error) {
        log.error('A regular task failed', { name, why: sentenceOf(error) });
      }
      if (timers.has(name)) every(name, ms, work);
    };
    timers.set(
      name,
      clock.after(ms, () => void run()),
    );
  }

  return {
    every,
    stop() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
