import type { BackupRow, BackupsState } from '../../src-preload/contract/backups.ts';
import type { BackupClass } from '../../src-preload/contract/words.ts';

const hour = 3_600_000;
const minute = 60_000;

/** A vault with ten versions of the state and a few of two protected files. */
export function fixtureVault(now: number): BackupsState {
  const backup = (
    source: string,
    n: number,
    madeAt: number,
    kindOf: BackupClass,
    counts: Record<string, number>,
    size: number,
  ): BackupRow => ({
    id: `${source}-${n}`,
    source,
    file: `${source}.20261120_1${n}0000.backup`,
    class: kindOf,
    reason: {
      routine: 'state changed',
      latest: 'state changed',
      manual: 'asked for',
      'before-restore': 'undo point',
      'before-upgrade': '0.1.0 → 0.1.1',
    }[kindOf],
    madeAt,
    size,
    storedSize: Math.round(size * 0.21),
    newSize: Math.round(size * 0.01),
    sha256: '9f3a51d07be2446a8c60f2e1b7a4c21e9f3a51d07be2446a8c60f2e1b7a4c21e',
    counts,
    newestEventAt: madeAt - 9_000,
    programVersion: '0.1.1',
    schemaVersion: source === 'state' ? 7 : null,
    verifiedAt: madeAt + 800,
    verified: true,
    verifyError: null,
    pinned: kindOf === 'manual',
    note: kindOf === 'manual' ? 'before changing the TP split' : null,
    fate: {
      keep: n < 9,
      why: n < 9 ? 'Kept: among the newest 10.' : 'Goes: older than the newest 10.',
    },
  });
  const stateCounts = (n: number) => ({
    monitors: 60 - n,
    openTrades: 41 - n,
    executions: 18_204 - n * 210,
  });
  const kinds = [
    'routine',
    'before-restore',
    'routine',
    'routine',
    'manual',
    'before-upgrade',
    'routine',
    'routine',
    'routine',
    'routine',
  ] as const;
  const ages = [4, 5, 19, 34, 96, 190, 11 * 60, 26 * 60, 50 * 60, 76 * 60];

  return {
    goesAt: {},
    second: null,
    sources: [
      {
        id: 'state',
        kind: 'database',
        path: '/home/op/holdfast/holdfast.db',
        lastVersionAt: now - 4 * minute,
        versions: 10,
        storedSize: 9_600_000,
        nextDueAt: now + 11 * minute,
        lastFailure: null,
      },
      {
        id: 'signal',
        kind: 'file',
        path: '/home/op/bot/signal_experiences_v2.json',
        lastVersionAt: now - hour,
        versions: 3,
        storedSize: 33_100_000,
        nextDueAt: null,
        lastFailure: null,
      },
      {
        id: 'exit',
        kind: 'file',
        path: '/home/op/bot/exit_experiences_v2.json',
        lastVersionAt: now - 5 * hour,
        versions: 2,
        storedSize: 54_600_000,
        nextDueAt: null,
        lastFailure: null,
      },
    ],
    backups: [
      ...kinds.map((kindOf, n) =>
        backup(
          'state',
          n,
          now - (ages[n] ?? 0) * minute,
          kindOf,
          stateCounts(n),
          9_100_000 - n * 120_000,
        ),
      ),
      ...[1, 9, 22].map((h, n) =>
        backup(
          'signal',
          n,
          now - h * hour,
          'routine',
          { experiences: 12_538 - n * 31 },
          31_400_000,
        ),
      ),
      ...[5, 30].map((h, n) =>
        backup('exit', n, now - h * hour, 'routine', { experiences: 3_769 - n * 12 }, 51_000_000),
      ),
    ],
    totalSize: 97_300_000,
    sizeLimit: 500_000_000,
    running: null,
    undo: null,
    paused: null,
  };
}
