import type { Clock } from '../../domain/clock.ts';
import type { BreakerStatus } from '../gateway.ts';

/** Failures in a row that open a breaker. */
const FAILURES = 5;

export interface Breakers<Outcome> {
  /** Runs `work`, or answers `null` without running it while the breaker of `kind` is open. */
  run(kind: string, work: () => Promise<Outcome>): Promise<Outcome | null>;
  status(): BreakerStatus[];
}

interface Breaker extends BreakerStatus {
  failures: number;
  /** Monotonic ms. */
  openedAt: number;
  /** The one request it is tried with. */
  probe: Promise<unknown> | null;
}

/**
 * One circuit breaker per kind of call: a venue that fails `FAILURES` times in a row is left alone
 * for `rest` ms (monotonic: a clock that is set back must not lengthen it, which rules out the libraries
 * there are), then one probe decides. `failed` tells which outcomes count.
 */
export function createBreakers<Outcome>(
  clock: Clock,
  rest: number,
  failed: (outcome: Outcome) => boolean,
  changed: (status: BreakerStatus) => void,
): Breakers<Outcome> {
  const kinds = new Map<string, Breaker>();

  const breakerOf = (kind: string): Breaker => {
    let breaker = kinds.get(kind);
    if (breaker === undefined) {
      breaker = {
        kind,
        state: 'closed',
        since: clock.now(),
        failures: 0,
        openedAt: 0,
        probe: null,
      };
      kinds.set(kind, breaker);
    }
    return breaker;
  };
  const become = (breaker: Breaker, state: BreakerStatus['state']): void => {
    if (breaker.state === state) return;
    if (state === 'open') breaker.openedAt = clock.ticks();
    breaker.state = state;
    breaker.since = clock.now();
    changed(statusOf(breaker));
  };

  return {
    async run(kind, work) {
      const breaker = breakerOf(kind);
      // Whoever comes while it is tried waits for how that ends.
      await breaker.probe?.catch(() => {});
      if (breaker.state === 'closed') {
        const outcome = await work();
        breaker.failures = failed(outcome) ? breaker.failures + 1 : 0;
        if (breaker.failures >= FAILURES) become(breaker, 'open');
        return outcome;
      }
      if (clock.ticks() - breaker.openedAt < rest) return null;
      become(breaker, 'half-open');
      const probe = work();
      breaker.probe = probe;
      let good = false;
      try {
        const outcome = await probe;
        good = !failed(outcome);
        return outcome;
      } finally {
        breaker.probe = null;
        breaker.failures = 0;
        become(breaker, good ? 'closed' : 'open');
      }
    },
    status: () => [...kinds.values()].map(statusOf),
  };
}

const statusOf = ({ kind, state, since }: Breaker): BreakerStatus => ({ kind, state, since });
