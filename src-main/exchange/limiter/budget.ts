import type { Clock } from '../../domain/clock.ts';
import type { Lane } from '../gateway.ts';

const RANK: Readonly<Record<Lane, number>> = { protect: 0, cancel: 1, manual: 2, read: 3 };

/** Slots of a second that the operator's own actions leave for protecting and cancelling. */
const KEPT_FOR_PROTECTION = 2;

/** The venue bans an address above 600 requests in 5 s; several lines share one. */
const ADDRESS_LIMIT = 250;
const ADDRESS_WINDOW = 5_000;
const WINDOW = 1_000;

interface Waiter {
  lane: Lane;
  order: number;
  go(): void;
}

interface Endpoint {
  limit: number;
  /** Share still free when last heard of, and until when that counts. */
  free: number;
  freeUntil: number;
  blockedUntil: number;
  sent: number[];
  waiting: Waiter[];
  wake: (() => void) | null;
}

export interface Budget {
  /** Waits for a slot on `path`; protect goes before cancel, manual and read. */
  take(path: string, lane: Lane): Promise<void>;
  /** What the answer's headers said: requests per second and how many are left of them. */
  learn(path: string, limit: number, remaining: number): void;
  /** No request on `path` until `until` (clock's ms). */
  block(path: string, until: number): void;
  /** Remaining share of the tightest endpoint, 0 to 1. */
  free(): number;
  stop(): void;
}

/**
 * The rate budget of one account: a rolling second per endpoint, with the limit the venue's headers
 * name (the table's until the first answer), used to nine tenths because requests bunch up on the way.
 */
export function createBudget(clock: Clock): Budget {
  const endpoints = new Map<string, Endpoint>();
  const sentByAddress: number[] = [];
  let taken = 0;

  const endpointOf = (path: string): Endpoint => {
    let endpoint = endpoints.get(path);
    if (endpoint === undefined) {
      endpoint = {
        limit: usualLimit(path),
        free: 1,
        freeUntil: 0,
        blockedUntil: 0,
        sent: [],
        waiting: [],
        wake: null,
      };
      endpoints.set(path, endpoint);
    }
    return endpoint;
  };

  const waitFor = (endpoint: Endpoint, lane: Lane, now: number): number => {
    if (endpoint.blockedUntil > now) return endpoint.blockedUntil - now;
    const usable = Math.max(1, Math.floor(endpoint.limit * 0.9));
    const slots = lane === 'manual' ? Math.max(1, usable - KEPT_FOR_PROTECTION) : usable;
    return Math.max(
      untilFree(endpoint.sent, slots, WINDOW, now),
      untilFree(sentByAddress, ADDRESS_LIMIT, ADDRESS_WINDOW, now),
    );
  };

  const pump = (endpoint: Endpoint): void => {
    endpoint.wake?.();
    endpoint.wake = null;
    for (;;) {
      const next = endpoint.waiting[0];
      if (next === undefined) return;
      const now = clock.now();
      const wait = waitFor(endpoint, next.lane, now);
      if (wait > 0) {
        endpoint.wake = clock.after(wait, () => {
          endpoint.wake = null;
          pump(endpoint);
        });
        return;
      }
      endpoint.waiting.shift();
      endpoint.sent.push(now);
      sentByAddress.push(now);
      next.go();
    }
  };

  return {
    take(path, lane) {
      const endpoint = endpointOf(path);
      return new Promise((go) => {
        const waiter: Waiter = { lane, order: taken++, go };
        const at = endpoint.waiting.findIndex((other) => goesBefore(waiter, other));
        endpoint.waiting.splice(at < 0 ? endpoint.waiting.length : at, 0, waiter);
        pump(endpoint);
      });
    },
    learn(path, limit, remaining) {
      if (!(limit > 0)) return;
      const endpoint = endpointOf(path);
      endpoint.limit = limit;
      endpoint.free = Math.min(1, Math.max(0, remaining / limit));
      endpoint.freeUntil = clock.now() + WINDOW;
    },
    block(path, until) {
      const endpoint = endpointOf(path);
      endpoint.blockedUntil = Math.max(endpoint.blockedUntil, until);
      pump(endpoint);
    },
    free() {
      const now = clock.now();
      let tightest = 1;
      for (const endpoint of endpoints.values()) {
        if (endpoint.blockedUntil > now) return 0;
        if (endpoint.freeUntil > now) tightest = Math.min(tightest, endpoint.free);
      }
      return tightest;
    },
    stop() {
      for (const endpoint of endpoints.values()) {
        endpoint.wake?.();
        for (const waiter of endpoint.waiting.splice(0)) waiter.go();
      }
    },
  };
}

const goesBefore = (a: Waiter, b: Waiter): boolean =>
  RANK[a.lane] < RANK[b.lane] || (RANK[a.lane] === RANK[b.lane] && a.order < b.order);

/** ms until fewer than `limit` of `sent` lie in the last `window`; forgets what lies before it. */
function untilFree(sent: number[], limit: number, window: number, now: number): number {
  let old = 0;
  while (old < sent.length && (sent[old] as number) <= now - window) old++;
  if (old > 0) sent.splice(0, old);
  if (sent.length < limit) return 0;
  return (sent[sent.length - limit] as number) + window - now;
}

/** The documented limits, until the first answer names the account's own. */
function usualLimit(path: string): number {
  if (path === '/v5/account/fee-rate') return 5;
  if (path === '/v5/user/query-api') return 10;
  return /create|amend|cancel|trading-stop/.test(path) ? 10 : 50;
}
