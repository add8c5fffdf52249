import { useEffect, useState } from 'react';
import type {
  Answer,
  BackupPreview,
  BackupRow,
  BackupSourceRow,
} from '../../../src-preload/contract.ts';
import { Figure } from '../../parts/figure.tsx';
import { bytes, count, DASH } from '../../parts/number-text.ts';
import { clock, day } from '../../parts/time-text.ts';
import { useActions } from '../../state/actions.tsx';
import { useDesk } from '../../state/desk-context.tsx';
import { useNow } from '../../state/now.ts';
import type { Asking } from './dialogs.tsx';
import { className, countName, goesBack, lossLines, sourceName } from './words.ts';

/** What one backup holds, what restoring it would undo, and what can be done with it. */
export function BackupPanel({
  backup,
  source,
  onAsk,
  onClose,
}: {
  backup: BackupRow;
  source: BackupSourceRow;
  onAsk: (asking: Asking) => void;
  onClose: () => void;
}) {
  const { run } = useActions();
  const preview = usePreview(backup);
  const now = useNow();
  const { id, pinned } = backup;
  return (
    <aside className="side" aria-label="Chosen backup">
      <header>
        <h2>
          {day(backup.madeAt, now) || 'Today'}, {clock(backup.madeAt)}
        </h2>
        <p className="mute">
          {className[backup.class]} · {bytes(backup.storedSize)} stored of {bytes(backup.size)} ·
          SHA-256{' '}
          <span className="mono" title={backup.sha256}>
            {backup.sha256.slice(0, 4)}…{backup.sha256.slice(-4)}
          </span>
        </p>
        <button type="button" className="btn small plain close" onClick={onClose}>
          Close
        </button>
      </header>
      <div className="scroll">
        {backup.verifyError && (
          <section className="sec">
            <h3>Damaged</h3>
            <p className="bad">{backup.verifyError}</p>
          </section>
        )}
        <section className="sec">
          <h3>If you restore this</h3>
          <Undoes preview={preview} source={source} />
        </section>
        <section className="sec">
          <h3>Inside</h3>
          <div className="facts">
            {Object.entries(backup.counts).map(([name, n]) => (
              <Figure key={name} name={countName(name)}>
                {count(n)}
              </Figure>
            ))}
            <Figure name="Newest event">
              {backup.newestEventAt === null ? DASH : clock(backup.newestEventAt)}
            </Figure>
            <Figure name="Version">{backup.programVersion}</Figure>
            <Figure name="Schema">{backup.schemaVersion ?? DASH}</Figure>
          </div>
          {preview?.ok && preview.value.head && (
            <pre className="head mono">{preview.value.head}</pre>
          )}
        </section>
        <section className="sec">
          <h3>What the policy does with it</h3>
          <p className="mute">
            <b className={backup.fate.keep ? '' : 'amber'}>
              {backup.fate.keep ? 'Kept' : 'Goes next'}
            </b>
            : {backup.fate.why}
          </p>
        </section>
        <section className="sec">
          <h3>How a restore goes</h3>
          <p className="mute">
            {source.kind === 'database' ? (
              <>
                The monitor loop stops, the state of now is kept as an undo point, this backup is
                checked again and put in place, then everything is compared with the exchange. All
                accounts resume in <b>watch</b>; you arm them again yourself.
              </>
            ) : (
              <>
                The file of now is kept beside it as <b>{sourceName(source)}.current</b>, this
                version is written, read back, hashed and counted. The positions and their monitors
                are not touched.
              </>
            )}
          </p>
        </section>
      </div>
      <footer className="sec row-of-buttons">
        <button
          type="button"
          className="btn primary"
          disabled={backup.verifyError !== null}
          onClick={() =>
            onAsk({ what: 'restore', backup, source, preview: preview?.ok ? preview.value : null })
          }
        >
          Restore…
        </button>
        <button
          type="button"
          className="btn"
          onClick={() =>
            void run('backups.verify', { id }, (row) =>
              row.verified
                ? 'Verified: hash, structure and counts are right.'
                : (row.verifyError ?? 'Not verified.'),
            )
          }
        >
          Verify
        </button>
        <button
          type="button"
          className="btn"
          aria-pressed={pinned}
          onClick={() =>
            void run(pinned ? 'backups.unpin' : 'backups.pin', { id }, () =>
              pinned ? 'No longer pinned: the policy decides.' : 'Pinned: it is never rotated out.',
            )
          }
        >
          {pinned ? 'Unpin' : 'Pin'}
        </button>
        <button type="button" className="btn" onClick={() => onAsk({ what: 'export', backup })}>
          Export…
        </button>
        <button
          type="button"
          className="btn danger"
          onClick={() => onAsk({ what: 'delete', backup })}
        >
          Delete…
        </button>
      </footer>
    </aside>
  );
}

/** The preview, asked for when a backup is chosen and again after it was checked anew. */
function usePreview({ id, verifiedAt }: BackupRow): Answer<BackupPreview> | null {
  const { client } = useDesk();
  const [preview, setPreview] = useState<Answer<BackupPreview> | null>(null);
  useEffect(() => {
    let wanted = true;
    void client.call('backups.show', { id }).then((answer) => {
      if (wanted) setPreview(answer);
    });
    return () => {
      wanted = false;
    };
  }, [client, id, verifiedAt]);
  return preview;
}

export function Undoes({
  preview,
  source,
}: {
  preview: Answer<BackupPreview> | null;
  source: BackupSourceRow;
}) {
  if (!preview) return <p className="mute">Comparing with now…</p>;
  if (!preview.ok) return <p className="bad">{preview.error.message}</p>;
  const { value } = preview;
  if (value.problem) return <p className="bad">{value.problem}</p>;
  const lines = lossLines(value);
  return (
    <>
      <p>
        <b>{goesBack(value)}</b>{' '}
        {lines.length === 0 &&
          source.kind === 'database' &&
          'No monitor and no trade differs from now.'}
      </p>
      <ul className="losses">
        {lines.map(({ mark, tone, text }) => (
          <li key={text}>
            <span className={tone}>{mark}</span>
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
