import {
  BrokenCircuitError,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Clock } from '../../domain/clock.ts';
import type { BreakerStatus } from '../gateway.ts';

/** Failures in a row that open a breaker. */
const FAILURES = 5;

export interface Breakers<Outcome> {
  /** Runs `work`, or answers `null` without running it while the breaker of `kind` is open. */
  run(kind: string, work: () => Promise<Outcome>): Promise<Outcome | null>;
  status(): BreakerStatus[];
}

/**
 * One circuit breaker per kind of call: a venue that fails `FAILURES` times in a row is left alone
 * for `rest` ms, then one probe decides. `failed` tells which outcomes count.
 */
export function createBreakers<Outcome>(
  clock: Clock,
  rest: number,
  failed: (outcome: Outcome) => boolean,
  changed: (status: BreakerStatus) => void,
): Breakers<Outcome> {
  const kinds = new Map<string, { policy: CircuitBreakerPolicy; since: number }>();

  const breakerOf = (kind: string) => {
    let entry = kinds.get(kind);
    if (entry === undefined) {
      const policy = circuitBreaker(
        handleWhenResult((outcome) => failed(outcome as Outcome)),
        { halfOpenAfter: rest, breaker: new ConsecutiveBreaker(FAILURES) },
      );
      entry = { policy, since: clock.now() };
      kinds.set(kind, entry);
      const made = entry;
      policy.onStateChange((state) => {
        made.since = clock.now();
        changed({ kind, state: nameOf(state), since: made.since });
      });
    }
    return entry;
  };

  return {
    async run(kind, work) {
      try {
        return await breakerOf(kind).policy.execute(work);
      } catch (thrown) {
        if (thrown instanceof BrokenCircuitError) return null;
        throw thrown;
      }
    },
    status: () =>
      [...kinds].map(([kind, { policy, since }]) => ({ kind, state: nameOf(policy.state), since })),
  };
}

const nameOf = (state: CircuitState): BreakerStatus['state'] =>
  state === CircuitState.Closed ? 'closed' : state === CircuitState.HalfOpen ? 'half-open' : 'open';
