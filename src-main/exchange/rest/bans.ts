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
  const bans = new Map(Object.entries(kept?.load() ?? {}));

  const untilOf = (host: string): number | null => {
    const until = bans.get(host);
    const now = clock.now();
    if (until === undefined) return null;
    if (until <= now) {
      bans.delete(host);
      return null;
    }
    const atMost = Math.min(until, now + LONGEST);
    bans.set(host, atMost);
    return atMost;
  };

  return {
    until: (restUrl) => untilOf(hostOf(restUrl)),
    ban(restUrl, ms) {
      const host = hostOf(restUrl);
      bans.set(host, Math.max(untilOf(host) ?? 0, clock.now() + ms));
      kept?.save(Object.fromEntries(bans));
    },
  };
}

const hostOf = (restUrl: string): string => new URL(restUrl).host;
