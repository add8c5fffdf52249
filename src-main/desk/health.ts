import { statfsSync, statSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { HealthState } from '../../src-preload/contract/health.ts';
import type { Alert } from '../alerts/alerts.ts';
import type { Cache } from '../cache/cache.ts';
import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import { callName } from '../exchange/bybit/call-names.ts';
import type { Gateway } from '../exchange/gateway.ts';
import { lineAlerts } from './accounts/line-alerts.ts';

export interface Health {
  state(): HealthState;
  /** What the operator must hear of the accounts' lines now. */
  alerts(): Alert[];
  /** To be told of every change of a private stream. */
  streamChanged(account: AccountId): void;
  stop(): void;
}

/** How the machine, the lines and the clock are. */
export function createHealth(options: {
  version: string;
  dataDir: string;
  databasePath: string;
  practiceUrl: string | null;
  cache: Cache;
  gateways: ReadonlyMap<AccountId, Gateway>;
  clock: Clock;
}): Health {
  const startedAt = options.clock.now();
  const since = new Map<AccountId, number>();
  /** Since when each stream that is not ready has not been, in ticks. */
  const lostAt = new Map(
    [...options.gateways.keys()].map((account) => [account, options.clock.ticks()]),
  );
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  return {
    streamChanged(account) {
      const now = options.clock.now();
      since.set(account, now);
      if (options.cache.link(account).stream === 'ready') lostAt.delete(account);
      else if (!lostAt.has(account)) lostAt.set(account, options.clock.ticks());
    },
    alerts: () =>
      [...options.gateways].flatMap(([account, gateway]) => {
        const ticks = options.clock.ticks();
        const downMs = ticks - (lostAt.get(account) ?? ticks);
        return lineAlerts(account, gateway.status(), { downMs, now: options.clock.now() });
      }),
    state() {
      const statuses = [...options.gateways].map(([account, gateway]) => ({
        account,
        status: gateway.status(),
      }));
      return {
        version: options.version,
        startedAt,
        dataFolder: options.dataDir,
        practiceUrl: options.practiceUrl,
        stream: statuses.map(({ account }) => {
          const line = options.cache.link(account);
          return {
            account,
            state: line.stream,
            reason: line.streamReason,
            since: since.get(account) ?? startedAt,
          };
        }),
        clock: statuses.map(({ account, status }) => ({
          account,
          offsetMs: status.clockOffsetMs,
          uncertaintyMs: status.clockUncertaintyMs,
          trusted: status.clockTrusted,
        })),
        breakers: statuses.flatMap(({ account, status }) =>
          status.breakers.map((breaker) => ({
            account,
            ...breaker,
            kind: callName(breaker.kind),
          })),
        ),
        budgetFree: Math.min(1, ...statuses.map(({ status }) => status.budgetFree)),
        disk: {
          freeBytes: known(() => {
            const { bavail, bsize } = statfsSync(options.dataDir);
            return bavail * bsize;
          }),
          databaseBytes: known(() => statSync(options.databasePath).size),
        },
        eventLoop: {
          p99Ms: Math.max(0, delay.percentile(99) / 1e6 - 10),
          maxMs: Math.max(0, delay.max / 1e6 - 10),
        },
        memoryMB: Math.round(process.memoryUsage.rss() / 1e5) / 10,
      };
    },
    stop: () => delay.disable(),
  };
}

function known(read: () => number): number | null {
  try {
    return read();
  } catch {
    return null;
  }
}
