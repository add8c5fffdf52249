import type { Cache } from '../../cache/cache.ts';
import type { Log } from '../../domain/log.ts';
import type { Urgency } from '../../domain/monitor.ts';
import type { Watch } from '../watch/watch.ts';
import type { Cycle } from './loop.ts';
import { summary } from './summary.ts';

const CYCLES_KEPT = 1_000;
const SUM_UP_MS = 60_000;

/** Keeps what the cycles took and asked for, and sums them up in the log each minute. */
export class CycleLog {
  readonly #cache: Cache;
  readonly #log: Log;
  readonly #sent: () => number;
  readonly #cycles: Cycle[] = [];
  #counted: { requests: number; answers: number; sent: number };
  #summedUpAt: number;

  /** `sent`: intents sent so far. */
  constructor(options: { cache: Cache; log: Log; sent: () => number; now: number }) {
    this.#cache = options.cache;
    this.#log = options.log;
    this.#sent = options.sent;
    this.#summedUpAt = options.now;
    this.#counted = this.#totals();
  }

  /** The last 1,000, newest first. */
  newestFirst(): Cycle[] {
    return this.#cycles.toReversed();
  }

  record(startedAt: number, durationMs: number, watches: Iterable<Watch>): Cycle {
    const urgency: Record<Urgency, number> = {
      critical: 0,
      urgent: 0,
      active: 0,
      stable: 0,
      dormant: 0,
    };
    let monitors = 0;
    for (const watch of watches) {
      urgency[watch.urgency] += 1;
      monitors += 1;
    }
    const before = this.#counted;
    this.#counted = this.#totals();
    const cycle: Cycle = {
      startedAt,
      durationMs,
      restCalls: this.#counted.requests - before.requests,
      cacheAnswers: this.#counted.answers - before.answers,
      monitors,
      urgency,
      actions: this.#counted.sent - before.sent,
    };
    this.#cycles.push(cycle);
    if (this.#cycles.length > CYCLES_KEPT) this.#cycles.shift();
    if (startedAt - this.#summedUpAt >= SUM_UP_MS) this.#sumUp(startedAt);
    return cycle;
  }

  #sumUp(now: number): void {
    const recent = this.#cycles.filter((cycle) => cycle.startedAt > this.#summedUpAt);
    this.#summedUpAt = now;
    this.#log.info(...summary(recent, this.#cache.statistics()));
  }

  #totals(): { requests: number; answers: number; sent: number } {
    return {
      requests: this.#cache.requests(),
      answers: this.#cache.answers(),
      sent: this.#sent(),
    };
  }
}
