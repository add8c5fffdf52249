import type { SavesState } from '../../src-preload/contract/saves.ts';
import type { AccountId } from '../domain/account.ts';
import type { Clock } from '../domain/clock.ts';
import type { Execution } from '../domain/execution.ts';
import type { PositionKey } from '../domain/keys.ts';
import type { Log } from '../domain/log.ts';
import type { Monitor } from '../domain/monitor.ts';
import type { SaveReason } from './reasons.ts';
import type {
  AccountRecord,
  AlertRecord,
  CycleRecord,
  EquityRecord,
  IntentRecord,
  OperationRecord,
  SightingRecord,
  TimelineRecord,
  TradeEventRecord,
  TradeRecord,
} from './records.ts';

export type { SaveReason } from './reasons.ts';

/** Rows to write, whole; a row that equals what is stored is not written. */
export interface Change {
  accounts?: readonly AccountRecord[];
  monitors?: readonly Monitor[];
  removedMonitors?: readonly PositionKey[];
  sightings?: readonly SightingRecord[];
  intents?: readonly IntentRecord[];
  /** Each is kept once, by account + symbol + execId. */
  executions?: readonly Execution[];
  trades?: readonly TradeRecord[];
  tradeEvents?: readonly TradeEventRecord[];
  /** Ids of trades and steps that were booked in an order that turned out not to be theirs. */
  removedTrades?: readonly string[];
  removedTradeEvents?: readonly string[];
  timeline?: readonly TimelineRecord[];
  operations?: readonly OperationRecord[];
  alerts?: readonly AlertRecord[];
  equity?: readonly EquityRecord[];
  cycles?: readonly CycleRecord[];
  /** Values by name, plain JSON; `undefined` leaves a name as it is. */
  settings?: Readonly<Record<string, unknown>>;
}

/** A row that could not be trusted and was set aside; whoever owns it rebuilds it. */
export interface QuarantinedRow {
  table: string;
  key: string;
  why: string;
}

/** Everything the desk starts from. */
export interface LoadedState {
  /** New after every restore: what was derived from the old data is void. */
  dataEpoch: string;
  accounts: AccountRecord[];
  monitors: Monitor[];
  sightings: SightingRecord[];
  settings: Record<string, unknown>;
  /** Pending ones, oldest first. */
  intents: IntentRecord[];
  openTrades: TradeRecord[];
  /** Those that never ended, oldest first. */
  operations: OperationRecord[];
  /** The newest 200 that have ended, oldest first: late executions may still complete them. */
  endedTrades: TradeRecord[];
  /** The newest execution of each account. */
  lastExecution: Record<AccountId, { execId: string; executedAt: number }>;
  /** `account/symbol/execId` of the newest executions, to tell a replay. */
  recentExecutions: Set<string>;
  /** The newest 1,000, oldest first. */
  timeline: TimelineRecord[];
  /** Alerts still owed to a channel, oldest first. */
  alerts: AlertRecord[];
  quarantined: QuarantinedRow[];
}

/** What the operator must hear about. `text` is a sentence for people. */
export type StoreTrouble =
  | { kind: 'saving-fails'; since: number; attempts: number; stopped: boolean; text: string }
  | { kind: 'saving-again'; since: number; text: string }
  | { kind: 'row-quarantined'; row: QuarantinedRow; text: string }
  | { kind: 'integrity'; findings: string[]; text: string };

export interface StoreOptions {
  dataDir: string;
  clock: Clock;
  log: Log;
  /** Least ms between two routine transactions; asked anew each time. */
  routineMs: () => number;
  programVersion: string;
  /** A new random id: data epoch and transaction ids. */
  newId: () => string;
  /** Called with the database's path before any migration of existing data; a throw stops the opening. */
  beforeMigration: (dbPath: string, schemaVersion: number) => void | Promise<void>;
  onTrouble: (trouble: StoreTrouble) => void;
  /**
   * Asked when there is no database: may an empty one be made? `damaged` is the newest one that an
   * earlier start put aside. Left out: yes, unless there is one.
   */
  startEmpty?: (damaged: string | null) => boolean;
}

/** `durable`: on the disk. `kept`: in memory, to be written later; what needs durability must not go on. */
export type SaveOutcome = 'durable' | 'kept';

/** An operation that is a single transaction, as it is told. */
export interface OperationAbout {
  reason: SaveReason;
  what: string;
  author: OperationRecord['author'];
  accounts: readonly AccountId[];
  /** What has come of it once it is committed. */
  summary: string;
  /** When the disk refuses it: nothing of it is kept, or all of it, to be written later. */
  onRefusal: 'roll-back' | 'keep';
}

/** State on the disk, and the only thing that writes it. */
export interface Store {
  /** The database file. */
  readonly path: string;

  /**
   * Reads and validates everything. Must succeed once before anything is saved: after a failed load
   * nothing is ever written (P42).
   */
  load(): LoadedState;
  /**
   * Takes a change. Critical: committed with all that waits before it returns (`durable`), or `kept`
   * when the disk refuses, and retried. Throws BUSY while writes are refused, NOT_READY before `load`.
   */
  save(reason: SaveReason, change: Change): SaveOutcome;
  /**
   * Runs `work` and commits all the changes it hands over as one critical transaction under one id,
   * with the operation's record. When `work` throws, or SQLite refuses and the operation is to be rolled
   * back, everything is as it was, journal and record say why, and it throws. `kept` only where
   * refused changes are to be kept. What changes nothing leaves no record.
   */
  operation(about: OperationAbout, work: (add: (change: Change) => void) => void): SaveOutcome;
  /** Writes what waits, now. Throws when it cannot. */
  flush(): void;
  /** Flushes what it can and lets go of the file. */
  close(): void;
  statistics(): SavesState;

  // Questions for the screens; newest first.
  closedTrades(page: { limit: number; before?: number }): TradeRecord[];
  timeline(of: { position?: PositionKey; limit: number }): TimelineRecord[];
  alerts(limit: number): AlertRecord[];
  /** Those still waiting for the disk included. */
  operations(limit: number): OperationRecord[];

  // For the vault.
  /** From now on `save` throws BUSY with this sentence, and no routine write goes out. */
  refuseWrites(why: string): void;
  allowWrites(): void;
  /**
   * Replaces everything with the database at `dbPath`, in place and in one transaction: killed or
   * failed at any moment, the file holds the old state or the new, and saving goes on with either. It
   * is read as a start would read it before it takes over. Writes must be refused, and what waited
   * flushed. The caller loads again afterwards; the data epoch is that of `dbPath`.
   */
  replaceFrom(dbPath: string): Promise<void>;
  /** Which state this is: another one after every restore. `null` when it was never given one. */
  epoch(): string | null;
  /**
   * Findings as sentences; empty when sound. Runs off the event loop. `quick` looks at the hashes of
   * rows saved since the last look; bad rows whose content is remembered are written anew.
   */
  readonly check: (kind: 'quick' | 'full') => Promise<string[]>;
  /** Moves what is older or more than the limits into `archives/`; returns the rows moved, by table. */
  readonly archive: (limits?: ArchiveLimits) => Promise<Record<string, number>>;
  /**
   * To be called every 5 min: a quick check, and once a day, by stored time, a full one and the
   * archiving instead. Never throws; what it meets goes to `onTrouble` and the log.
   */
  readonly upkeep: () => Promise<void>;
}

export interface ArchiveLimits {
  /** Rows older than so many days are archived. */
  days: number;
  /** And the oldest ones while these tables hold more than so many bytes. */
  bytes: number;
}
