import { useState } from 'react';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { TextField } from '../controls/field.tsx';
import { FormDialog } from './form-dialog.tsx';

/** Asks for one line of text. */
export function TextDialog({
  title,
  label,
  hint,
  action,
  busyAction,
  onDone,
  onClose,
}: {
  title: string;
  label: string;
  hint?: string;
  action: string;
  /** What its button says meanwhile. */
  busyAction?: string | undefined;
  onDone: (text: string) => Promise<Answer<unknown>>;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  return (
    <FormDialog
      title={title}
      action={action}
      busyAction={busyAction}
      ready={text.trim() !== ''}
      onSubmit={() => onDone(text.trim())}
      onClose={onClose}
    >
      <TextField label={label} hint={hint} value={text} onChange={setText} data-first />
    </FormDialog>
  );
}
