import { useState } from 'react';
import type { Answer } from '../../src-preload/contract/link.ts';
import { Dialog } from './dialog.tsx';

/** Asks for one line of text. A refusal keeps the dialog open with what was typed. */
export function TextDialog({
  title,
  label,
  help,
  action,
  optional = false,
  onDone,
  onClose,
}: {
  title: string;
  label: string;
  help?: string;
  action: string;
  optional?: boolean;
  onDone: (text: string) => Promise<Answer<unknown>>;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (): Promise<void> => {
    setBusy(true);
    const answer = await onDone(text.trim());
    setBusy(false);
    if (answer.ok) onClose();
    else setRefusal(answer.error.message);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="sheet-form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label>
          {label}
          <input
            className="input"
            data-first
            value={text}
            onChange={(event) => setText(event.target.value)}
            spellCheck={false}
          />
        </label>
        {help && <p className="mute">{help}</p>}
        {refusal && <p className="bad">{refusal}</p>}
        <footer>
          <button type="button" className="btn" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="btn primary"
            disabled={busy || (!optional && text.trim() === '')}
          >
            {action}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
