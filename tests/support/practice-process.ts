import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { PracticePlace } from './desk-rig.ts';

export interface PracticeProcess extends PracticePlace {
  /** When the exchange wrote the execution of each order to its sockets, ms since 1970 with fractions. */
  executedAt(): Promise<Record<string, number>>;
  stop(): void;
}

type Said = { ready?: PracticePlace; executedAt?: Record<string, number> };

/** Starts a practice exchange in a process of its own, answering each request after `latencyMs`. */
export async function practiceProcess(options: {
  scenario: string;
  latencyMs: number;
  /** Market time per real time; 0 stands still. */
  speed: number;
  /** 2 unless said. */
  accounts?: number;
  /** Its clock runs so many times as fast since then (ms since 1970); the machine's own unless said. */
  pace?: { factor: number; epoch: number };
}): Promise<PracticeProcess> {
  const child = fork(
    join(import.meta.dirname, './practice-child.ts'),
    [
      options.scenario,
      options.latencyMs,
      options.speed,
      options.accounts ?? 2,
      options.pace?.factor ?? 1,
      options.pace?.epoch ?? 0,
    ].map(String),
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  const said = <K extends keyof Said>(key: K): Promise<NonNullable<Said[K]>> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The practice exchange ended.'));
      child.once('exit', ended);
      const hear = (message: unknown): void => {
        const value = (message as Said)[key];
        if (value === undefined) return;
        child.off('message', hear);
        child.off('exit', ended);
        resolve(value);
      };
      child.on('message', hear);
    });
  const place = await said('ready');
  return {
    ...place,
    executedAt() {
      const answer = said('executedAt');
      child.send('executions');
      return answer;
    },
    stop: () => void child.kill(),
  };
}
