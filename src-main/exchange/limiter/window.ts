/** ms until fewer than `limit` of `sent` lie in the last `window`; forgets what lies before it. */
export function untilFree(sent: number[], limit: number, window: number, now: number): number {
  let old = 0;
  while (old < sent.length && (sent[old] as number) <= now - window) old++;
  if (old > 0) sent.splice(0, old);
  return untilNext(sent, limit, window, now);
}

/** The same, and forgets nothing. */
export function untilNext(
  sent: readonly number[],
  limit: number,
  window: number,
  now: number,
): number {
  const last = sent[sent.length - limit];
  return last === undefined ? 0 : Math.max(0, last + window - now);
}
