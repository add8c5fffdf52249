import { z } from 'zod';
import type { SettingsState } from '../../../src-preload/contract/settings.ts';
import type { Cache } from '../../cache/cache.ts';
import { createCache } from '../../cache/create-cache.ts';
import type { CacheSettings } from '../../cache/kinds.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Log } from '../../domain/log.ts';
import { createGateway } from '../../exchange/create-gateway.ts';
import { createMarket } from '../../exchange/create-market.ts';
import type { Gateway, Market } from '../../exchange/gateway.ts';
import { createLimiters } from '../../exchange/limiter/limiter.ts';
import { createBans } from '../../exchange/rest/bans.ts';
import { createMeasures } from '../../exchange/rest/venue-clock.ts';
import { SYNCED } from '../../persistence/rows/tables.ts';
import type { Change, LoadedState, SaveReason } from '../../persistence/store.ts';
import type { AccountConfig } from './accounts-file.ts';
import { banFile } from './ban-file.ts';

export interface Lines {
  gateways: ReadonlyMap<AccountId, Gateway>;
  market: Market;
  cache: Cache;
}

export const cacheSettings = (settings: SettingsState): CacheSettings => ({
  enabled: settings.cacheEnabled,
  ttlSeconds: settings.ttlSeconds,
});

const syncedShape = z.record(z.string(), z.number().int());

/**
 * Until when all executions of each account are known (ms by the venue's clock), from what was known
 * before: now, where the stream is ready; since something was set aside its executions are not.
 */
export function syncedAt(
  gateways: Lines['gateways'],
  now: number,
  before: unknown,
): Record<AccountId, number> {
  const synced = { ...syncedShape.safeParse(before).data };
  for (const [account, gateway] of gateways) {
    const { stream, clockOffsetMs } = gateway.status();
    if (stream !== 'ready') continue;
    const offset = clockOffsetMs ?? 0;
    const asides = gateway.book.allSetAside();
    const odd = asides.flatMap(({ since, executionsFrom }) => [
      since + offset,
      executionsFrom ?? [],
    ]);
    synced[account] = Math.round(Math.min(now + offset, ...odd.flat()));
  }
  return synced;
}

/**
 * One gateway per account, the market they share, and the cache that hears every event of theirs.
 * Prices come from the first account's venue. Nothing is connected yet.
 */
export function createLines(options: {
  configs: readonly [AccountConfig, ...AccountConfig[]];
  loaded: Pick<LoadedState, 'lastExecution' | 'recentExecutions' | 'settings'>;
  settings: SettingsState;
  /** The user id each key has to be of, where that is to be checked. */
  ownerOf?: (config: AccountConfig) => string | null;
  dataDir: string;
  clock: Clock;
  log: Log;
  onDifferences: (account: AccountId, differences: number) => void;
}): Lines {
  const { configs, loaded, clock, log } = options;
  const synced = syncedAt(new Map(), clock.now(), loaded.settings[SYNCED]);
  const bans = createBans(clock, banFile(options.dataDir, log));
  const limiters = createLimiters(clock);
  const measures = createMeasures(clock);
  const accounts = configs.map((config) => {
    const account = config.id;
    // What came since the account was last followed whole is still to be read.
    const followed = synced[account];
    const told = [loaded.lastExecution[account]?.executedAt ?? [], followed ?? []].flat();
    const last = told.length === 0 ? null : { executedAt: Math.min(...told) };
    const gateway = createGateway({
      line: { ...config, account },
      clock,
      log,
      listener: (event) => cache.take(account, event),
      lastExecution: last,
      ownerId: options.ownerOf?.(config) ?? null,
      seenExecutions: loaded.recentExecutions,
      bans,
      limiters,
      measures,
    });
    return { account, gateway };
  });
  const market = createMarket({
    line: configs[0],
    clock,
    log,
    listener: (event) => cache.takeMarket(event),
    bans,
    limiters,
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

/** Saves now until when each account is followed whole. */
export function syncedKeeper(options: {
  gateways: Lines['gateways'];
  loaded: Pick<LoadedState, 'settings'>;
  clock: Clock;
  save: (reason: SaveReason, change: Change) => unknown;
}): () => void {
  let synced: unknown = options.loaded.settings[SYNCED];
  return () => {
    synced = syncedAt(options.gateways, options.clock.now(), synced);
    options.save('checked', { settings: { [SYNCED]: synced } });
  };
}
