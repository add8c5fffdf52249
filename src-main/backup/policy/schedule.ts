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

function fourthInHour(past: readonly number[], now: number): number {
  const recent = past.filter((at) => at > now - HOUR).toSorted((a, b) => b - a);
  const fourth = recent[MOST_PER_HOUR - 1];
  return fourth === undefined ? now : fourth + HOUR;
}
