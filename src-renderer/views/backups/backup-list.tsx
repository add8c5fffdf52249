import type { KeyboardEvent } from 'react';
import type {
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import { bytes } from '../../parts/number-text.ts';
import { ago, clockMinute, day, dayAndClock } from '../../parts/time-text.ts';
import { useActions, useNow, useRows } from '../../state/use-desk.tsx';
import { className, countWords, vaultVerdict } from './words.ts';

/** The backups of one source, newest first. */
export function BackupList({
  state,
  source,
  backups,
  chosen,
  onChoose,
}: {
  state: BackupsState;
  source: BackupSourceRow | null;
  backups: readonly BackupRow[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const { ask, run } = useActions();
  const now = useNow();
  const monitors = useRows('monitors')?.size ?? null;
  const verdict = vaultVerdict(state, monitors, now);
  const newest = state.backups.reduce((at, { madeAt }) => Math.max(at, madeAt), 0);

  const walk = (event: KeyboardEvent<HTMLTableRowElement>, index: number): void => {
    const moves: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      Home: 0,
      End: backups.length - 1,
    };
    const to = moves[event.key];
    if (event.key === 'Escape') onChoose(null);
    else if (event.key === 'Enter' || event.key === ' ') onChoose(backups[index]?.id ?? null);
    else if (to !== undefined && backups[to]) {
      onChoose(backups[to].id);
      const row = event.currentTarget.parentElement?.children[to];
      if (row instanceof HTMLElement) row.focus();
    } else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="verdict">
        <h1 className={verdict.tone === 'bad' ? 'bad' : verdict.tone === 'look' ? 'amber' : ''}>
          {verdict.text}
        </h1>
        {newest > 0 && <span className="mute">Newest {ago(newest, now)}</span>}
        <div className="tools">
          <button type="button" className="btn" onClick={() => ask({ what: 'policy' })}>
            What is kept…
          </button>
          <button
            type="button"
            className="btn primary"
            disabled={state.running !== null || source === null}
            onClick={() => source && ask({ what: 'create', source })}
          >
            Back up now
          </button>
        </div>
      </div>
      {backups.length === 0 ? (
        <div className="empty">
          <h2>No backup of this source yet.</h2>
          <p>
            One is made as soon as something has changed, or{' '}
            <button
              type="button"
              className="link"
              onClick={() =>
                source &&
                void run('backups.create', { source: source.id }, () => 'Backed up and verified.')
              }
            >
              now
            </button>
            .
          </p>
        </div>
      ) : (
        <div className="backup-table">
          <table className="plain-table" role="grid" aria-label="Backups">
            <thead>
              <tr>
                <th scope="col">When</th>
                <th scope="col">Kind</th>
                <th scope="col">Why</th>
                <th scope="col" className="num">
                  Size
                </th>
                <th scope="col">Inside</th>
                <th scope="col">Verified</th>
              </tr>
            </thead>
            <tbody>
              {backups.map((backup, index) => (
                <tr
                  key={backup.id}
                  tabIndex={chosen === backup.id || (chosen === null && index === 0) ? 0 : -1}
                  aria-selected={chosen === backup.id}
                  onClick={() => onChoose(backup.id)}
                  onKeyDown={(event) => walk(event, index)}
                >
                  <td>
                    <b>{dayAndClock(backup.madeAt, now)}</b>{' '}
                    <span className="faint">{ago(backup.madeAt, now)}</span>
                  </td>
                  <td>
                    <span className={backup.class.startsWith('before') ? 'tag amber' : 'tag'}>
                      {className[backup.class]}
                    </span>{' '}
                    {backup.pinned && <span className="tag">pinned</span>}
                  </td>
                  <td className="mute why">{backup.note ? `“${backup.note}”` : backup.reason}</td>
                  <td className="num">{bytes(backup.storedSize)}</td>
                  <td className="mute">{countWords(backup.counts)}</td>
                  <td>
                    <Verified backup={backup} now={now} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Verified({ backup, now }: { backup: BackupRow; now: number }) {
  if (backup.verifyError) {
    return (
      <span className="tag red" title={backup.verifyError}>
        damaged
      </span>
    );
  }
  if (!backup.verified || backup.verifiedAt === null) return <span className="amber">not yet</span>;
  const when = day(backup.verifiedAt, now);
  return (
    <span className="up">
      ✓ {when === 'Yesterday' ? 'yesterday' : when || clockMinute(backup.verifiedAt)}
    </span>
  );
}
