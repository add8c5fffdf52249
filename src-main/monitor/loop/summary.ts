import type { CacheState } from '../../cache/counters.ts';
import type { Cycle } from './loop.ts';

/** What the log says each minute: hit rate, calls, cycle times and the monitors by urgency. */
export function summary(
  cycles: readonly Cycle[],
  cache: Pick<CacheState, 'hitRate' | 'callsPerMinute' | 'callsPerMinuteWithoutCache'>,
): [text: string, facts: Record<string, unknown>] {
  const durations = cycles.map((cycle) => cycle.durationMs).sort((a, b) => a - b);
  const last = cycles.at(-1);
  const middle = durations[durations.length >> 1];
  const facts = {
    hitRate: cache.hitRate === null ? null : round(cache.hitRate, 4),
    callsPerMinute: round(cache.callsPerMinute, 1),
    callsPerMinuteWithoutCache: round(cache.callsPerMinuteWithoutCache, 0),
    cycles: cycles.length,
    cycleMs: middle === undefined ? null : round(middle, 2),
    slowestCycleMs: round(durations.at(-1) ?? 0, 2),
    monitors: last?.monitors ?? 0,
    urgency: last?.urgency ?? {},
  };
  const rate =
    facts.hitRate === null ? 'no lookups yet' : `${round(facts.hitRate * 100, 2)} % hits`;
  const text = `Cache: ${rate}, ${facts.callsPerMinute} calls a minute. Loop: ${facts.cycles} cycles, ${facts.cycleMs ?? '-'} ms each, ${facts.monitors} monitors.`;
  return [text, facts];
}

const round = (value: number, places: number): number => Number(value.toFixed(places));
