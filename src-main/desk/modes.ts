import type { AccountId, Mode } from '../domain/account.ts';
import { Failure } from '../domain/failure.ts';
import type { KeyCheck } from '../exchange/gateway.ts';
import type { AccountRecord } from '../persistence/records.ts';
import type { AccountConfig } from './accounts-file.ts';

/**
 * What an account may do when the desk starts. Nothing that could reach real money is ever armed by a
 * start: only the practice exchange keeps its mode, and a venue on this machine takes its file's word.
 */
export function startingMode(config: AccountConfig, remembered: AccountRecord | undefined): Mode {
  if (config.venue === 'practice') return remembered?.mode ?? config.mode;
  return isOnThisMachine(config) ? config.mode : 'watch';
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

const isOnThisMachine = (config: AccountConfig): boolean =>
  [config.restUrl, config.wsPrivateUrl].every((url) => LOOPBACK.has(new URL(url).hostname));

/**
 * Whether an account may be put into `mode`; throws with the reason when not. Arming needs the
 * account's id typed again and a key that is known to be able to trade and unable to withdraw.
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
  if (mode === 'propose') {
    throw new Failure('NOT_READY', 'Proposals are not available yet. Choose watch or armed.');
  }
  if (request.paused) {
    throw new Failure('NOT_READY', 'Holdfast is paused. Resume first, then arm the account.');
  }
  if (confirm !== account) {
    throw new Failure('NOT_CONFIRMED', `To arm ${account}, type its name: ${account}.`);
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
    throw new Failure('REFUSED', `The key of ${account} is read-only, so it can never be armed.`);
  }
}
