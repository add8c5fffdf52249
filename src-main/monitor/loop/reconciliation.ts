import type { AccountId } from '../../domain/account.ts';
import { plural } from '../../domain/words.ts';
import type { Begin, Operation } from '../../persistence/write/operations.ts';

interface Found {
  operation: Operation | null;
  adopted: number;
  ended: number;
  /** Of these, what the operation has not been told yet. */
  untold: { adopted: number; ended: number };
}

/**
 * What the first look at each account, after a start or a restore, changes in several monitors: one
 * operation an account, begun with the first of them; an account that is as it was has none.
 */
export class Reconciliation {
  readonly #begin: Begin;
  /** Accounts that have not been looked at whole yet. */
  readonly #open = new Map<AccountId, Found>();

  constructor(begin: Begin) {
    this.#begin = begin;
  }

  /** From now on, what is found on these is what went on without us. */
  startOver(accounts: readonly AccountId[]): void {
    this.stop();
    for (const account of accounts) {
      const untold = { adopted: 0, ended: 0 };
      this.#open.set(account, { operation: null, adopted: 0, ended: 0, untold });
    }
  }

  found(account: AccountId, what: 'adopted' | 'ended'): void {
    const found = this.#open.get(account);
    if (!found) return;
    found[what]++;
    found.untold[what]++;
    found.operation ??= this.#begin({
      what: `Reconcile ${account} with the exchange`,
      author: 'desk',
      accounts: [account],
    });
  }

  /** The account was looked at whole. */
  isSettled = (account: AccountId): boolean => !this.#open.has(account);

  /** What was found so far is saved. */
  saved(): void {
    for (const { operation, untold } of this.#open.values()) {
      if (untold.adopted + untold.ended === 0) continue;
      operation?.did(sentence(untold));
      untold.adopted = untold.ended = 0;
    }
  }

  /** Ends it for every account that is looked at whole. */
  settle(isSettled: (account: AccountId) => boolean): void {
    for (const [account, found] of this.#open) {
      if (!isSettled(account)) continue;
      this.#open.delete(account);
      found.operation?.commit(sentence(found));
    }
  }

  /** Ends it where it is. */
  stop(): void {
    for (const found of this.#open.values())
      found.operation?.commit(`${sentence(found)} The next start looks at the rest.`);
    this.#open.clear();
  }
}

function sentence({ adopted, ended }: { adopted: number; ended: number }): string {
  return [
    adopted > 0 && `Adopted ${plural(adopted, 'position')}.`,
    ended > 0 && `Stopped watching ${plural(ended, 'position')} that had closed.`,
  ]
    .filter(Boolean)
    .join(' ');
}
