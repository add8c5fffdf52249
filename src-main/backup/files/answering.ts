import { Failure } from '../../domain/failure.ts';
import type { Catalogue } from './catalogue.ts';

/** How long the folder may take for one of these, ms. */
const LONGEST = 15_000;

/** Ends a program that a call which never returned would keep from ending. */
const endHard = (): void => void process.kill(process.pid, 'SIGKILL');

/**
 * A catalogue that gives a folder up which does not answer, as a network folder that is gone may not: what
 * was asked fails with a sentence, and nothing more is asked of it until it has answered after all. The time
 * is the machine's own: a disk keeps to no other clock.
 */
export function answering(catalogue: Catalogue, longest = LONGEST): Catalogue {
  let hanging = 0;
  const silent = (): Failure =>
    new Failure(
      'BUSY',
      `The backup folder ${catalogue.folder} does not answer. Check that its disk or network can be reached.`,
    );

  function within<Args extends unknown[], Result>(
    ask: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result> {
    return async (...args) => {
      if (hanging > 0) throw silent();
      const asked = ask(...args);
      const { promise: late, reject } = Promise.withResolvers<never>();
      const watch = setTimeout(() => {
        if (hanging++ === 0) process.once('exit', endHard);
        const answered = (): void => {
          if (--hanging === 0) process.off('exit', endHard);
        };
        asked.then(answered, answered);
        reject(silent());
      }, longest);
      return Promise.race([asked, late]).finally(() => clearTimeout(watch));
    };
  }

  return {
    ...catalogue,
    refresh: within(catalogue.refresh),
    recover: within(catalogue.recover),
    publish: within(catalogue.publish),
    update: within(catalogue.update),
    remove: within(catalogue.remove),
    collect: within(catalogue.collect),
    discard: within(catalogue.discard),
    requireSpace: within(catalogue.requireSpace),
  };
}

/** What is asked of a disk, or `null` when it has not answered within `longest` ms. */
export async function answerOf<T>(asked: Promise<T>, longest = LONGEST): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const watch = setTimeout(resolve, longest, null);
  return Promise.race([asked, late]).finally(() => clearTimeout(watch));
}
