/** Clicks whose outcome is remembered; a lost answer is asked for again within a few. */
const REMEMBERED = 50;

/** What operators' clicks led to: one that is sent again is not carried out again (E16). */
export interface Clicks<Outcome> {
  /** Carries the click out, or answers what it led to, under way or done. One that failed may be tried again. */
  once(click: string, work: () => Promise<Outcome>): Promise<Outcome>;
}

export function createClicks<Outcome>(): Clicks<Outcome> {
  const known = new Map<string, Promise<Outcome>>();
  return {
    once(click, work) {
      const before = known.get(click);
      if (before) return before;
      const outcome = work();
      known.set(click, outcome);
      outcome.catch(() => known.delete(click));
      for (const oldest of known.keys()) {
        if (known.size <= REMEMBERED) break;
        known.delete(oldest);
      }
      return outcome;
    },
  };
}
