import type { Alert } from '../../alerts/alerts.ts';
import type { Cache } from '../../cache/cache.ts';
import type { AccountId, Mode } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { PositionKey } from '../../domain/keys.ts';
import type { Log } from '../../domain/log.ts';
import type { Monitor, Urgency } from '../../domain/monitor.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Gateway } from '../../exchange/gateway.ts';
import type { IntentRecord } from '../../persistence/records.ts';
import type { Change, SaveOutcome, SaveReason } from '../../persistence/store.ts';
import type { Begin } from '../../persistence/write/operations.ts';
import type { Carried, Leg, Proposals } from '../propose/proposals.ts';
import type { Receipt } from '../rules/closing-plan.ts';
import type { Watch } from '../watch/watch.ts';

/** One pass of the loop; the shape of the contract's `CycleRow`. */
export interface Cycle {
  /** ms since 1970 UTC. */
  startedAt: number;
  durationMs: number;
  /** REST requests since the end of the cycle before, sweeps and writes included. */
  restCalls: number;
  /** Questions answered from the cache since then. */
  cacheAnswers: number;
  monitors: number;
  urgency: Record<Urgency, number>;
  /** Intents begun since the end of the cycle before. */
  actions: number;
}

export interface LoopOptions {
  cache: Cache;
  gateways: ReadonlyMap<AccountId, Gateway>;
  clock: Clock;
  log: Log;
  /** As loaded from the last run. */
  monitors: readonly Monitor[];
  /** Pending intents of the last run: asked about, never sent again. */
  intents: readonly IntentRecord[];
  /** A critical change is on the disk when this returns `durable`. */
  save: (reason: SaveReason, change: Change) => SaveOutcome;
  /** Begins the operation that tells what a reconciliation changes. */
  begin: Begin;
  /** Asked before every decision. */
  modeOf: (account: AccountId) => Mode;
  /** What the rules do for an account, asked before every decision. */
  playbookOf: (account: AccountId) => Playbook;
  /** Asks the operator, where an account proposes; without it, such an account only watches. */
  proposals?: Pick<Proposals, 'offer' | 'lapse'>;
  onCycle: (cycle: Cycle) => void;
  /** Monitors that changed or are gone. */
  onChange: (keys: readonly PositionKey[]) => void;
  onAlert: (alert: Alert) => void;
}

/** Watches every position, decides and acts as far as each account's mode allows. */
export interface Loop {
  start(): void;
  /** Resolves when the cycle under way and all writes under way have ended. */
  stop(): Promise<void>;
  /** Nothing is sent until `resume`; watching goes on, so that what is shown and told stays true. */
  pause(why: string): void;
  resume(): void;
  /** The account's mode or playbook is another one: what it now allows and wants is done now. */
  modeChanged(account: AccountId): void;
  /** Why it is paused, `null` when it is not. */
  paused(): string | null;
  /** Every monitor with what follows from it now. Not to be changed. */
  watches(): readonly Readonly<Watch>[];
  watch(key: PositionKey): Readonly<Watch> | null;
  monitors(): readonly Monitor[];
  /** The last 1,000, newest first. */
  cycles(): readonly Cycle[];
  /** One cycle now, or the one under way. */
  cycle(): Promise<Cycle>;
  /**
   * Closes every position and cancels every order of an armed account, and reads back what is left.
   * The same `click` is the same wish (E16). Throws REFUSED when the account only watches, NOT_READY while paused or when what is left is unknown.
   */
  closeAll(account: AccountId, click?: string): Promise<Receipt>;
  /** Works a leg out on fresh facts now: see `Proposals`. */
  plan(leg: Leg): Promise<Carried>;
  /** Takes other monitors in place of its own, after a restore; to be reconciled with the venue. */
  replace(monitors: readonly Monitor[]): void;
}
