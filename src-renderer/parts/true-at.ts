/**
 * When all that is shown was last true, ms since 1970 UTC: the loss of the connection, or the oldest
 * fact before it. What was never seen shows a dash and is left out.
 */
export const trueAt = (lostAt: number, seen: readonly { asOf: number | null }[]): number =>
  seen.reduce((oldest, { asOf }) => (asOf ? Math.min(oldest, asOf) : oldest), lostAt);
