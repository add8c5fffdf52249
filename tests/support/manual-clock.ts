import type { Clock } from '../../src-main/domain/clock.ts';

export interface ManualClock extends Clock {
  advance(ms: number): void;
  /** Somebody sets the machine's clock back: the time is another, timers and ticks go on. */
  setBack(ms: number): void;
  /** When the next timer fires; `null` when there is none. */
  nextAt(): number | null;
}

/** A clock that stands still until a test moves it; timers fire in order as it passes them. */
export function manualClock(start = Date.UTC(2025, 5, 1)): ManualClock {
  let now = start;
  let nextId = 0;
  let back = 0;
  const timers = new Map<number, { at: number; callback: () => void }>();
  return {
    now: () => now - back,
    ticks: () => now - start,
    machine: () => now - start,
    after(ms, callback) {
      const id = nextId++;
      timers.set(id, { at: now + Math.ceil(ms), callback }); // whole, as Date.now() is
      return () => timers.delete(id);
    },
    setBack(ms) {
      back += ms;
    },
    nextAt: () =>
      timers.size === 0 ? null : Math.min(...[...timers.values()].map(({ at }) => at)) - back,
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = [...timers]
          .filter(([, timer]) => timer.at <= end)
          .sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (!due) break;
        timers.delete(due[0]);
        now = Math.max(now, due[1].at);
        due[1].callback();
      }
      now = end;
    },
  };
}
