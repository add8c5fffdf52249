import type { Clock } from '../../domain/clock.ts';

/** The venue shuts an address out for 10 minutes (ms); a longer ban is a clock that was set back. */
const LONGEST = 600_000;

/** Host and port of a venue's REST address, to until when it has shut this address out (ms). */
export type KnownBans = Readonly<Record<string, number>>;

/** Where bans are kept over a restart. Neither call throws. */
export interface KeptBans {
  load(): KnownBans;
  save(bans: KnownBans): void;
}

/**
 * HTTP 403 is a ban of this machine's address, not of an account: every line to the same host stops
 * with the one that was refused, and an earlier run's ban still counts.
 */
export interface Bans {
  /** No request to the host of `restUrl` until then (ms); `null` when it may be asked. */
  until(restUrl: string): number | null;
  /** Stops all requests to the host of `restUrl` for `ms`. */
  ban(restUrl: string, ms: number): void;
}

/** Without `kept` a restart forgets the bans. */
export function createBans(clock: Clock, kept?: KeptBans): Bans {
  /** Until when, in monotonic ms: a clock that is set while it runs neither lengthens nor ends a ban. */
  const bans = new Map<string, number>();
  for (const [host, until] of Object.entries(kept?.load() ?? {})) {
    bans.set(host, clock.ticks() + Math.min(until - clock.now(), LONGEST));
  }

  const leftOf = (host: string): number => (bans.get(host) ?? 0) - clock.ticks();
  const wallTimes = (): KnownBans => {
    const standing = [...bans.keys()].filter((host) => leftOf(host) > 0);
    return Object.fromEntries(standing.map((host) => [host, clock.now() + leftOf(host)]));
  };

  return {
    until(restUrl) {
      const left = bans.has(hostOf(restUrl)) ? leftOf(hostOf(restUrl)) : 0;
      return left > 0 ? clock.now() + left : null;
    },
    ban(restUrl, ms) {
      const host = hostOf(restUrl);
      bans.set(host, clock.ticks() + Math.max(bans.has(host) ? leftOf(host) : 0, ms));
      kept?.save(wallTimes());
    },
  };
}

const hostOf = (restUrl: string): string => new URL(restUrl).host;
