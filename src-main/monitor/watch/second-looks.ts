import type { Cache } from '../../cache/cache.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../domain/clock.ts';
import { sentenceOf } from '../../domain/failure.ts';
import type { Log } from '../../domain/log.ts';
import type { Watch } from './watch.ts';

/** An order of unknown end is asked about at most this often, ms. */
const ASK_AGAIN_MS = 30_000;
/** An account's positions are read whole for a second look at most this often, ms. */
const LOOK_AGAIN_MS = 2_000;

/** Questions to the venue about what seems gone, before anything is concluded from it (P19, P58). */
export interface SecondLooks {
  /** An own order that vanished from the book: how did it end? The answer goes into the book. */
  askAbout(watch: Watch, orderId: string): void;
  /** A position that is missing: one more whole read. */
  lookAgain(account: AccountId): void;
}

export function createSecondLooks(options: {
  cache: Cache;
  clock: Clock;
  log: Log;
  /** What was answered is to be looked at: those watches are judged again. */
  again: (about: (watch: Watch) => boolean) => void;
}): SecondLooks {
  const { cache, clock, log } = options;
  const lookedAt = new Map<AccountId, number>();

  return {
    askAbout(watch, orderId) {
      const { account, symbol } = watch.monitor;
      if (watch.asking.has(orderId)) return;
      watch.asking.add(orderId);
      clock.after(ASK_AGAIN_MS, () => watch.asking.delete(orderId));
      void (async () => {
        try {
          const answer = await cache.askOrder(account, { symbol, orderId });
          if (answer.state !== 'empty') return;
          watch.notFound.set(orderId, (watch.notFound.get(orderId) ?? 0) + 1);
          options.again((one) => one === watch);
        } catch (thrown) {
          log.warn('An order could not be looked up.', { orderId, why: sentenceOf(thrown) });
        }
      })();
    },
    lookAgain(account) {
      const last = lookedAt.get(account);
      if (last !== undefined && clock.now() - last < LOOK_AGAIN_MS) return;
      lookedAt.set(account, clock.now());
      void (async () => {
        await cache.lookAgain(account);
        options.again(({ absence, monitor }) => absence !== null && monitor.account === account);
      })();
    },
  };
}
