import { statfsSync, statSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { HealthState } from '../../../src-preload/contract.ts';
import type { Cache } from '../../cache/cache.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Gateway } from '../../exchange/gateway.ts';

export interface Health {
  state(): HealthState;
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
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  return {
    streamChanged(account) {
      since.set(account, options.clock.now());
    },
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
          const line = options.cache.line(account);
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
          status.breakers.map((breaker) => ({ account, ...breaker })),
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
