import type { AccountRow } from '../../../src-preload/contract/accounts.ts';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { rowKeys } from '../../../src-preload/contract/slices.ts';
import { STALE_MS } from '../../parts/age.tsx';

/** An account whose positions may no longer be as they are shown. */
export interface Doubt {
  account: string;
  /** The oldest of what is shown of it, ms since 1970 UTC; `null` when it was never read. */
  seenAt: number | null;
}

type Seen = Pick<AccountRow, 'streamState' | 'asOf'>;

/**
 * Whether a fact seen at `at` is not certain any more. A ready stream tells of every change, so a quiet
 * fact stays true; without one it is known only as long as a reading lasts, `ttlMs`.
 */
const isDoubtful = (
  streamState: AccountRow['streamState'],
  at: number,
  ttlMs: number,
  now: number,
) => streamState !== 'ready' && now - at > ttlMs;

/** Whether a position may no longer be as it is shown. */
function isPositionDoubtful(
  row: PositionRow,
  account: Seen | undefined,
  ttlMs: number,
  now: number,
): boolean {
  if (!account || account.asOf === null || now - account.asOf > STALE_MS) return true;
  return isDoubtful(account.streamState, Math.min(row.asOf, account.asOf), ttlMs, now);
}

const none: ReadonlySet<string> = new Set();

/** Keys of the positions that may no longer be as they are shown; the same empty set while all is certain. */
export function doubtfulKeys(
  accounts: readonly AccountRow[] | null,
  positions: readonly PositionRow[] | null,
  ttlMs: number,
  now: number,
): ReadonlySet<string> {
  if (!accounts || !positions) return none;
  const byId = new Map(accounts.map((account) => [account.id, account]));
  const doubtful = positions.filter((row) =>
    isPositionDoubtful(row, byId.get(row.account), ttlMs, now),
  );
  return doubtful.length === 0 ? none : new Set(doubtful.map(rowKeys.positions));
}

/** The accounts whose positions may no longer be as they are shown. */
export function doubtsOf(
  accounts: readonly AccountRow[],
  positions: readonly PositionRow[],
  ttlMs: number,
  now: number,
): Doubt[] {
  return accounts.flatMap(({ id, asOf, streamState }): Doubt[] => {
    if (asOf === null) return [{ account: id, seenAt: null }];
    const seenAt = positions.reduce(
      (at, row) => (row.account === id && row.asOf > 0 ? Math.min(at, row.asOf) : at),
      asOf,
    );
    if (now - asOf > STALE_MS || isDoubtful(streamState, seenAt, ttlMs, now))
      return [{ account: id, seenAt }];
    return [];
  });
}
