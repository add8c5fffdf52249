/** Time and timers, passed in so that tests can hold them still. */
export interface Clock {
  /** ms since 1970 UTC. */
  now(): number;
  /** Monotonic ms, for durations. */
  ticks(): number;
  /** Monotonic ms of the machine itself, however fast this clock runs: how long work holds it up. */
  machine(): number;
  /** Calls back once after `ms`; returns the way to call it off. Keeps no process alive. */
  after(ms: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  ticks: () => performance.now(),
  machine: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
