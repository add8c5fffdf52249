import type { Clock } from '../../../src-main/domain/clock.ts';

/**
 * A clock for everything in this process at once: `Date.now` and the timers of every library go by
 * it. With the wires beside it nothing is left to the kernel, so that a run depends on its seed alone,
 * byte for byte, and takes as long as its work, not as its waits.
 */
export interface ProcessTime extends Clock {
  /** Moves time on, timer by timer; after each, when all has come to rest, `look` is called. */
  advance(ms: number, look?: () => void): Promise<void>;
  /** Waits until nothing moves any more without time going on. */
  settle(): Promise<void>;
  /** Something is under way: called by whatever carries bytes. */
  stir(): void;
  /** Gives the process its own clock back. */
  stop(): void;
}

interface Timer {
  at: number;
  callback: () => void;
}

const originals = {
  now: Date.now,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
};

/** Turns of the event loop without anything under way, after which nothing will come by itself. */
const TURNS_AT_REST = 3;
/** So often it is looked again at once whether work of the machine has ended. */
const TURNS_AWAKE = 20;
/** Files being read or written, threads at work: what ends whenever the machine is done with it. */
const OF_THE_MACHINE = /^(FSReq|MessagePort)/;

const workOfTheMachine = (): number =>
  process.getActiveResourcesInfo().filter((kind) => OF_THE_MACHINE.test(kind)).length;

/** `machine`: files and threads take part, and time waits for them too. */
export function processTime(
  start = Date.UTC(2025, 5, 1),
  { machine = false }: { machine?: boolean } = {},
): ProcessTime {
  let now = start;
  let stirs = 0;
  const usualWork = workOfTheMachine();
  /** By time, equal times in the order they were set. */
  const timers: Timer[] = [];

  const set = (ms: number, callback: () => void): Timer => {
    const timer = { at: now + Math.max(0, Math.ceil(ms) || 0), callback };
    const place = timers.findLastIndex((other) => other.at <= timer.at);
    timers.splice(place + 1, 0, timer);
    stirs += 1;
    return timer;
  };
  const unset = (timer: unknown): void => {
    const place = timers.indexOf(timer as Timer);
    if (place >= 0) timers.splice(place, 1);
  };
  const settle = async (): Promise<void> => {
    let waits = 0;
    for (let rest = 0; rest < TURNS_AT_REST; ) {
      const before = stirs;
      await new Promise((resolve) => setImmediate(resolve));
      rest = stirs === before ? rest + 1 : 0;
      if (machine && rest === TURNS_AT_REST && workOfTheMachine() > usualWork) {
        // Most of it has ended within some turns; a thread's job is slept for, to leave it a processor.
        if (++waits > TURNS_AWAKE) await new Promise((resolve) => originals.setTimeout(resolve, 1));
        rest = 0;
      }
    }
  };

  /** What timer functions hand out; libraries only ref, unref and clear it. */
  const handle = (timer: { current: Timer }) => ({
    timer,
    ref: () => undefined,
    unref: () => undefined,
    hasRef: () => false,
    [Symbol.toPrimitive]: () => 0,
  });
  const clear = (one: { timer?: { current: Timer } } | null | undefined): void =>
    unset(one?.timer?.current);
  Date.now = () => now;
  Object.assign(globalThis, {
    setTimeout: (callback: (...given: unknown[]) => void, ms: number, ...given: unknown[]) =>
      handle({ current: set(ms, () => callback(...given)) }),
    setInterval: (callback: (...given: unknown[]) => void, ms: number, ...given: unknown[]) => {
      const timer = {
        current: set(ms, function again() {
          timer.current = set(ms, again);
          callback(...given);
        }),
      };
      return handle(timer);
    },
    clearTimeout: clear,
    clearInterval: clear,
  });

  return {
    now: () => now,
    ticks: () => now - start,
    machine: () => now - start,
    after(ms, callback) {
      const timer = set(ms, callback);
      return () => unset(timer);
    },
    settle,
    stir() {
      stirs += 1;
    },
    async advance(ms, look) {
      const end = now + ms;
      await settle();
      for (let next = timers[0]; next !== undefined && next.at <= end; next = timers[0]) {
        now = next.at;
        // As in Node: the timers of one moment run in one turn of the event loop.
        for (; timers[0]?.at === now; await Promise.resolve()) timers.shift()?.callback();
        await settle();
        look?.();
      }
      now = end;
    },
    stop() {
      Date.now = originals.now;
      const { now: _, ...functions } = originals;
      Object.assign(globalThis, functions);
    },
  };
}
