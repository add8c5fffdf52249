import type { Lane } from '../gateway.ts';
import { untilFree } from './window.ts';

/** Slots of a second that the operator's own actions leave for protecting and cancelling. */
const KEPT_FOR_PROTECTION = 2;
/** An endpoint is used to this share, because requests bunch up on the way. */
const USED_TO = 0.9;
const WINDOW = 1_000;

/** The limit of one account on one endpoint: so many requests in a rolling second. Times are ticks, ms. */
export interface Endpoint {
  wait(lane: Lane, now: number): number;
  /** Counts a request; its number. */
  send(now: number): number;
  learn(ticket: number, limit: number, remaining: number, now: number): void;
  block(until: number): void;
  free(now: number): number;
}

/**
 * Counts what was sent against the limit the venue's headers name (the documented one until the first
 * answer), and heeds what they say is left: others may be using the same account.
 */
export function createEndpoint(path: string): Endpoint {
  const sent: number[] = [];
  let limit = usualLimit(path);
  let numbered = 0;
  let heard = { left: 0, ticket: 0, until: Number.NEGATIVE_INFINITY };
  let share = { free: 1, until: Number.NEGATIVE_INFINITY };
  let blockedUntil = Number.NEGATIVE_INFINITY;

  return {
    wait(lane, now) {
      if (blockedUntil > now) return blockedUntil - now;
      const usable = Math.max(1, Math.floor(limit * USED_TO));
      const slots = lane === 'manual' ? Math.max(1, usable - KEPT_FOR_PROTECTION) : usable;
      const sentSince = numbered - heard.ticket;
      const usedUp = heard.until > now && heard.left <= sentSince;
      return Math.max(untilFree(sent, slots, WINDOW, now), usedUp ? heard.until - now : 0);
    },
    send(now) {
      sent.push(now);
      numbered++;
      return numbered;
    },
    learn(ticket, named, remaining, now) {
      if (!(named > 0)) return;
      limit = named;
      share = { free: Math.min(1, Math.max(0, remaining / named)), until: now + WINDOW };
      // An answer overtaken by that of a later request knows less.
      if (ticket >= heard.ticket) heard = { left: remaining, ticket, until: now + WINDOW };
    },
    block(until) {
      blockedUntil = Math.max(blockedUntil, until);
    },
    free(now) {
      if (blockedUntil > now) return 0;
      return share.until > now ? share.free : 1;
    },
  };
}

/** The documented limits, until the first answer names the account's own. */
function usualLimit(path: string): number {
  if (path === '/v5/account/fee-rate') return 5;
  if (path === '/v5/user/query-api') return 10;
  return /create|amend|cancel|trading-stop/.test(path) ? 10 : 50;
}
