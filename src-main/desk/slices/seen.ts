import type { Cache } from '../../cache/cache.ts';
import type { AccountId } from '../../domain/account.ts';
import type { AccountSeen } from '../../monitor/rules/verdict.ts';

/** How well an account's positions and orders are known: told together, for one is nothing without the other. */
export function accountSeen(cache: Cache, account: AccountId, now: number): AccountSeen {
  const positions = cache.held(account, 'positions');
  const orders = cache.held(account, 'orders');
  const { streamReason, restTrouble } = cache.link(account);
  const confirmed = positions.confirmed && orders.confirmed;
  const read =
    positions.asOf === null || orders.asOf === null ? null : Math.min(positions.asOf, orders.asOf);
  return {
    account,
    confirmed,
    // A ready stream is watched for silence, so what it keeps is true now; to the second, for the eye.
    seenAt: confirmed ? Math.floor(now / 1000) * 1000 : read,
    trouble: streamReason ?? (restTrouble && sentence(restTrouble)),
  };
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
