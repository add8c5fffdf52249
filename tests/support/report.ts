/** What a benchmark (tests/bench) or kill test (tests/crash) is told and what it answers. */
export interface RunOptions {
  /** How often a kill test kills. */
  kills: number;
  /** Says how far it is, on standard error. */
  progress(text: string): void;
}

export interface Aim {
  /** A key of `figures`. */
  figure: string;
  /** In words: `<= 12`. */
  aim: string;
  value: number;
  met: boolean;
}

export interface Report {
  name: string;
  figures: Record<string, number>;
  aims: Aim[];
  /** Why nothing was measured on this machine. */
  skipped?: string;
}

/** Every `tests/bench/NAME.ts` and `tests/crash/NAME.ts` that is to be run by name exports this. */
export type Run = (options: RunOptions) => Promise<Report>;

/** The aim that a figure stays at or below a limit; a figure that could not be had misses it. */
export const atMost = (figures: Record<string, number>, figure: string, limit: number): Aim => {
  const value = figures[figure] ?? Number.NaN;
  return { figure, aim: `<= ${limit}`, value, met: value <= limit };
};

/** The aim that a figure reaches a limit. */
export const atLeast = (figures: Record<string, number>, figure: string, limit: number): Aim => {
  const value = figures[figure] ?? Number.NaN;
  return { figure, aim: `>= ${limit}`, value, met: value >= limit };
};

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

/** The smallest value that `share` of all values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}
