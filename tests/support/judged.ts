import { positionKey } from '../../src-main/domain/keys.ts';
import { judge, profitIfStopped } from '../../src-main/monitor/rules/protection.ts';
import { verdictOf } from '../../src-main/monitor/rules/verdict.ts';
import type { AccountRow } from '../../src-preload/contract/accounts.ts';
import type { PositionRow } from '../../src-preload/contract/positions.ts';
import type { VerdictState } from '../../src-preload/contract/verdict.ts';
import type { Side } from '../../src-preload/contract/words.ts';

/** What the desk judges of a row from its other columns. */
type Judged =
  | 'protection'
  | 'profitIfStopped'
  | 'doubtful'
  | 'notUnderstood'
  | 'contractTrouble'
  | 'needs';

/** A row of which everything is understood. */
export type KnownRow = PositionRow & { side: Side; size: string };

/** The row as the desk would judge it. */
export function judged(row: Omit<PositionRow, Judged>): KnownRow {
  const { side, size } = row;
  if (side === null || size === null) throw new Error('a row that is not understood');
  const of = { ...row, side, size, covered: row.protectedSize };
  return {
    ...row,
    side,
    size,
    protection: judge(of),
    profitIfStopped: profitIfStopped(of),
    doubtful: false,
    notUnderstood: null,
    contractTrouble: null,
    needs: null,
  };
}

/** What the desk would say of these rows, all of them known. */
export const verdictOfRows = (
  accounts: readonly AccountRow[],
  positions: readonly PositionRow[],
  how: { paused: boolean; now: number },
): VerdictState =>
  verdictOf({
    accounts: accounts.map(({ id, asOf, streamState, streamReason }) => ({
      account: id,
      confirmed: streamState === 'ready',
      seenAt: asOf,
      trouble: streamReason,
    })),
    positions: positions.map((row) => ({
      key: positionKey(row),
      account: row.account,
      protection: row.protection,
      setAside: row.notUnderstood !== null,
    })),
    ttlMs: 15_000,
    ...how,
  });
