import type { AccountId, Mode } from '../../domain/account.ts';
import { Failure } from '../../domain/failure.ts';
import type { KeyCheck } from '../../exchange/gateway.ts';
import type { AccountRecord } from '../../persistence/records.ts';
import type { OperationAbout, SaveOutcome, Store } from '../../persistence/store.ts';
import type { AccountConfig } from './accounts-file.ts';
import type { DisarmedFile } from './disarmed-file.ts';

/**
 * What an account may do when the desk starts. Nothing that could reach real money is ever armed by a
 * start. The practice exchange keeps its mode; another venue on this machine takes its file's word, but
 * never does more than the operator last allowed. While a restore waits to be resumed nothing is armed.
 */
export function startingMode(
  config: AccountConfig,
  remembered: AccountRecord | undefined,
  paused: boolean,
): Mode {
  if (paused) return 'watch';
  if (config.venue === 'practice') return remembered?.mode ?? config.mode;
  if (!isOnThisMachine(config)) return 'watch';
  return safest(config.mode, remembered?.mode ?? config.mode);
}

const BOLDEST_LAST: readonly Mode[] = ['watch', 'propose', 'armed'];

const safest = (a: Mode, b: Mode): Mode =>
  BOLDEST_LAST.indexOf(a) <= BOLDEST_LAST.indexOf(b) ? a : b;

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const isOnThisMachine = (config: AccountConfig): boolean =>
  [config.restUrl, config.wsPrivateUrl].every((url) => LOOPBACK.has(new URL(url).hostname));

/** What each account may do now. */
export interface Modes {
  of(account: AccountId): Mode;
  /**
   * Puts the accounts into `mode`, all or none, saved at once. To do more than before and not be saved is
   * refused (throws what the disk says); to do less is in force whatever the disk says, and `kept` until
   * saved: until then a restart only watches.
   */
  set(accounts: readonly AccountId[], mode: Mode, by: ModeChange): SaveOutcome;
}

/** Who wanted a change of mode, and why where it follows from something else. */
export interface ModeChange {
  author: OperationAbout['author'];
  why?: string;
}

/** Keeps and saves the modes; to start with, those that `startingMode` gives. */
export function createModes(options: {
  configs: readonly AccountConfig[];
  remembered: readonly AccountRecord[];
  paused: boolean;
  /** Where a disarming is kept that the disk has no room for. */
  disarmed: DisarmedFile;
  operation: Store['operation'];
  onChange: (accounts: readonly AccountId[]) => void;
}): Modes {
  const { configs, disarmed, remembered } = options;
  const modes = new Map(
    configs.map((config) => {
      const before = remembered.find(({ id }) => id === config.id);
      const rests = options.paused || disarmed.accounts.has(config.id);
      return [config.id, startingMode(config, before, rests)];
    }),
  );
  const of = (account: AccountId): Mode => modes.get(account) ?? 'watch';

  /** Saves the modes of the accounts under one operation. */
  function save(
    changed: readonly AccountConfig[],
    modeOf: (account: AccountId) => Mode,
    told: Pick<OperationAbout, 'what' | 'author' | 'summary' | 'onRefusal'>,
  ): SaveOutcome {
    const about = { ...told, reason: 'mode', accounts: changed.map(({ id }) => id) } as const;
    const outcome = options.operation(about, (add) =>
      add({
        accounts: changed.map(({ id, role, venue }) => ({ id, role, venue, mode: modeOf(id) })),
      }),
    );
    if (outcome === 'durable') disarmed.remove(about.accounts);
    return outcome;
  }

  save(configs, of, {
    what: 'Set the modes at the start',
    author: 'desk',
    summary: configs.map(({ id }) => sentenceFor([id], of(id))).join(' '),
    onRefusal: 'keep',
  });
  return {
    of,
    set(accounts, mode, { author, why }) {
      const changed = configs.filter(({ id }) => accounts.includes(id));
      const ids = changed.map(({ id }) => id);
      const lowers = ids.every((id) => safest(of(id), mode) === mode);
      const told = {
        what: `${changeOf(ids, mode)}${why === undefined ? '' : `: ${why}`}`,
        author,
        summary: sentenceFor(ids, mode),
      };
      const inForce = (): void => {
        for (const id of ids) modes.set(id, mode);
      };
      if (lowers) inForce();
      const outcome = save(changed, () => mode, {
        ...told,
        onRefusal: lowers ? 'keep' : 'roll-back',
      });
      inForce();
      if (outcome === 'kept') disarmed.add(ids);
      options.onChange(ids);
      return outcome;
    },
  };
}

const listOf = (accounts: readonly AccountId[]): string =>
  new Intl.ListFormat('en').format(accounts);

function changeOf(accounts: readonly AccountId[], mode: Mode): string {
  const names = listOf(accounts);
  if (mode === 'propose') return `Have ${names} propose`;
  return `${mode === 'armed' ? 'Arm' : 'Disarm'} ${names}`;
}

function sentenceFor(accounts: readonly AccountId[], mode: Mode): string {
  const verb = { watch: 'are in watch mode', propose: 'propose', armed: 'are armed' }[mode];
  const one = { watch: 'is in watch mode', propose: 'proposes', armed: 'is armed' }[mode];
  return `${listOf(accounts)} ${accounts.length === 1 ? one : verb}.`;
}

/**
 * Whether an account may be put into `mode`; throws with the reason when not. To do more than watch needs a
 * key that is known to be able to trade and unable to withdraw; arming needs the account's id typed again.
 */
export function checkModeChange(request: {
  account: AccountId;
  mode: Mode;
  confirm: string | undefined;
  key: KeyCheck | null;
  paused: boolean;
}): void {
  const { account, mode, confirm, key } = request;
  if (mode === 'watch') return;
  const armed = mode === 'armed';
  if (request.paused) {
    const then = armed ? 'then arm the account' : 'then let the account propose';
    throw new Failure('NOT_READY', `Holdfast is paused. Resume first, ${then}.`);
  }
  if (armed && confirm !== account) {
    throw new Failure('NOT_CONFIRMED', `To arm ${account}, type its name, ${account}, to confirm.`);
  }
  if (!key) {
    throw new Failure(
      'NOT_READY',
      `The key of ${account} has not been checked yet. Try again in a moment.`,
    );
  }
  if (key.canWithdraw) {
    throw new Failure(
      'REFUSED',
      `The key of ${account} may withdraw funds. Use a key without that right.`,
    );
  }
  if (key.readOnly || !key.canTrade) {
    const so = armed
      ? 'so the account cannot be armed'
      : 'so what you approve could not be sent. In watch mode Holdfast says what it would do';
    throw new Failure(
      'REFUSED',
      `The key of ${account} is read-only, ${so}. Use a key that may trade.`,
    );
  }
}
