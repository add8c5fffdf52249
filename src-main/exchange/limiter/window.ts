/** ms until fewer than `limit` of `sent` lie in the last `window`; forgets what lies before it. */
export function untilFree(sent: number[], limit: number, window: number, now: number): number {
  let old = 0;
  while (old < sent.length && (sent[old] as number) <= now - window) old++;
  if (old > 0) sent.splice(0, old);
  if (sent.length < limit) return 0;
  return (sent[sent.length - limit] as number) + window - now;
}
