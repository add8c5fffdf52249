/** Waits of one account's line, all in ms. Tests shorten them; nothing else changes them. */
export interface Timings {
  /** An HTTP answer must have come. */
  answerWithin: number;
  /** Each step of opening a stream: connected, authenticated, subscribed. */
  streamStepWithin: number;
  /** A stream is pinged this often, and is dead when nothing comes back in time. */
  pingEvery: number;
  pongWithin: number;
  /** After an accepted write the stream must have said something. */
  echoWithin: number;
  /** First wait before reconnecting; doubles up to the ceiling, with jitter. */
  reconnectFirst: number;
  reconnectCeiling: number;
  /** A key or clock the venue refused is tried again this seldom. */
  refusedRetry: number;
  /** First wait before a failed read is repeated. */
  retryFirst: number;
  /** A breaker that opened lets one probe through after this. */
  breakerRest: number;
  /** HTTP 403: all requests stop this long (venue's rule, at least 10 minutes). */
  ban: number;
  /** Executions can reach the list late: they are read once more after a reconnect. */
  lateLook: number;
  /** First wait before an account with something set aside is read again; doubles up to the ceiling. */
  mendFirst: number;
  mendCeiling: number;
}

export const usualTimings: Timings = {
  answerWithin: 10_000,
  streamStepWithin: 10_000,
  pingEvery: 10_000,
  pongWithin: 5_000,
  echoWithin: 10_000,
  reconnectFirst: 500,
  reconnectCeiling: 30_000,
  refusedRetry: 60_000,
  retryFirst: 250,
  breakerRest: 10_000,
  ban: 600_000,
  lateLook: 5_000,
  mendFirst: 1_000,
  mendCeiling: 60_000,
};

/** `first` doubled per attempt (0 is the first), at most `ceiling`, then 50 to 100 % of it. */
export function backOff(
  attempt: number,
  first: number,
  ceiling: number,
  random: () => number,
): number {
  const wait = Math.min(ceiling, first * 2 ** Math.min(attempt, 20));
  return Math.round(wait * (0.5 + random() / 2));
}
