import type { Clock } from '../../domain/clock.ts';

/** The venue takes stamps up to this far ahead of its own clock, whatever the window (ms). */
const AHEAD_ALLOWED = 1_000;
const SAMPLES = 5;

export interface VenueClock {
  /** Venue minus ours, ms; 0 until measured. */
  offset(): number;
  status(): {
    clockOffsetMs: number | null;
    clockUncertaintyMs: number | null;
    clockTrusted: boolean;
  };
  /** Takes several samples and keeps the one with the shortest round trip. False when none came. */
  measure(): Promise<boolean>;
  /** The venue refused a stamp made with the present offset: not to be trusted until measured again. */
  distrust(): void;
  /** An answer's own time and the moments around it: true when they cannot fit the offset. */
  contradicts(venueTime: number, sentAt: number, receivedAt: number): boolean;
}

/**
 * How far the venue's clock is from ours, measured with Cristian's method: the offset is the venue's
 * time minus the middle of the round trip, wrong by at most half of it.
 */
export function createVenueClock(clock: Clock, askTime: () => Promise<number | null>): VenueClock {
  let best: { offset: number; uncertainty: number } | null = null;
  let trusted = false;
  let running: Promise<boolean> | null = null;

  const sample = async (): Promise<{ offset: number; uncertainty: number } | null> => {
    const startedAt = clock.now();
    const startedTicks = clock.ticks();
    const venueTime = await askTime();
    if (venueTime === null) return null;
    const half = Math.max(0, clock.ticks() - startedTicks) / 2;
    return { offset: Math.round(venueTime - (startedAt + half)), uncertainty: Math.ceil(half) + 1 };
  };

  const take = async (): Promise<boolean> => {
    let found: { offset: number; uncertainty: number } | null = null;
    for (let i = 0; i < SAMPLES; i++) {
      const one = await sample();
      if (one === null) break;
      if (found === null || one.uncertainty < found.uncertainty) found = one;
    }
    if (found === null) return false;
    best = found;
    trusted = found.uncertainty < AHEAD_ALLOWED;
    return trusted;
  };

  return {
    offset: () => best?.offset ?? 0,
    status: () => ({
      clockOffsetMs: best?.offset ?? null,
      clockUncertaintyMs: best?.uncertainty ?? null,
      clockTrusted: trusted,
    }),
    measure() {
      running ??= take().finally(() => {
        running = null;
      });
      return running;
    },
    distrust() {
      trusted = false;
    },
    contradicts(venueTime, sentAt, receivedAt) {
      if (best === null) return false;
      const slack = best.uncertainty + 250;
      const ours = venueTime - best.offset;
      return ours < sentAt - slack || ours > receivedAt + slack;
    },
  };
}
