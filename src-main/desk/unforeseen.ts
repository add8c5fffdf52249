import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';

/**
 * What is thrown where nothing catches it is logged with its place, and `end` is called once: nothing
 * goes on in a state that nobody foresaw. The shell then stops the desk and has it started anew.
 */
export function onUnforeseen(log: Log, end: () => void): void {
  let told = false;
  const unforeseen = (thrown: unknown): void => {
    const where = thrown instanceof Error ? thrown.stack : undefined;
    log.error('Something unforeseen failed; Holdfast saves its state and restarts', {
      why: sentenceOf(thrown),
      where,
    });
    if (!told) end();
    told = true;
  };
  process.on('uncaughtException', unforeseen);
  process.on('unhandledRejection', unforeseen);
  // A log that nobody reads any more is no reason to end.
  process.stderr.on('error', () => {});
}
