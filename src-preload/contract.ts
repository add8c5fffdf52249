import { z } from 'zod';

/**
 * The whole agreement between the desk and its screens: the state slices, the commands and the
 * messages. Both shells carry exactly this. Prices, quantities and amounts are decimal strings;
 * times are ms since 1970 UTC; `null` is "not known", never zero. Names are stable: add, don't rename.
 */

// ---- state slices -------------------------------------------------------------------------------

export type Urgency = 'critical' | 'urgent' | 'active' | 'stable' | 'dormant';
export type Mode = 'watch' | 'propose' | 'armed';

export interface AccountRow {
  id: string;
  role: 'main' | 'mirror';
  venue: 'practice' | 'custom' | 'demo' | 'testnet' | 'live';
  mode: Mode;
  equity: string | null;
  available: string | null;
  unrealisedPnl: string | null;
  streamState: 'off' | 'connecting' | 'authenticating' | 'syncing' | 'ready' | 'down' | 'refused';
  streamReason: string | null;
  /** When the account's positions were last known to be true. */
  asOf: number | null;
  readOnly: boolean | null;
  /** Why nothing may be armed or read, in plain words; `null` when all is well. */
  problem: string | null;
}

export interface PositionRow {
  account: string;
  symbol: string;
  side: 'long' | 'short';
  positionIdx: 0 | 1 | 2;
  size: string;
  entryPrice: string | null;
  markPrice: string | null;
  unrealisedPnl: string | null;
  leverage: string | null;
  liquidationPrice: string | null;
  stop: { price: string; quantity: string | 'full'; source: 'position' | 'order' } | null;
  /** How much of `size` a stop covers. */
  protectedSize: string;
  takeProfits: {
    level: number;
    price: string;
    quantity: string;
    filledQuantity: string;
    orderId: string | null;
  }[];
  phase: 'adopted' | 'building' | 'protected' | 'taking-profit' | 'closed';
  urgency: Urgency;
  breakevenMoved: boolean;
  /** Nearest of take-profits, stop and open entries; distance as a fraction of the mark price. */
  nearest: { what: string; price: string; distance: number } | null;
  /** Digits after the point of the contract's tick and quantity step. */
  priceDecimals: number;
  quantityDecimals: number;
  asOf: number;
  source: 'stream' | 'rest';
}

export interface OrderRow {
  account: string;
  symbol: string;
  side: 'Buy' | 'Sell';
  orderId: string;
  orderLinkId: string | null;
  positionIdx: 0 | 1 | 2;
  price: string | null;
  quantity: string;
  filledQuantity: string;
  reduceOnly: boolean;
  stopOrderType: string | null;
  triggerPrice: string | null;
  status: string;
}

export interface MonitorRow {
  account: string;
  symbol: string;
  side: 'long' | 'short';
  positionIdx: 0 | 1 | 2;
  phase: PositionRow['phase'];
  mode: Mode;
  targetSize: string;
  size: string;
  openedAt: number;
  updatedAt: number;
}

export interface ApprovalRow {
  id: string;
  account: string;
  symbol: string;
  what: string;
  why: string;
  /** What would be sent, field by field. */
  order: Record<string, string>;
  proposedAt: number;
}

export interface CacheKindRow {
  account: string;
  kind: string;
  ttlMs: number;
  ageMs: number | null;
  hits: number;
  misses: number;
  coalesced: number;
  refusedStale: number;
  invalidations: number;
  evictions: number;
  restCalls: number;
  callsSaved: number;
  sweepDifferences: number;
}

export interface CacheState {
  /** 0 to 1; `null` before the first question. */
  hitRate: number | null;
  callsPerMinute: number;
  callsSaved: number;
  /** What every monitor asking for itself would have cost, per minute. */
  callsPerMinuteWithoutCache: number;
  enabled: boolean;
  kinds: CacheKindRow[];
  /** One point per minute, oldest first, for the charts. */
  history: { at: number; hitRate: number | null; calls: number; callsWithoutCache: number }[];
}

export interface CycleRow {
  startedAt: number;
  durationMs: number;
  restCalls: number;
  cacheAnswers: number;
  monitors: number;
  urgency: Record<Urgency, number>;
  actions: number;
}

export interface SavesState {
  critical: number;
  routine: number;
  deferred: number;
  coalesced: number;
  failed: number;
  transactions: number;
  bytesWritten: number;
  dirtyRows: number;
  lastSavedAt: number | null;
  /** When unsaved changes started to wait because saving fails; `null` while saving works. */
  notSavedSince: number | null;
  longestPauseMs: number;
  byReason: Record<string, number>;
}

export type BackupClass = 'routine' | 'manual' | 'before-restore' | 'before-upgrade';

export interface BackupSourceRow {
  id: string;
  kind: 'database' | 'file';
  path: string;
  lastVersionAt: number | null;
  nextDueAt: number | null;
  lastFailure: string | null;
}

export interface BackupRow {
  id: string;
  source: string;
  file: string;
  class: BackupClass;
  reason: string;
  madeAt: number;
  size: number;
  storedSize: number;
  sha256: string;
  counts: Record<string, number>;
  newestEventAt: number | null;
  programVersion: string;
  schemaVersion: number | null;
  verifiedAt: number | null;
  verified: boolean;
  verifyError: string | null;
  pinned: boolean;
  note: string | null;
  /** What the policy would do with it now, and why. */
  fate: { keep: boolean; why: string };
}

export interface BackupsState {
  sources: BackupSourceRow[];
  backups: BackupRow[];
  totalSize: number;
  sizeLimit: number;
  /** What is going on now: a backup, a check or a restore, with its step. */
  running: { what: string; step: string; done: number; total: number } | null;
  /** The restore that can still be undone. */
  undo: { restoredId: string; restoredAt: number } | null;
  /** Shown after a restore until the operator resumes. */
  paused: { since: number; why: string } | null;
}

export interface AlertRow {
  id: string;
  severity: 'critical' | 'warning' | 'info';
  rule: string;
  account: string | null;
  symbol: string | null;
  text: string;
  at: number;
}

export interface HistoryRow {
  id: string;
  account: string;
  symbol: string;
  side: 'long' | 'short';
  size: string;
  entryPrice: string | null;
  exitPrice: string | null;
  realisedPnl: string | null;
  fees: string | null;
  openedAt: number;
  closedAt: number;
  reason: string;
}

export interface TimelineRow {
  id: string;
  account: string;
  symbol: string;
  positionIdx: 0 | 1 | 2;
  at: number;
  /** How far it got: seen by us, decided, sent, confirmed by the venue, refused, unknown. */
  stage: 'seen' | 'decided' | 'would-do' | 'sent' | 'confirmed' | 'refused' | 'unknown';
  text: string;
  detail: string | null;
}

export interface StatisticsState {
  asOf: number | null;
  figures: Record<string, string | null>;
}

export interface SettingsState {
  ttlSeconds: Record<string, number>;
  cacheEnabled: boolean;
  routineSaveSeconds: number;
  backup: { minimumMinutes: number; keepRoutine: number; sizeLimitMB: number };
}

export interface HealthState {
  version: string;
  startedAt: number;
  dataFolder: string;
  /** REST address of the practice exchange in use. */
  practiceUrl: string | null;
  stream: {
    account: string;
    state: AccountRow['streamState'];
    reason: string | null;
    since: number;
  }[];
  clock: {
    account: string;
    offsetMs: number | null;
    uncertaintyMs: number | null;
    trusted: boolean;
  }[];
  breakers: { account: string; kind: string; state: string; since: number }[];
  /** Remaining share of the tightest rate budget, 0 to 1. */
  budgetFree: number;
  disk: { freeBytes: number | null; databaseBytes: number | null };
  eventLoop: { p99Ms: number; maxMs: number };
  memoryMB: number;
}

/** The slices that are lists: the key names a row, and `state.get` answers `{rows}`. */
export interface ListSlices {
  accounts: AccountRow;
  positions: PositionRow;
  orders: OrderRow;
  monitors: MonitorRow;
  approvals: ApprovalRow;
  cycles: CycleRow;
  alerts: AlertRow;
  history: HistoryRow;
  timeline: TimelineRow;
}

export interface ObjectSlices {
  cache: CacheState;
  saves: SavesState;
  backups: BackupsState;
  statistics: StatisticsState;
  settings: SettingsState;
  health: HealthState;
}

export type SliceName = keyof ListSlices | keyof ObjectSlices;

type KeyOf<Row> = (row: Row) => string;
const positionKeyOf = (row: { account: string; symbol: string; positionIdx: number }): string =>
  `${row.account}/${row.symbol}/${row.positionIdx}`;

/** How a row of each list slice is told from the others. */
export const rowKeys: { [Name in keyof ListSlices]: KeyOf<ListSlices[Name]> } = {
  accounts: (row) => row.id,
  positions: positionKeyOf,
  orders: (row) => `${row.account}/${row.orderId}`,
  monitors: positionKeyOf,
  approvals: (row) => row.id,
  cycles: (row) => String(row.startedAt),
  alerts: (row) => row.id,
  history: (row) => row.id,
  timeline: (row) => row.id,
};

export const objectSliceNames = [
  'cache',
  'saves',
  'backups',
  'statistics',
  'settings',
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

// ---- messages -----------------------------------------------------------------------------------

/**
 * What the desk pushes. `epoch` changes when everything must be taken anew (a restore, a reconnect);
 * `version` grows by one per push of a slice, so a gap is noticed.
 */
export type Push =
  | { slice: keyof ListSlices; epoch: string; version: number; whole: unknown[] }
  | {
      slice: keyof ListSlices;
      epoch: string;
      version: number;
      changed: unknown[];
      removed: string[];
    }
  | { slice: keyof ObjectSlices; epoch: string; version: number; value: unknown };

// ---- commands -----------------------------------------------------------------------------------

const id = z.string().min(1).max(200);
const empty = z.strictObject({});
const seconds = (least: number, most: number) => z.number().min(least).max(most);

/** The input of every command. What does not fit is refused with code BAD_INPUT. */
export const commandInputs = {
  'state.get': z.strictObject({ slice: z.enum(sliceNames) }),
  'account.setMode': z.strictObject({
    account: id,
    mode: z.enum(['watch', 'propose', 'armed']),
    /** The account's id, typed again; needed to arm. */
    confirm: z.string().max(200).optional(),
  }),
  'approvals.approve': z.strictObject({ id }),
  'approvals.dismiss': z.strictObject({ id }),
  panic: z.strictObject({ accounts: z.array(id).min(1).max(20), confirm: z.literal('PANIC') }),
  'cache.invalidate': z.strictObject({ account: id.optional(), kind: id.optional() }),
  'cache.sweep': empty,
  'settings.update': z.strictObject({
    ttlSeconds: z.record(z.string().max(40), seconds(1, 86_400)).optional(),
    cacheEnabled: z.boolean().optional(),
    routineSaveSeconds: seconds(1, 600).optional(),
    backup: z
      .strictObject({
        minimumMinutes: z.number().min(1).max(1440).optional(),
        keepRoutine: z.number().int().min(1).max(1000).optional(),
        sizeLimitMB: z.number().min(10).max(1_000_000).optional(),
      })
      .optional(),
  }),
  'backups.create': z.strictObject({ source: id.optional(), note: z.string().max(200).optional() }),
  'backups.verify': z.strictObject({ id }),
  'backups.show': z.strictObject({ id }),
  'backups.pin': z.strictObject({ id }),
  'backups.unpin': z.strictObject({ id }),
  'backups.export': z.strictObject({ id, folder: z.string().max(4096).optional() }),
  'backups.import': z.strictObject({ file: z.string().min(1).max(4096) }),
  'backups.restore': z.strictObject({ id, confirm: z.string().max(200) }),
  'backups.delete': z.strictObject({ id, confirm: z.string().max(200) }),
  'backups.undo': z.strictObject({ confirm: z.string().max(200) }),
  'backups.protect': z.strictObject({ path: z.string().min(1).max(4096) }),
  'backups.unprotect': z.strictObject({ source: id }),
  'backups.cancel': empty,
  /** Ends the pause that follows a restore; the accounts stay in watch. */
  'desk.resume': empty,
  /** The practice exchange begins anew at the next start. */
  'practice.reset': z.strictObject({ confirm: z.string().max(200) }),
} as const satisfies Record<string, z.ZodType>;

export type CommandName = keyof typeof commandInputs;
export type CommandInput<Name extends CommandName> = z.input<(typeof commandInputs)[Name]>;

/** What a preview of a backup says: what is inside and what restoring it would undo. */
export interface BackupPreview {
  id: string;
  counts: Record<string, number>;
  newestEventAt: number | null;
  /** How far back it goes, ms. */
  goesBackMs: number | null;
  monitorsAdded: string[];
  monitorsRemoved: string[];
  monitorsChanged: string[];
  tradesLost: number | null;
  /** First lines of a protected file. */
  head: string | null;
  problem: string | null;
}

export interface CommandOutputs {
  'state.get': { rows: unknown[] } | object;
  'account.setMode': { account: string; mode: Mode };
  'approvals.approve': { id: string };
  'approvals.dismiss': { id: string };
  panic: { receipts: { account: string; positions: number; orders: number; text: string }[] };
  'cache.invalidate': { invalidated: number };
  'cache.sweep': { differences: number };
  'settings.update': SettingsState;
  'backups.create': BackupRow;
  'backups.verify': BackupRow;
  'backups.show': BackupPreview;
  'backups.pin': BackupRow;
  'backups.unpin': BackupRow;
  'backups.export': { path: string };
  'backups.import': BackupRow;
  'backups.restore': { id: string; counts: Record<string, number>; text: string };
  'backups.delete': { id: string };
  'backups.undo': { text: string };
  'backups.protect': BackupSourceRow;
  'backups.unprotect': { source: string };
  'backups.cancel': { cancelled: boolean };
  'desk.resume': { resumed: boolean };
  'practice.reset': { text: string };
}

export type CommandOutput<Name extends CommandName> = CommandOutputs[Name];

export type Answer<Value> =
  | { ok: true; value: Value }
  | { ok: false; error: { code: string; message: string } };

/** What a screen holds: `window.desk` in the desktop shell, the same over a WebSocket in the web shell. */
export interface DeskLink {
  call<Name extends CommandName>(
    command: Name,
    input: CommandInput<Name>,
  ): Promise<Answer<CommandOutput<Name>>>;
  /** Pushes of every slice; after subscribing each slice is sent whole once. Returns the way to stop. */
  subscribe(listener: (push: Push) => void): () => void;
}
