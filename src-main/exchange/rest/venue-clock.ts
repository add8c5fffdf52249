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

type AskTime = () => Promise<number | null>;

interface Sample {
  offset: number;
  uncertainty: number;
}

/**
 * How far a venue's clock is from ours, with Cristian's method: the offset is the venue's time minus the
 * middle of the round trip, wrong by at most half of it. Of several samples the best, or `null` when none
 * came; lines that ask for one at the same time share it.
 */
export type Measure = (askTime: AskTime) => Promise<Sample | null>;

export function createMeasure(clock: Pick<Clock, 'now' | 'ticks'>): Measure {
  let running: Promise<Sample | null> | null = null;

  const sample = async (askTime: AskTime): Promise<Sample | null> => {
    const startedAt = clock.now();
    const startedTicks = clock.ticks();
    const venueTime = await askTime();
    if (venueTime === null) return null;
    const half = Math.max(0, clock.ticks() - startedTicks) / 2;
    return { offset: Math.round(venueTime - (startedAt + half)), uncertainty: Math.ceil(half) + 1 };
  };

  const take = async (askTime: AskTime): Promise<Sample | null> => {
    let found: Sample | null = null;
    for (let i = 0; i < SAMPLES; i++) {
      const one = await sample(askTime);
      if (one === null) break;
      if (found === null || one.uncertainty < found.uncertainty) found = one;
    }
    return found;
  };

  return (askTime) =>
    (running ??= take(askTime).finally(() => {
      running = null;
    }));
}

/** One for each host. */
export interface Measures {
  of(restUrl: string): Measure;
}

export function createMeasures(clock: Pick<Clock, 'now' | 'ticks'>): Measures {
  const measures = new Map<string, Measure>();
  return {
    of(restUrl) {
      const { host } = new URL(restUrl);
      const measure = measures.get(host) ?? createMeasure(clock);
      measures.set(host, measure);
      return measure;
    },
  };
}

/** What one line takes the venue's clock for: whether it is to be trusted is each line's own experience. */
export function createVenueClock(measure: Measure, askTime: AskTime): VenueClock {
  let best: Sample | null = null;
  let trusted = false;

  return {
    offset: () => best?.offset ?? 0,
    status: () => ({
      clockOffsetMs: best?.offset ?? null,
      clockUncertaintyMs: best?.uncertainty ?? null,
      clockTrusted: trusted,
    }),
    async measure() {
      const found = await measure(askTime);
      if (found === null) return false;
      best = found;
      trusted = found.uncertainty < AHEAD_ALLOWED;
      return trusted;
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
