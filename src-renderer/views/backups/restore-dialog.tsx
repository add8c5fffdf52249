import { useState } from 'react';
import type {
  BackupRow,
  BackupSourceRow,
  BackupsState,
} from '../../../src-preload/contract/backups.ts';
import { Button } from '../../parts/controls/button.tsx';
import { Dialog, DialogBody, DialogFooter } from '../../parts/dialogs/dialog.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { clock, day } from '../../parts/time-text.ts';
import { useActions, useNow } from '../../state/use-desk.tsx';
import { Progress } from './banners.tsx';
import { Undoes, usePreview } from './preview.tsx';
import { closedWords } from './verdict-words.ts';
import { sourceName, words } from './words.ts';

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

  const closed = state.paused?.closedSince ?? [];
  const when = `${(day(backup.madeAt, now) || 'today').toLowerCase()} at ${clock(backup.madeAt)}`;
  return (
    <Dialog
      title={words.restoreTitle[phase](sourceName(source), when)}
      onClose={phase === 'running' ? () => {} : onClose}
    >
      <DialogBody>
        {phase === 'asking' && (
          <>
            <Undoes preview={preview} backup={backup} source={source} />
            <Text as="p" tone="mute">
              {source.kind === 'database' ? words.restoreDatabase : words.restoreFile}
            </Text>
          </>
        )}
        {phase === 'running' && (
          <>
            <p>{state.running?.step ?? words.starting}</p>
            {state.running && <Progress running={state.running} />}
          </>
        )}
        {(phase === 'done' || phase === 'failed') && (
          <Text as="p" tone={phase === 'failed' ? 'red' : undefined} role="alert">
            {outcome}
          </Text>
        )}
        {phase === 'done' && source.kind === 'database' && (
          <>
            {closed.length > 0 && (
              <p>
                {closed.length} {closedWords(closed)}.
              </p>
            )}
            <Text as="p" tone="mute">
              {words.nextResume}
            </Text>
          </>
        )}
      </DialogBody>
      <DialogFooter>
        {phase === 'asking' && (
          <>
            <Button data-first onClick={onClose}>
              {words.cancel}
            </Button>
            <Button variant="destroy" onClick={() => void restore()}>
              {words.restoreAction}
            </Button>
          </>
        )}
        {(phase === 'done' || phase === 'failed') && (
          <Button data-first onClick={onClose}>
            {words.close}
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}
