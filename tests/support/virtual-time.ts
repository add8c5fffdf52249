import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src-main/domain/clock.ts';
import { manualClock } from './manual-clock.ts';

/** Turns of the event loop in a row without any event, after which nothing is under way on loopback. */
const QUIET_TURNS = 4;
/** The longest step: what polls the clock without a timer of its own must see it move. ms. */
const STEP_MS = 100;
/** Work of the operating system that ends in an event of its own, however long it takes. */
const UNDER_WAY = /^(FSReq|TCPConnect|GetAddrInfo|Write|Shutdown|Pipe.*Connect)/;

/**
 * Time that passes only while nothing else does. Programs under test get `clock` for theirs; what they
 * say to each other over loopback arrives in full before the clock moves on to the next timer. A test
 * that waits for an hour so takes moments, and runs the same on a machine at work.
 */
export interface VirtualTime {
  readonly clock: Clock;
  /** Lets all that is under way arrive. The clock stands still. */
  settle(): Promise<void>;
  /** Goes on by so many ms, from timer to timer, each settled. */
  pass(ms: number): Promise<void>;
  /** Goes on until it holds; throws when it does not within so many ms. */
  until(holds: () => boolean, withinMs?: number): Promise<void>;
  /** Goes on until the work is done, and hands on what came of it; throws when that takes longer. */
  during<T>(work: Promise<T>, withinMs?: number): Promise<T>;
}

const WITHIN_MS = 120_000;

export function virtualTime(start?: number): VirtualTime {
  const clock = manualClock(start);

  async function settle(): Promise<void> {
    let seen = -1;
    for (let quiet = 0; quiet < QUIET_TURNS; ) {
      await setImmediate();
      const { events } = performance.nodeTiming.uvMetricsInfo;
      const waits = process.getActiveResourcesInfo().some((kind) => UNDER_WAY.test(kind));
      quiet = events === seen && !waits ? quiet + 1 : 0;
      seen = events;
    }
  }

  /** To the next timer, and no further than `most` ms. */
  async function step(most: number): Promise<void> {
    const next = clock.nextAt() ?? Number.POSITIVE_INFINITY;
    clock.advance(Math.max(0, Math.min(most, STEP_MS, next - clock.now())));
    await settle();
  }

  async function until(holds: () => boolean, withinMs = WITHIN_MS): Promise<void> {
    const end = clock.now() + withinMs;
    await settle();
    while (!holds()) {
      if (clock.now() >= end) throw new Error(`not within ${withinMs} ms: ${holds.toString()}`);
      await step(end - clock.now());
    }
  }

  return {
    clock,
    settle,
    async pass(ms) {
      const end = clock.now() + ms;
      await settle();
      while (clock.now() < end) await step(end - clock.now());
    },
    until,
    async during(work, withinMs) {
      let done = false;
      const ended = (): void => {
        done = true;
      };
      work.then(ended, ended);
      await until(() => done, withinMs);
      return work;
    },
  };
}
