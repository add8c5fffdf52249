import type { Cache } from '../../cache/cache.ts';
import type { EquityRecord } from '../../persistence/records.ts';

/** One sample per account whose equity is known and fresh. */
export function equitySamples(cache: Cache, now: number): EquityRecord[] {
  return cache.accounts.flatMap((account) => {
    const held = cache.held(account, 'wallet');
    const wallet = held.rows[0];
    if (!held.fresh || !wallet || wallet.equity === null) return [];
    const { equity, available, unrealisedPnl } = wallet;
    return [{ account, at: now, equity, available, unrealisedPnl }];
  });
}
