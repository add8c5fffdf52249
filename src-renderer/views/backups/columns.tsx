import type { BackupRow } from '../../../src-preload/contract/backups.ts';
import type { Column } from '../../parts/data-table/columns.ts';
import { Badge } from '../../parts/figures/badge.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { bytes } from '../../parts/number-text.ts';
import { ago, clockMinute, day, dayAndClock } from '../../parts/time-text.ts';
import { useNow } from '../../state/use-desk.tsx';
import { className, countWords, words } from './words.ts';

export const backupColumns: readonly Column<BackupRow>[] = [
  {
    id: 'when',
    name: words.columns.when,
    width: 196,
    fixed: true,
    value: ({ madeAt }) => madeAt,
    cell: ({ madeAt }) => <When at={madeAt} />,
  },
  {
    id: 'kind',
    name: words.columns.kind,
    width: 134,
    value: (backup) => className[backup.class],
    cell: (backup) => (
      <>
        <Badge tone={backup.class.startsWith('before') ? 'accent' : 'plain'}>
          {className[backup.class]}
        </Badge>{' '}
        {backup.pinned && <Badge>{words.pinned}</Badge>}
      </>
    ),
  },
  {
    id: 'why',
    name: words.columns.why,
    width: 150,
    value: ({ note, reason }) => note ?? reason,
    cell: ({ note, reason }) => (
      <Text tone="mute" title={note ?? reason}>
        {note ? `“${note}”` : reason}
      </Text>
    ),
  },
  {
    id: 'size',
    name: words.columns.size,
    width: 76,
    numeric: true,
    value: ({ storedSize }) => storedSize,
    cell: ({ storedSize, newSize }) => (
      <Text title={words.shared(bytes(newSize))}>{bytes(storedSize)}</Text>
    ),
  },
  {
    id: 'inside',
    name: words.columns.inside,
    width: 190,
    // Where the list is narrow it gives way: the panel beside it says so.
    yields: 1,
    cell: ({ counts }) => <Text tone="mute">{countWords(counts)}</Text>,
  },
  {
    id: 'verified',
    name: words.columns.verified,
    width: 108,
    value: ({ verifiedAt }) => verifiedAt ?? undefined,
    cell: (backup) => <Verified backup={backup} />,
  },
];

function When({ at }: { at: number }) {
  const now = useNow();
  return (
    <>
      <b>{dayAndClock(at, now)}</b> <Text tone="faint">{ago(at, now)}</Text>
    </>
  );
}

function Verified({ backup: { verifyError, verified, verifiedAt } }: { backup: BackupRow }) {
  const now = useNow();
  if (verifyError) {
    return (
      <Badge tone="red" title={verifyError}>
        {words.damaged}
      </Badge>
    );
  }
  if (!verified || verifiedAt === null) return <Text tone="amber">{words.notYet}</Text>;
  const when = day(verifiedAt, now);
  return (
    <Text tone="up">
      ✓ {when === 'Yesterday' ? words.yesterday : when || clockMinute(verifiedAt)}
    </Text>
  );
}
