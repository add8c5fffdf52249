import type { BackupsState } from '../../../src-preload/contract/backups.ts';
import { ago } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';

/** What is going on in the vault now, and a restore that can still be taken back. */
export function VaultBanners({ state }: { state: BackupsState }) {
  const { ask, run } = useActions();
  const now = useNow();
  const { running, undo } = state;
  return (
    <>
      {running && (
        <div className="banner running">
          <b>{running.what}</b>
          <span>{running.step}</span>
          <Progress running={running} />
          <button
            type="button"
            className="btn small"
            onClick={() =>
              void run('backups.cancel', {}, ({ cancelled }) =>
                cancelled ? 'Cancelled; nothing was changed.' : 'It was too late to cancel.',
              )
            }
          >
            Cancel
          </button>
        </div>
      )}
      {undo && !running && (
        <div className="banner">
          <span>Restored {ago(undo.restoredAt, now)}. The state from before is kept.</span>
          <button type="button" className="btn small" onClick={() => ask({ what: 'undo' })}>
            Undo the restore…
          </button>
        </div>
      )}
    </>
  );
}

export function Progress({ running }: { running: NonNullable<BackupsState['running']> }) {
  const { step, done, total } = running;
  return (
    <div
      className="meter"
      role="progressbar"
      aria-label={step}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <i style={{ width: `${total > 0 ? (done / total) * 100 : 0}%` }} />
    </div>
  );
}
