import type { SettingsState } from '../../src-preload/contract/settings.ts';
import type { Alerts } from '../alerts/alerts.ts';
import type { Vault } from '../backup/vault.ts';
import type { Cache } from '../cache/cache.ts';
import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Gateway, KeyCheck } from '../exchange/gateway.ts';
import type { Loop } from '../monitor/loop/loop.ts';
import type { Proposals } from '../monitor/propose/proposals.ts';
import type { Change, SaveOutcome, SaveReason, Store } from '../persistence/store.ts';
import type { Begin } from '../persistence/write/operations.ts';
import type { AccountConfig } from './accounts/accounts-file.ts';
import type { Modes } from './accounts/modes.ts';
import type { PracticeVenue } from './accounts/practice-venue.ts';
import type { Away } from './away.ts';
import type { Health } from './health.ts';
import type { Preferences } from './preferences.ts';

/** The rooms of a running desk, as its slices and commands reach them. */
export interface Parts {
  dataDir: string;
  /** The embedded exchange, where it is the venue. */
  practice: PracticeVenue | null;
  configs: readonly AccountConfig[];
  modes: Modes;
  proposals: Proposals;
  /** What is known of each account's key; absent until it has been checked. */
  keys: ReadonlyMap<AccountId, KeyCheck>;
  cache: Cache;
  loop: Loop;
  gateways: ReadonlyMap<AccountId, Gateway>;
  store: Store;
  vault: Vault;
  alerts: Alerts;
  health: Health;
  clock: Clock;
  save: (reason: SaveReason, change: Change) => SaveOutcome;
  /** A change of several rows that is one transaction. */
  operation: Store['operation'];
  /** Begins one that takes steps. */
  begin: Begin;
  /** What happened while the desk was off, until the operator dismisses it. */
  away: Away;
  settings: () => SettingsState;
  preferences: Preferences;
}
