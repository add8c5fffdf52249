import { useState } from 'react';
import type { BackupSourceRow, BackupsState } from '../../../src-preload/contract/backups.ts';
import { TextField } from '../../parts/controls/field.tsx';
import { Select } from '../../parts/controls/select.tsx';
import { FormDialog } from '../../parts/dialogs/form-dialog.tsx';
import { useActions } from '../../state/use-desk.tsx';
import { sourceName, words } from './words.ts';

/** Backs one source up now, with a note to recognise it by. */
export function CreateDialog({
  source,
  state,
  onClose,
}: {
  /** Chosen at first. */
  source: BackupSourceRow;
  state: BackupsState;
  onClose: () => void;
}) {
  const { attempt } = useActions();
  const [chosen, setChosen] = useState(source.id);
  const [typed, setTyped] = useState('');
  const note = typed.trim();
  return (
    <FormDialog
      title={words.createTitle}
      action={words.createAction}
      busyAction={words.creating}
      onSubmit={() =>
        attempt(
          'backups.create',
          { source: chosen, ...(note ? { note } : {}) },
          () => words.backedUp,
        )
      }
      onClose={onClose}
    >
      <Select
        label={words.createSource}
        value={chosen}
        options={state.sources.map((one) => ({ value: one.id, label: sourceName(one) }))}
        onChange={setChosen}
      />
      <TextField label={words.createNote} value={typed} onChange={setTyped} data-first />
    </FormDialog>
  );
}
