import { randomUUID } from 'node:crypto';
import type { Answer, Push, SettingsState } from '../../src-preload/contract.ts';
import { type Alert, createAlerts } from '../alerts/alerts.ts';
import { createCache } from '../cache/create-cache.ts';
import type { AccountId, Mode } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import { createGateway } from '../exchange/create-gateway.ts';
import { createMarket } from '../exchange/create-market.ts';
import type { Gateway, KeyCheck } from '../exchange/gateway.ts';
import { closeReason } from '../monitor/close-reason.ts';
import { createLoop } from '../monitor/create-loop.ts';
import type { Loop } from '../monitor/loop.ts';
import type { Change, LoadedState, SaveOutcome, SaveReason } from '../persistence/store.ts';
import { createTradeLog } from '../persistence/trade-log.ts';
import type { AccountConfig } from './accounts-file.ts';
import { createCaller } from './commands.ts';
import { equitySamples } from './equity.ts';
import { createHandlers } from './handlers.ts';
import { startingMode } from './modes.ts';
import { openState } from './open-state.ts';
import { startPracticeVenue } from './practice-venue.ts';
import { createPublisher, type Publisher } from './publish.ts';
import { restoreHooks } from './restoring.ts';
import { settingsFrom } from './settings.ts';
import { createHealth } from './slices/health.ts';
import { sliceReaders } from './slices/readers.ts';
import { programVersion } from './version.ts';

export interface DeskOptions {
  /** Where state and backups are kept. */
  dataDir: string;
  /** The accounts to connect, or the embedded practice exchange. */
  accounts: AccountConfig[] | 'practice';
  /** Restore the newest verified backup should the database be damaged. */
  recover: boolean;
  clock: Clock;
  log: Log;
}

/** The whole of Holdfast without a face: what a shell shows and calls. */
export interface Desk {
  call(command: string, input: unknown): Promise<Answer<unknown>>;
  subscribe(listener: (push: Push) => void): () => void;
  /** Ends everything with the state on the disk. */
  stop(): Promise<void>;
}

/** How often figures that move by themselves are compared for the screens, ms. */
const FIGURES_MS = 1_000;
const INTEGRITY_MS = 5 * 60_000;

/**
 * Opens the data folder, connects the accounts and starts to watch. Resolves as soon as commands can be
 * answered; the first positions follow when the venue has told them.
 */
export async function createDesk(options: DeskOptions): Promise<Desk> {
  const { dataDir, clock, log } = options;
  let settings: SettingsState = settingsFrom({});
  const early: Alert[] = [];
  let raise = (alert: Alert): void => void early.push(alert);
  let publisher: Publisher | null = null;
  const trouble = (rule: string, text: string): void =>
    raise({ severity: 'critical', rule, account: null, symbol: null, text });

  const { lock, store, vault, loaded, notices } = await openState({
    dataDir,
    recover: options.recover,
    clock,
    log,
    programVersion,
    routineMs: () => settings.routineSaveSeconds * 1000,
    vaultSettings: () => settings.backup,
    onStoreTrouble: (event) => {
      trouble(event.kind, event.text);
      publisher?.touch('saves');
    },
    onVaultTrouble: (event) => trouble(event.kind, event.text),
    onVaultChange: () => publisher?.touch('backups'),
  });
  settings = settingsFrom(loaded.settings);

  const venue = options.accounts === 'practice' ? await startPracticeVenue({ dataDir, log }) : null;
  const configs = venue?.accounts ?? (options.accounts as AccountConfig[]);
  const modes = new Map<AccountId, Mode>(
    configs.map((config) => [
      config.id,
      startingMode(
        config,
        loaded.accounts.find((account) => account.id === config.id),
      ),
    ]),
  );
  const keys = new Map<AccountId, KeyCheck>();

  const tradeLogFrom = (state: LoadedState) =>
    createTradeLog(state, (monitor, exits) =>
      monitor ? closeReason(monitor, exits) : 'not known',
    );
  let tradeLog = tradeLogFrom(loaded);
  const save = (reason: SaveReason, change: Change): SaveOutcome => {
    const booked = tradeLog.booked(change);
    const outcome = store.save(reason, booked);
    if (booked.trades) publisher?.touch('history');
    if (change.timeline) publisher?.touch('timeline');
    publisher?.touch('saves');
    return outcome;
  };
  const alerts = createAlerts({
    clock,
    log,
    newId: randomUUID,
    known: store.alerts(200),
    save: (alert) => save('alert', { alerts: [alert] }),
    onChange: () => publisher?.touch('alerts'),
  });
  raise = (alert) => alerts.raise(alert);
  for (const alert of early) raise(alert);
  for (const text of notices) trouble('start', text);

  const gateways = new Map<AccountId, Gateway>(
    configs.map((config) => [
      config.id,
      createGateway({
        line: { ...config, account: config.id },
        clock,
        log,
        listener: (event) => {
          if (event.kind === 'stream') health.streamChanged(config.id);
          cache.take(config.id, event);
        },
        lastExecution: loaded.lastExecution[config.id] ?? null,
        seenExecutions: loaded.recentExecutions,
      }),
    ]),
  );
  const first = configs[0] as AccountConfig;
  const market = createMarket({
    line: first,
    clock,
    log,
    listener: (event) => cache.takeMarket(event),
  });
  const cache = createCache({
    accounts: configs.map(({ id }) => ({
      account: id,
      gateway: gateways.get(id) as Gateway,
      lastExecutionAt: loaded.lastExecution[id]?.executedAt ?? null,
    })),
    market,
    clock,
    log,
    settings: { enabled: settings.cacheEnabled, ttlSeconds: settings.ttlSeconds },
    onDifferences: (account, differences) =>
      raise({
        severity: 'warning',
        rule: 'sweep-differences',
        account,
        symbol: null,
        text: `A full comparison found ${differences} differences on ${account} that the stream had not told. They are put right.`,
      }),
  });
  const loop: Loop = createLoop({
    cache,
    gateways,
    clock,
    log,
    monitors: loaded.monitors,
    intents: loaded.intents,
    save,
    modeOf: (account) => modes.get(account) ?? 'watch',
    onCycle: (cycle) => {
      save('cycle', { cycles: [cycle] });
      publisher?.touch('cycles', 'cache');
    },
    onChange: () => publisher?.touch('positions', 'monitors'),
    onAlert: (alert) => raise(alert),
  });
  const health = createHealth({
    version: programVersion,
    dataDir,
    databasePath: store.path,
    practiceUrl: venue?.rest ?? null,
    cache,
    gateways,
    clock,
  });
  const parts = {
    configs,
    modes,
    keys,
    cache,
    loop,
    market,
    gateways,
    store,
    vault,
    alerts,
    health,
    save,
    settings: () => settings,
    clock,
  };
  publisher = createPublisher(sliceReaders(parts), clock);
  const screens = publisher;

  const unsubscribe = cache.subscribe((change) => {
    if (change.kind === 'stream') screens.touch('accounts', 'health', 'positions');
    else if (change.kind === 'wallet') screens.touch('accounts');
    else if (change.kind === 'orders') screens.touch('orders', 'positions');
    else screens.touch('positions');
  });

  async function checkKeys(): Promise<void> {
    for (const [account, gateway] of gateways) {
      if (keys.has(account)) continue;
      const read = await gateway.checkKey();
      if (read.state === 'ok' && read.rows[0]) keys.set(account, read.rows[0]);
    }
    screens.touch('accounts');
  }

  const timers = new Map<string, () => void>();
  function every(name: string, ms: number, work: () => void | Promise<void>): void {
    timers.set(
      name,
      clock.after(ms, () => {
        void (async () => {
          try {
            await work();
          } catch (error) {
            log.error('A regular task failed', { name, error: String(error) });
          }
          if (timers.has(name)) every(name, ms, work);
        })();
      }),
    );
  }

  const call = createCaller(
    createHandlers({
      ...parts,
      setSettings(next) {
        settings = next;
        cache.configure({ enabled: next.cacheEnabled, ttlSeconds: next.ttlSeconds });
        screens.touch('settings', 'cache', 'backups');
      },
      publisher: screens,
      hooks: restoreHooks({
        ...parts,
        publisher: screens,
        raise,
        reloaded: (state) => {
          tradeLog = tradeLogFrom(state);
        },
      }),
    }),
    log,
  );

  save('mode', {
    accounts: configs.map(({ id, role, venue }) => ({
      id,
      role,
      venue,
      mode: modes.get(id) ?? 'watch',
    })),
  });
  const paused = vault.paused();
  if (paused) loop.pause(paused.why);
  await vault.start();
  market.start();
  for (const gateway of gateways.values()) gateway.start();
  cache.start();
  loop.start();
  every('figures', FIGURES_MS, () =>
    screens.touch('accounts', 'health', 'cache', 'saves', 'positions'),
  );
  every('equity', 60_000, () => {
    const equity = equitySamples(cache, clock.now());
    if (equity.length > 0) save('equity', { equity });
  });
  every('keys', 10_000, () => (keys.size < gateways.size ? checkKeys() : undefined));
  every('integrity', INTEGRITY_MS, async () => void (await store.check('quick')));
  void checkKeys().catch((error: unknown) =>
    log.warn('The keys could not be checked', { error: String(error) }),
  );

  return {
    call,
    subscribe: (listener) => screens.subscribe(listener),
    async stop() {
      for (const cancel of timers.values()) cancel();
      timers.clear();
      unsubscribe();
      await loop.stop();
      cache.stop();
      for (const gateway of gateways.values()) await gateway.stop();
      await market.stop();
      await venue?.stop();
      screens.stop();
      health.stop();
      await vault.stop();
      store.close();
      lock.release();
    },
  };
}
