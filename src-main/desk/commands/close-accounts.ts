import type { AccountId } from '../../domain/account.ts';
import { Failure, sentenceOf } from '../../domain/failure.ts';
import type { Receipt } from '../../monitor/rules/closing-plan.ts';
import type { Parts } from '../parts.ts';

/**
 * Closes everything on each of the accounts, side by side: one that fails delays no other. Afterwards
 * all of them only watch, however it went. Resolves with a receipt for each; where nothing could be
 * done, its text says why and its counts are what is known. Throws the first reason when that is so of
 * all of them.
 */
export async function closeAccounts(
  parts: Parts,
  accounts: readonly AccountId[],
  click: string,
): Promise<Receipt[]> {
  const { alerts, cache, clock, keys, loop, modes } = parts;
  const stepFor = (account: AccountId): string => `Close everything on ${account}`;
  const operation = parts.begin({
    what: `Close all on ${new Intl.ListFormat('en').format(accounts)}`,
    author: 'operator',
    accounts,
    steps: accounts.map(stepFor),
  });

  // Each is told, whenever the last one was.
  const tell = (severity: 'critical' | 'info', account: AccountId, text: string): void =>
    alerts.raise({ severity, rule: `close-all ${clock.now()}`, account, symbol: null, text });

  const closeOne = async (account: AccountId): Promise<Receipt> => {
    const key = keys.get(account);
    if (key && (key.readOnly || !key.canTrade))
      throw new Failure(
        'REFUSED',
        `The key of ${account} is read-only, so Holdfast cannot close anything. Close on Bybit.`,
      );
    try {
      const receipt = await loop.closeAll(account, click);
      const left = receipt.positions + receipt.orders > 0;
      if (!left) operation.did(stepFor(account));
      tell(left ? 'critical' : 'info', account, receipt.text);
      return receipt;
    } catch (thrown) {
      // A refusal changed nothing; of anything else it is not known what is left.
      if (!(thrown instanceof Failure && thrown.code === 'REFUSED'))
        tell('critical', account, sentenceOf(thrown));
      throw thrown;
    }
  };

  const outcomes = await Promise.allSettled(accounts.map(closeOne));
  modes.set(accounts, 'watch', { author: 'operator', why: 'close all was used' });
  const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
  const reason: unknown = failed[0]?.reason;
  const changedNothing = failed.every(
    ({ reason: why }) => why instanceof Failure && why.code === 'REFUSED',
  );
  if (failed.length === outcomes.length && changedNothing) operation.rollBack(sentenceOf(reason));
  else {
    operation.commit(
      outcomes
        .map((one) => (one.status === 'fulfilled' ? one.value.text : sentenceOf(one.reason)))
        .join(' '),
    );
  }
  if (failed.length === outcomes.length) throw reason;
  return outcomes.map((outcome, n): Receipt => {
    if (outcome.status === 'fulfilled') return outcome.value;
    const account = accounts[n] ?? '';
    const positions = cache.held(account, 'positions').rows.length;
    const orders = cache.held(account, 'orders').rows.length;
    return { account, positions, orders, text: sentenceOf(outcome.reason) };
  });
}
