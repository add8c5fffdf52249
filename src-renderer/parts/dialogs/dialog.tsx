import { Dialog as Base } from '@base-ui/react/dialog';
import { type ReactNode, useEffect, useRef } from 'react';
import { classes } from '../classes.ts';
import css from './dialog.module.css';

/**
 * A question over everything: the focus stays inside, Escape closes, and it goes back where it came
 * from. What should have the focus first carries `data-first`. A press beside it closes nothing: what
 * was typed would be lost by a slip.
 */
export function Dialog({
  title,
  wide = false,
  onClose,
  children,
}: {
  title: string;
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const popup = useRef<HTMLDivElement>(null);
  const first = (): HTMLElement | null =>
    popup.current?.querySelector<HTMLElement>('[data-first]') ?? null;
  // What had the focus may be gone: an answered question, a step that ended.
  useEffect(() => {
    if (document.activeElement === document.body) first()?.focus({ preventScroll: true });
  });
  return (
    <Base.Root open disablePointerDismissal onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className={css.shade} />
        <Base.Popup
          ref={popup}
          className={classes(css.dialog, wide && css.wide)}
          initialFocus={() => first() ?? true}
        >
          <Base.Title className={css.title}>{title}</Base.Title>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** The middle of a dialog: the only part that scrolls. */
export const DialogBody = ({ children }: { children: ReactNode }) => (
  <div className={css.sheet}>{children}</div>
);

/** Its buttons: they stay in sight however long the rest is. */
export const DialogFooter = ({ children }: { children: ReactNode }) => (
  <footer className={css.footer}>{children}</footer>
);

/** A list that keeps to its place in a dialog. */
export const DialogList = ({
  name,
  paragraphs = false,
  tall = false,
  role,
  children,
}: {
  name?: string;
  /** As high as the dialog may be. */
  tall?: boolean;
  /** Each entry is a paragraph of its own instead of a line. */
  paragraphs?: boolean;
  role?: 'alert';
  children: ReactNode;
}) => (
  <div
    className={classes(css.list, paragraphs && css.paragraphs, tall && css.tall)}
    tabIndex={name ? 0 : undefined}
    role={role ?? (name ? 'group' : undefined)}
    aria-label={name}
  >
    <ul>{children}</ul>
  </div>
);

/** The place of a table in a dialog. */
export const DialogTable = ({ children }: { children: ReactNode }) => (
  <div className={css.table}>{children}</div>
);
