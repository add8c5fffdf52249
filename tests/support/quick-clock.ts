import type { Clock } from '../../src-main/domain/clock.ts';

/**
 * The machine's clock, so many times as fast since `epoch` (ms since 1970): a second of the program's
 * passes in a fraction of one, with all its work in it. Programs with the same epoch agree on the time.
 */
export function quickClock(factor: number, epoch: number): Clock {
  const passed = (): number => (performance.timeOrigin + performance.now() - epoch) * factor;
  return {
    now: () => Math.round(epoch + passed()),
    ticks: passed,
    machine: () => performance.now(),
    after(ms, callback) {
      const timer = setTimeout(callback, ms / factor);
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
