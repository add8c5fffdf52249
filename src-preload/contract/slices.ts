import type { AccountRow } from './accounts.ts';
import type { AlertRow } from './alerts.ts';
import type { AnsweredRow, ApprovalRow } from './approvals.ts';
import type { AwayRow } from './away.ts';
import type { BackupsState } from './backups.ts';
import type { CacheState, CycleRow } from './cache.ts';
import type { HealthState } from './health.ts';
import type { HistoryRow, StatisticsState, TimelineRow } from './history.ts';
import type { OperationRow } from './operations.ts';
import type { OrderRow } from './orders.ts';
import type { MonitorRow, PositionRow } from './positions.ts';
import type { PreferencesState } from './preferences.ts';
import type { SavesState } from './saves.ts';
import type { SettingsState } from './settings.ts';
import type { VerdictState } from './verdict.ts';

/**
 * Every slice of the desk's state with its rows and keys. Prices, quantities and amounts are decimal
 * strings; times are ms since 1970 UTC; `null` is "not known", never zero. Names are stable: add, don't
 * rename.
 */

/** The slices that are lists: the key names a row, and `state.get` answers `{rows}`. */
export interface ListSlices {
  accounts: AccountRow;
  positions: PositionRow;
  orders: OrderRow;
  monitors: MonitorRow;
  approvals: ApprovalRow;
  /** Proposals that stand no more: the newest 100 of this run, newest first. */
  answered: AnsweredRow;
  /** What happened while Holdfast was off, oldest first, until the operator dismisses it. */
  away: AwayRow;
  cycles: CycleRow;
  alerts: AlertRow;
  history: HistoryRow;
  timeline: TimelineRow;
  /** The newest 100, newest first. */
  operations: OperationRow;
}

export interface ObjectSlices {
  verdict: VerdictState;
  cache: CacheState;
  saves: SavesState;
  backups: BackupsState;
  statistics: StatisticsState;
  settings: SettingsState;
  preferences: PreferencesState;
  health: HealthState;
}

export type SliceName = keyof ListSlices | keyof ObjectSlices;

type KeyOf<Row> = (row: Row) => string;
export const positionKeyOf = (row: {
  account: string;
  symbol: string;
  positionIdx: number;
}): string => `${row.account}/${row.symbol}/${row.positionIdx}`;

/** How a row of each list slice is told from the others. */
export const rowKeys: { [Name in keyof ListSlices]: KeyOf<ListSlices[Name]> } = {
  accounts: (row) => row.id,
  positions: positionKeyOf,
  orders: (row) => `${row.account}/${row.orderId}`,
  monitors: positionKeyOf,
  approvals: (row) => row.id,
  answered: (row) => row.id,
  away: (row) => row.id,
  cycles: (row) => String(row.startedAt),
  alerts: (row) => row.id,
  history: (row) => row.id,
  timeline: (row) => row.id,
  operations: (row) => row.id,
};

export const objectSliceNames = [
  'verdict',
  'cache',
  'saves',
  'backups',
  'statistics',
  'settings',
  'preferences',
  'health',
] as const satisfies (keyof ObjectSlices)[];

export const sliceNames = [
  ...(Object.keys(rowKeys) as (keyof ListSlices)[]),
  ...objectSliceNames,
] as const;

export const isListSlice = (name: SliceName): name is keyof ListSlices => name in rowKeys;

export type SliceValue<Name extends SliceName> = Name extends keyof ListSlices
  ? { rows: ListSlices[Name][] }
  : Name extends keyof ObjectSlices
    ? ObjectSlices[Name]
    : never;

/**
 * What the desk pushes. `epoch` changes when everything must be taken anew (a restore, a reconnect);
 * `version` grows by one per push of a slice, so a gap is noticed.
 */
interface Stamp<Name extends SliceName> {
  slice: Name;
  epoch: string;
  version: number;
}

export type ListPush = {
  [Name in keyof ListSlices]: Stamp<Name> &
    ({ whole: ListSlices[Name][] } | { changed: ListSlices[Name][]; removed: string[] });
}[keyof ListSlices];

export type ObjectPush = {
  [Name in keyof ObjectSlices]: Stamp<Name> & { value: ObjectSlices[Name] };
}[keyof ObjectSlices];

export type Push = ListPush | ObjectPush;
