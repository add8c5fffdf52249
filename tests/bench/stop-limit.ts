/** The venue moves so many stops in a rolling second: of each account, and of each way to move them. */
const MOVES = 10;
const SECOND = 1_000;

/**
 * How long each of these has to wait though nothing but the venue's limit holds it up, ms. `lane` is the account
 * and the way its stop is moved; batches are no way round it, for the venue amends no conditional orders in them.
 */
export function leastWaits(asked: readonly { at: number; lane: string }[]): number[] {
  const sent = new Map<string, number[]>();
  const waits = new Map<object, number>();
  for (const one of asked.toSorted((a, b) => a.at - b.at)) {
    const before = sent.get(one.lane) ?? [];
    const at = Math.max(one.at, (before.at(-MOVES) ?? Number.NEGATIVE_INFINITY) + SECOND);
    sent.set(one.lane, [...before, at]);
    waits.set(one, at - one.at);
  }
  return asked.map((one) => waits.get(one) ?? Number.NaN);
}
