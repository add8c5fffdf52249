import type { SettingsState } from '../../src-preload/contract.ts';
import type { Cache } from '../cache/cache.ts';
import { createCache } from '../cache/create-cache.ts';
import type { CacheSettings } from '../cache/kinds.ts';
import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { createGateway } from '../exchange/create-gateway.ts';
import { createMarket } from '../exchange/create-market.ts';
import type { Gateway, Market } from '../exchange/gateway.ts';
import type { LoadedState } from '../persistence/store.ts';
import type { AccountConfig } from './accounts-file.ts';

export interface Lines {
  gateways: ReadonlyMap<AccountId, Gateway>;
  market: Market;
  cache: Cache;
}

export const cacheSettings = (settings: SettingsState): CacheSettings => ({
  enabled: settings.cacheEnabled,
  ttlSeconds: settings.ttlSeconds,
});

/**
 * One gateway per account, the market they share, and the cache that hears every event of theirs.
 * Prices come from the first account's venue. Nothing is connected yet.
 */
export function createLines(options: {
  configs: readonly [AccountConfig, ...AccountConfig[]];
  loaded: Pick<LoadedState, 'lastExecution' | 'recentExecutions'>;
  settings: SettingsState;
  clock: Clock;
  log: Log;
  onDifferences: (account: AccountId, differences: number) => void;
}): Lines {
  const { configs, loaded, clock, log } = options;
  const accounts = configs.map((config) => {
    const account = config.id;
    const last = loaded.lastExecution[account] ?? null;
    const gateway = createGateway({
      line: { ...config, account },
      clock,
      log,
      listener: (event) => cache.take(account, event),
      lastExecution: last,
      seenExecutions: loaded.recentExecutions,
    });
    return { account, gateway, lastExecutionAt: last?.executedAt ?? null };
  });
  const market = createMarket({
    line: configs[0],
    clock,
    log,
    listener: (event) => cache.takeMarket(event),
  });
  const cache = createCache({
    accounts,
    market,
    clock,
    log,
    settings: cacheSettings(options.settings),
    onDifferences: options.onDifferences,
  });
  return {
    gateways: new Map(accounts.map(({ account, gateway }) => [account, gateway])),
    market,
    cache,
  };
}
