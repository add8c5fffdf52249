/**
 * When all that is shown was last true, ms since 1970 UTC: the loss of the connection, or what the desk
 * knew then, if that was older.
 */
export const trueAt = (lostAt: number, asOf: number | null): number =>
  asOf === null ? lostAt : Math.min(lostAt, asOf);
