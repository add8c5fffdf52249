import type { Alert } from '../../alerts/alerts.ts';
import type { Cache } from '../../cache/cache.ts';
import type { AccountId, Mode } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import type { PositionKey } from '../../domain/keys.ts';
import type { Log } from '../../domain/log.ts';
import type { Playbook } from '../../domain/playbook.ts';
import type { Gateway } from '../../exchange/gateway.ts';
import type { IntentRecord } from '../../persistence/records.ts';
import type { Change, SaveOutcome, SaveReason } from '../../persistence/store.ts';
import type { Carried, Proposals } from '../propose/proposals.ts';
import type { Receipt } from '../rules/closing-plan.ts';
import type { Watch } from '../watch/watch.ts';

export interface ExecutorOptions {
  cache: Cache;
  gateways: ReadonlyMap<AccountId, Gateway>;
  clock: Clock;
  log: Log;
  save: (reason: SaveReason, change: Change) => SaveOutcome;
  modeOf: (account: AccountId) => Mode;
  playbookOf: (account: AccountId) => Playbook;
  /** Asks the operator, where an account proposes; without it, such an account only watches. */
  proposals?: Pick<Proposals, 'offer' | 'lapse'>;
  /** False while the loop is stopped or paused: then nothing is sent. */
  mayAct: () => boolean;
  onAlert: (alert: Alert) => void;
  /** The monitor or its pending work changed. */
  onChange: (watch: Watch) => void;
  /** What was waited for at a position is there: it is to be looked at again. */
  onDue: (key: PositionKey) => void;
}

/**
 * The one that writes, for all who want something of a position: what lies between the facts and what is
 * wanted is worked out and carried out, again and again, until nothing does. Nothing counts as done because
 * it was sent.
 */
export interface Executor {
  /** Works out what a monitor needs now, and does it as far as its account's mode allows. */
  consider(watch: Watch): void;
  /** True when `consider` could send in this very turn. */
  actsAtOnce(watch: Watch): boolean;
  /** Something else may be sent now than before, or is wanted: what was refused is tried again. */
  forget(watch: Watch): void;
  /** Works a monitor out on fresh facts now and, where it proposes, offers it or sends what was approved. */
  plan(watch: Watch): Promise<Carried>;
  /** The monitor's story is over: nothing is wanted of it any more. */
  end(watch: Watch): void;
  /** Closes everything of an account: see `closeAll`. Nothing else is sent there meanwhile. */
  closeAll(account: AccountId, click?: string): Promise<Receipt>;
  /** Asks about the intents of the last run; until each is resolved its symbol is not written to. */
  resume(intents: readonly IntentRecord[]): void;
  /** Resolves when no write is under way. */
  idle(): Promise<void>;
  /** Intents sent so far. */
  readonly sent: number;
}
