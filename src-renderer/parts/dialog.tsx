import { type ReactNode, useEffect, useId, useRef } from 'react';

/**
 * A modal on the platform's own `<dialog>`: focus stays inside, Escape closes, focus goes back where
 * it came from. What should have the focus first carries `data-first`.
 */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus({ preventScroll: true });
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  // What had the focus may be gone: an answered question, a step that ended.
  useEffect(() => {
    const dialog = element.current;
    if (dialog?.contains(document.activeElement)) return;
    dialog?.querySelector<HTMLElement>('[data-first]')?.focus({ preventScroll: true });
  });
  return (
    <dialog
      ref={element}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <div className="sheet">
        <h2 id={heading}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}
