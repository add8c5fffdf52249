import { randomUUID } from 'node:crypto';
import type { SettingsState } from '../../src-preload/contract/settings.ts';
import { type Alert, createAlerts } from '../alerts/alerts.ts';
import type { Clock } from '../domain/clock.ts';
import { sentenceOf } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import { createLoop } from '../monitor/loop/create-loop.ts';
import { createOperations } from '../persistence/write/operations.ts';
import type { AccountConfig } from './accounts/accounts-file.ts';
import { disarmedFile } from './accounts/disarmed-file.ts';
import { equitySamples } from './accounts/equity.ts';
import { createKeyChecks } from './accounts/key-checks.ts';
import { afterSweep } from './accounts/line-alerts.ts';
import { cacheSettings, createLines, syncedKeeper } from './accounts/lines.ts';
import { createModes } from './accounts/modes.ts';
import { createOwners } from './accounts/owners.ts';
import { type Roughness, venueOf } from './accounts/practice-venue.ts';
import { createCaller } from './commands/caller.ts';
import { createHandlers } from './commands/handlers.ts';
import type { Desk } from './desk.ts';
import { createHealth } from './health.ts';
import type { Parts } from './parts.ts';
import { createPreferences } from './preferences.ts';
import { deskProposals, endProposals } from './proposals.ts';
import { createPublisher, type Publisher } from './slices/publish.ts';
import { sliceReaders, slicesMovedBy } from './slices/readers.ts';
import { cycleKeeper } from './state/cycles.ts';
import { openState } from './state/open-state.ts';
import { restoreHooks } from './state/restoring.ts';
import { createSaving } from './state/saving.ts';
import { playbookOf, settingsFrom } from './state/settings.ts';
import { tellTheStart } from './state/tell-the-start.ts';
import { createTasks } from './tasks.ts';
import { programVersion } from './version.ts';

export interface DeskOptions {
  /** Where state and backups are kept. */
  dataDir: string;
  /** The accounts to connect, or the embedded practice exchange. */
  accounts: AccountConfig[] | 'practice';
  /** How rough the way to the embedded practice exchange is, ms; as smooth as can be unless said. */
  roughness?: Roughness;
  /** Restore the newest verified backup should the database be damaged. */
  recover: boolean;
  /** Leave behind what was saved, should the database be damaged or missing. */
  startEmpty?: boolean;
  clock: Clock;
  log: Log;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Opens the data folder, connects the accounts and starts to watch. Resolves as soon as commands can be
 * answered; the first positions follow when the venue has told them. Throws what `openState` throws;
 * then nothing is left running.
 */
export async function createDesk(options: DeskOptions): Promise<Desk> {
  const { dataDir, clock, log } = options;
  let settings: SettingsState = settingsFrom({});
  let publisher: Publisher | null = null;
  const early: Alert[] = [];
  let raise = (alert: Alert): void => void early.push(alert);
  const trouble = (rule: string, text: string): void =>
    raise({ severity: 'critical', rule, account: null, symbol: null, text });

  const { lock, store, vault, loaded, notices } = await openState({
    dataDir,
    recover: options.recover,
    startEmpty: options.startEmpty ?? false,
    clock,
    log,
    programVersion,
    routineMs: () => settings.routineSaveSeconds * SECOND,
    vaultSettings: () => settings.backup,
    onStoreTrouble: ({ kind, text }) => trouble(kind, text),
    onVaultTrouble: ({ kind, text }) => trouble(kind, text),
    onVaultChange: () => publisher?.touch('backups'),
  });
  settings = settingsFrom(loaded.settings);
  const venue = await venueOf(options).catch((error: unknown) => {
    store.close();
    lock.release();
    throw error;
  });
  const { configs } = venue;

  const saving = createSaving({
    store,
    loaded,
    clock,
    onTrades: () => publisher?.touch('history'),
    onTimeline: () => publisher?.touch('timeline'),
    onOperations: () => publisher?.touch('operations'),
    onAway: () => publisher?.touch('away'),
  });
  const { save, operation, away } = saving;
  const begin = createOperations({ save, newId: randomUUID, clock, log });
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
  const restoredAt = vault.paused()?.since ?? null;
  const left = { operations: loaded.operations, restoredAt };
  tellTheStart({ notices, left, begin, save, raise, now: clock.now() });

  const preferences = createPreferences({
    saved: loaded.settings['preferences'],
    save: (state) => save('preferences', { settings: { preferences: state } }),
    clock,
    onChange: () => publisher?.touch('preferences'),
  });
  const modes = createModes({
    configs,
    remembered: loaded.accounts,
    paused: vault.paused() !== null,
    disarmed: disarmedFile(
      dataDir,
      configs.map(({ id }) => id),
      log,
    ),
    operation,
    onChange(accounts) {
      endProposals(proposals, accounts, modes.of);
      for (const account of accounts) loop.modeChanged(account);
      publisher?.touch('accounts', 'monitors', 'approvals');
    },
  });
  const owners = createOwners(configs, loaded.settings, save);
  const { gateways, market, cache } = createLines({
    configs,
    loaded,
    settings,
    ownerOf: owners.idFor,
    dataDir,
    clock,
    log,
    onDifferences(account, differences) {
      const { disarm, alert } = afterSweep(account, differences, modes.of(account));
      if (disarm) {
        const why = `a full comparison found ${differences} differences`;
        modes.set([account], 'watch', { author: 'desk', why });
      }
      raise(alert);
    },
  });
  const saveSynced = syncedKeeper({ gateways, loaded, clock, save });
  const proposals = deskProposals({
    clock,
    settings: loaded.settings,
    save,
    plan: (leg) => loop.plan(leg),
    onChange: () => publisher?.touch('approvals', 'answered'),
  });
  const loop = createLoop({
    cache,
    gateways,
    clock,
    log,
    monitors: loaded.monitors,
    intents: loaded.intents,
    save,
    begin,
    modeOf: modes.of,
    proposals,
    playbookOf: (account) => playbookOf(settings, account),
    onCycle: cycleKeeper(save, () => publisher?.touch('cycles')),
    onChange: () => publisher?.touch('positions', 'verdict', 'monitors'),
    onAlert: (alert) => raise(alert),
  });
  const health = createHealth({
    version: programVersion,
    dataDir,
    databasePath: store.path,
    practiceUrl: venue.practice?.rest ?? null,
    cache,
    gateways,
    clock,
  });
  const { keys, check: checkKeys } = createKeyChecks(gateways, owners.learn);
  const parts: Parts = {
    dataDir,
    practice: venue.practice,
    configs,
    modes,
    proposals,
    keys,
    cache,
    loop,
    gateways,
    store,
    vault,
    alerts,
    health,
    clock,
    save,
    operation,
    begin,
    away,
    settings: () => settings,
    preferences,
  };
  const screens = createPublisher(sliceReaders(parts), clock);
  publisher = screens;
  const unsubscribe = cache.subscribe((change) => {
    screens.touch(...slicesMovedBy(change));
    if (change.kind !== 'stream') return;
    if (change.account !== null) health.streamChanged(change.account);
    if (change.state === 'ready') saveSynced();
  });

  const call = createCaller(
    createHandlers({
      ...parts,
      publisher: screens,
      setSettings(next) {
        settings = next;
        cache.configure(cacheSettings(next));
        screens.touch('settings', 'cache', 'backups', 'positions', 'verdict');
      },
      hooks: restoreHooks({
        ...parts,
        publisher: screens,
        raise,
        saving,
      }),
    }),
    log,
  );

  const paused = vault.paused();
  if (paused) loop.pause(paused.why);
  await vault.start();
  market.start();
  for (const gateway of gateways.values()) gateway.start();
  cache.start();
  loop.start();

  const tasks = createTasks(clock, log);
  // What moves by itself; only what differs is sent.
  tasks.every('lines', SECOND, () => {
    for (const alert of health.alerts()) raise(alert);
  });
  tasks.every('figures', SECOND, () =>
    screens.touch('accounts', 'health', 'cache', 'saves', 'positions', 'verdict', 'backups'),
  );
  tasks.every('equity', MINUTE, () => {
    const equity = equitySamples(cache, clock.now());
    if (equity.length > 0) save('equity', { equity });
  });
  tasks.every('synced', MINUTE, saveSynced);
  tasks.every('upkeep', 5 * MINUTE, () => store.upkeep());
  tasks.every('keys', 10 * SECOND, checkKeys);
  void checkKeys().catch((error: unknown) =>
    log.warn('The API keys could not be checked', { why: sentenceOf(error) }),
  );

  return {
    call,
    subscribe: (listener) => screens.subscribe(listener),
    awake() {
      void call('cache.sweep', {});
      vault
        .checkNow()
        .catch((error: unknown) =>
          log.error('A backup that was due could not be made', { why: sentenceOf(error) }),
        );
    },
    async stop() {
      tasks.stop();
      // First of all, so that whatever follows may be cut short.
      try {
        preferences.settle();
        saveSynced();
        store.flush();
      } catch (error) {
        log.error('Pending changes could not be saved', { why: sentenceOf(error) });
      }
      unsubscribe();
      await loop.stop();
      cache.stop();
      for (const gateway of gateways.values()) await gateway.stop();
      await market.stop();
      await venue.practice?.stop();
      screens.stop();
      health.stop();
      await vault.stop();
      store.close();
      lock.release();
    },
  };
}
