import { useState } from 'react';
import type {
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { clock, day } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import { Progress } from './banners.tsx';
import { Undoes, usePreview } from './preview.tsx';
import { sourceName } from './words.ts';

/** Says what a restore undoes before it is done; the focus is on Cancel. Shows its steps while it runs. */
export function RestoreDialog({
  backup,
  source,
  state,
  onClose,
}: {
  backup: BackupRow;
  source: BackupSourceRow;
  state: BackupsState;
  onClose: () => void;
}) {
  const { call } = useActions();
  const preview = usePreview(backup.id);
  const now = useNow();
  const [phase, setPhase] = useState<'asking' | 'running' | 'done' | 'failed'>('asking');
  const [outcome, setOutcome] = useState('');

  const restore = async (): Promise<void> => {
    setPhase('running');
    const answer = await call('backups.restore', { id: backup.id, confirm: backup.id });
    setPhase(answer.ok ? 'done' : 'failed');
    setOutcome(answer.ok ? answer.value.text : answer.error.message);
  };

  const when = `${(day(backup.madeAt, now) || 'today').toLowerCase()} at ${clock(backup.madeAt)}`;
  return (
    <Dialog
      title={`Restore ${sourceName(source)} of ${when}?`}
      onClose={phase === 'running' ? () => {} : onClose}
    >
      {phase === 'asking' && (
        <>
          <Undoes preview={preview} backup={backup} source={source} />
          <p className="mute">
            {source.kind === 'database'
              ? 'Everything since is undone in Holdfast, never at the exchange. The state of now is kept, so this can be undone. Afterwards Holdfast is paused and every account is in watch.'
              : 'The file of now is kept beside it with .current at the end of its name.'}
          </p>
        </>
      )}
      {phase === 'running' && (
        <>
          <p>{state.running?.step ?? 'Starting…'}</p>
          {state.running && <Progress running={state.running} />}
        </>
      )}
      {(phase === 'done' || phase === 'failed') && (
        <p className={phase === 'failed' ? 'bad' : ''} role="alert">
          {outcome}
        </p>
      )}
      <footer>
        {phase === 'asking' && (
          <>
            <button type="button" className="btn" data-first onClick={onClose}>
              Cancel
            </button>
            <button type="button" className="btn destroy" onClick={() => void restore()}>
              Restore
            </button>
          </>
        )}
        {(phase === 'done' || phase === 'failed') && (
          <button type="button" className="btn" data-first onClick={onClose}>
            Close
          </button>
        )}
      </footer>
    </Dialog>
  );
}
