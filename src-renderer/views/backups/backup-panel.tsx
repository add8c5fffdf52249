import type { BackupRow, BackupSourceRow } from '../../../src-preload/contract/backups.ts';
import { Figure } from '../../parts/figure.tsx';
import { bytes, count } from '../../parts/number-text.ts';
import { clock, day } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import { Undoes, usePreview } from './preview.tsx';
import { className, countName, sourceName } from './words.ts';

/** What one backup holds, what restoring it would undo, and what can be done with it. */
export function BackupPanel({
  backup,
  source,
  onClose,
}: {
  backup: BackupRow;
  source: BackupSourceRow;
  onClose: () => void;
}) {
  const { ask, run } = useActions();
  const preview = usePreview(backup.id);
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
          SHA‑256{' '}
          <span className="mono" title={backup.sha256}>
            {backup.sha256.slice(0, 4)}…{backup.sha256.slice(-4)}
          </span>
        </p>
        <button type="button" className="btn small plain close" onClick={onClose}>
          Close
        </button>
      </header>
      <div className="scroll" tabIndex={0} role="group" aria-label="Details">
        {backup.verifyError && (
          <section className="sec">
            <h3>Damaged</h3>
            <p className="bad">{backup.verifyError}</p>
          </section>
        )}
        <section className="sec">
          <h3>If you restore this</h3>
          <Undoes preview={preview} backup={backup} source={source} />
        </section>
        <section className="sec">
          <h3>Inside</h3>
          <div className="facts">
            {Object.entries(backup.counts).map(([name, n]) => (
              <Figure key={name} name={countName(name)}>
                {count(n)}
              </Figure>
            ))}
            {backup.newestEventAt !== null && (
              <Figure name="Newest event">{clock(backup.newestEventAt)}</Figure>
            )}
            <Figure name="Version">{backup.programVersion}</Figure>
            {backup.schemaVersion !== null && <Figure name="Schema">{backup.schemaVersion}</Figure>}
          </div>
          {preview?.ok && preview.value.head && (
            <pre className="head mono">{preview.value.head}</pre>
          )}
        </section>
        <section className="sec">
          <h3>What the policy does with it</h3>
          <p className={backup.fate.keep ? 'mute' : 'amber'}>{backup.fate.why}</p>
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
          onClick={() => ask({ what: 'restore', backup, source })}
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
        <button type="button" className="btn" onClick={() => ask({ what: 'export', backup })}>
          Export…
        </button>
        <button
          type="button"
          className="btn danger"
          onClick={() => ask({ what: 'delete', backup })}
        >
          Delete…
        </button>
      </footer>
    </aside>
  );
}
