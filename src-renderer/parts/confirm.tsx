import { type ReactNode, useState } from 'react';
import { Dialog } from './dialog.tsx';

/** Asks before something is destroyed or replaced. The focus is on Cancel. */
export function Confirm({
  title,
  action,
  children,
  onConfirm,
  onClose,
}: {
  title: string;
  action: string;
  children: ReactNode;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}) {
  const [busy, setBusy] = useState(false);
  return (
    <Dialog title={title} onClose={onClose}>
      {children}
      <footer>
        <button type="button" className="btn" data-first onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="btn destroy"
          disabled={busy}
          onClick={() => {
            setBusy(true);
            void onConfirm().then(onClose);
          }}
        >
          {action}
        </button>
      </footer>
    </Dialog>
  );
}
