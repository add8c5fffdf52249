import type { Clock } from '../../domain/clock.ts';
import type { Lane } from '../gateway.ts';
import { createEndpoint, type Endpoint } from './endpoint.ts';
import { untilFree, untilNext } from './window.ts';

const RANK: Readonly<Record<Lane, number>> = { protect: 0, cancel: 1, manual: 2, read: 3 };

/** The venue shuts an address out above this many requests in the window (ms), whoever sends them. */
const HOST_LIMIT = 600;
const HOST_WINDOW = 5_000;
/** How full a lane may make the host's window: what is above is kept for the lanes that go before it. */
const SHARE: Readonly<Record<Lane, number>> = {
  protect: 0.8,
  cancel: 0.77,
  manual: 0.74,
  read: 0.65,
};

/**
 * And no lane but protect and cancel sends more than this in a moment (ms): hundreds of answers at once
 * would hold up, here and at the venue, the one write that matters. It staggers the starts of accounts.
 */
const MOMENT = 250;
const AT_ONCE: Readonly<Record<Lane, number>> = {
  protect: HOST_LIMIT,
  cancel: HOST_LIMIT,
  manual: 40,
  read: 25,
};

interface Waiter {
  lane: Lane;
  endpoint: Endpoint;
  go(ticket: number): void;
}

/** One line's way through its host's limits: an account's, whose limits are its own, or the market's. */
export interface Budget {
  /** Waits for a slot on `path`; resolves to its number, by which an answer's headers are understood. */
  take(path: string, lane: Lane): Promise<number>;
  /** What the headers said of the request with that number: requests a second, and how many are left. */
  learn(path: string, ticket: number, limit: number, remaining: number): void;
  /** No request on `path` for `ms`. */
  block(path: string, ms: number): void;
  /** Remaining share of the tightest endpoint, 0 to 1. */
  free(): number;
  stop(): void;
}

/** Everything this process sends to one host goes through one of these. */
export interface Limiter {
  line(): Budget;
}

/**
 * One queue for all lines to a host, by lane and then by order: protect goes before cancel, manual and
 * read, whatever endpoint and account they are about. A waiter whose own endpoint is used up lets the
 * others pass; nothing passes one that the host's window holds back. Monotonic time throughout.
 */
export function createLimiter(clock: Pick<Clock, 'ticks' | 'after'>): Limiter {
  const sent: number[] = [];
  const waiting: Waiter[] = [];
  let wakeOff = (): void => {};

  const pump = (): void => {
    wakeOff();
    const now = clock.ticks();
    let soonest = Number.POSITIVE_INFINITY;
    for (let at = 0; at < waiting.length; ) {
      const { lane, endpoint, go } = waiting[at] as Waiter;
      const slots = Math.floor(HOST_LIMIT * SHARE[lane]);
      const host = Math.max(
        untilFree(sent, slots, HOST_WINDOW, now),
        untilNext(sent, AT_ONCE[lane], MOMENT, now),
      );
      const wait = Math.max(host, endpoint.wait(lane, now));
      if (wait > 0) {
        soonest = Math.min(soonest, wait);
        if (host > 0) break;
        at++;
        continue;
      }
      waiting.splice(at, 1);
      sent.push(now);
      go(endpoint.send(now));
    }
    wakeOff = waiting.length > 0 ? clock.after(Math.ceil(soonest), pump) : () => {};
  };

  const queue = (waiter: Waiter): void => {
    const at = waiting.findIndex((other) => RANK[waiter.lane] < RANK[other.lane]);
    waiting.splice(at < 0 ? waiting.length : at, 0, waiter);
    pump();
  };

  return {
    line() {
      const endpoints = new Map<string, Endpoint>();
      const endpointOf = (path: string): Endpoint => {
        let endpoint = endpoints.get(path);
        if (endpoint === undefined) {
          endpoint = createEndpoint(path);
          endpoints.set(path, endpoint);
        }
        return endpoint;
      };
      return {
        take: (path, lane) => new Promise((go) => queue({ lane, endpoint: endpointOf(path), go })),
        learn: (path, ticket, limit, remaining) =>
          endpointOf(path).learn(ticket, limit, remaining, clock.ticks()),
        block(path, ms) {
          endpointOf(path).block(clock.ticks() + ms);
          pump();
        },
        free() {
          const now = clock.ticks();
          return Math.min(1, ...[...endpoints.values()].map((endpoint) => endpoint.free(now)));
        },
        stop() {
          const mine = new Set(endpoints.values());
          const leaving = waiting.filter(({ endpoint }) => mine.has(endpoint));
          waiting.splice(
            0,
            waiting.length,
            ...waiting.filter(({ endpoint }) => !mine.has(endpoint)),
          );
          for (const { endpoint, go } of leaving) go(endpoint.send(clock.ticks()));
          pump();
        },
      };
    },
  };
}

/** The limiter of each host, made when it is first asked for. */
export interface Limiters {
  of(restUrl: string): Limiter;
}

export function createLimiters(clock: Pick<Clock, 'ticks' | 'after'>): Limiters {
  const limiters = new Map<string, Limiter>();
  return {
    of(restUrl) {
      const { host } = new URL(restUrl);
      const limiter = limiters.get(host) ?? createLimiter(clock);
      limiters.set(host, limiter);
      return limiter;
    },
  };
}
