const HOUR = 3_600_000;

/** Most routine backups of one source in any hour. */
const MOST_PER_HOUR = 4;

/**
 * The earliest moment a changed source may be taken again, from the stored times of its routine
 * backups (ms since 1970 UTC). Future-dated ones are left out, so a clock set back delays nothing;
 * a clock set forward, a sleep or a long stop only makes it overdue.
 */
export function nextRoutineAt(madeAt: readonly number[], now: number, minimum: number): number {
  const past = madeAt.filter((at) => at <= now);
  const last = past.length > 0 ? Math.max(...past) + minimum : now;
  return Math.max(last, fourthInHour(past, now));
}

/** Whether one more now (on quit) would still be at most four in the hour. */
export const mayTakeNow = (madeAt: readonly number[], now: number): boolean =>
  fourthInHour(
    madeAt.filter((at) => at <= now),
    now,
  ) <= now;

/** How long a protected file must lie still before it is taken, ms. */
export const QUIET = 1_500;
/** Least time between two takes of one file, and the longest that a change of it waits, ms. */
const SPACING = 30_000;
const LONGEST_WAIT = 40_000;

/**
 * When a protected file that differs from what was last taken is to be read (ticks, like what is
 * given): once it lies still, but within a minute of the change also when it never does.
 */
export function fileDueAt(file: {
  /** When it was first seen to differ from what was taken. */
  changedAt: number;
  /** When it was last seen to change. */
  stillSince: number;
  takenAt: number | null;
}): number {
  const still = file.stillSince + QUIET;
  const apart = file.takenAt === null ? still : Math.max(still, file.takenAt + SPACING);
  return Math.min(apart, file.changedAt + LONGEST_WAIT);
}

function fourthInHour(past: readonly number[], now: number): number {
  const recent = past.filter((at) => at > now - HOUR).toSorted((a, b) => b - a);
  const fourth = recent[MOST_PER_HOUR - 1];
  return fourth === undefined ? now : fourth + HOUR;
}
