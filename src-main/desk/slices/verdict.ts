import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import type { VerdictState } from '../../../src-preload/contract/verdict.ts';
import { positionKey } from '../../domain/keys.ts';
import { type PositionSeen, verdictOf } from '../../monitor/rules/verdict.ts';
import type { Parts } from '../parts.ts';
import { accountSeen } from './seen.ts';

/** How long a position that was read stays true without a stream, ms. */
export const positionsTtlMs = (settings: Parts['settings']): number =>
  (settings().ttlSeconds['positions'] ?? 0) * 1000;

const seen = new WeakMap<PositionRow, PositionSeen>();

/** The same row gives the same object: few change from one verdict to the next. */
function seenOf(row: PositionRow): PositionSeen {
  let one = seen.get(row);
  if (!one) {
    one = {
      key: positionKey(row),
      account: row.account,
      protection: row.protection,
      setAside: row.notUnderstood !== null,
    };
    seen.set(row, one);
  }
  return one;
}

/** The one verdict over the rows that are shown. */
export function verdictState(
  parts: Pick<Parts, 'cache' | 'loop' | 'clock' | 'settings'>,
  positions: readonly PositionRow[],
): VerdictState {
  const now = parts.clock.now();
  return verdictOf({
    accounts: parts.cache.accounts.map((account) => accountSeen(parts.cache, account, now)),
    positions: positions.map(seenOf),
    paused: parts.loop.paused() !== null,
    ttlMs: positionsTtlMs(parts.settings),
    now,
  });
}
