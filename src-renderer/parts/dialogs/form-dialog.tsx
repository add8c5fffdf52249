import { type ReactNode, useState } from 'react';
import type { Answer } from '../../../src-preload/contract/link.ts';
import { Button } from '../controls/button.tsx';
import css from './dialog.module.css';
import { Dialog, DialogBody, DialogFooter } from './dialog.tsx';

/**
 * A question with something to fill in. Its action is sent once; a refusal keeps the dialog open,
 * with what was typed and with the reason.
 */
export function FormDialog({
  title,
  action,
  busyAction = action,
  destroys = false,
  ready = true,
  cautious = false,
  wide = false,
  closesWhenDone = true,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  action: string;
  /** What its button says meanwhile. */
  busyAction?: string | undefined;
  destroys?: boolean;
  /** Everything that is needed has been filled in. */
  ready?: boolean;
  /** The focus is on Cancel at first. */
  cautious?: boolean;
  wide?: boolean;
  closesWhenDone?: boolean;
  onSubmit: () => Promise<Answer<unknown>>;
  onClose: () => void;
  children: ReactNode;
}) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const send = async (): Promise<void> => {
    setBusy(true);
    setRefusal(null);
    const answer = await onSubmit();
    setBusy(false);
    if (!answer.ok) setRefusal(answer.error.message);
    else if (closesWhenDone) onClose();
  };
  return (
    <Dialog title={title} wide={wide} onClose={busy ? () => {} : onClose}>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !busy) void send();
        }}
      >
        <DialogBody>{children}</DialogBody>
        <DialogFooter>
          {refusal && (
            <p className={css.refusal} role="alert">
              {refusal}
            </p>
          )}
          <Button disabled={busy} data-first={cautious || undefined} onClick={onClose}>
            Cancel
          </Button>
          <Button submit variant={destroys ? 'destroy' : 'primary'} disabled={!ready} busy={busy}>
            {busy ? busyAction : action}
          </Button>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
