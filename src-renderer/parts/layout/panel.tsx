import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import { Button } from '../controls/button.tsx';
import { Text } from '../figures/text.tsx';
import css from './panel.module.css';

/** A thing of its own on the page, with a name and perhaps a word beside it. */
export const Panel = ({
  title,
  note,
  aside,
  flush = false,
  children,
}: {
  title: ReactNode;
  note?: ReactNode;
  /** At the far end of the title. */
  aside?: ReactNode;
  /** Its content goes to the edges: a table. */
  flush?: boolean;
  children: ReactNode;
}) => (
  <section className={classes(css.panel, flush && css.flush)}>
    <header>
      <h2>{title}</h2>
      {note && <Text tone="mute">{note}</Text>}
      {aside && <div className={css.aside}>{aside}</div>}
    </header>
    {children}
  </section>
);

/** What was chosen, beside the view it was chosen in. Only its middle scrolls. */
export const SidePanel = ({
  name,
  title,
  subtitle,
  footer,
  onClose,
  children,
}: {
  name: string;
  title: ReactNode;
  subtitle: ReactNode;
  footer?: ReactNode;
  onClose: () => void;
  children: ReactNode;
}) => (
  <aside className={css.side} aria-label={name}>
    <header>
      <h2>{title}</h2>
      <Text as="p" tone="mute">
        {subtitle}
      </Text>
      <div className={css.close}>
        <Button variant="quiet" small keys="Esc" aria-keyshortcuts="Escape" onClick={onClose}>
          Close
        </Button>
      </div>
    </header>
    <div className={css.scroll} tabIndex={0} role="group" aria-label="Details">
      {children}
    </div>
    {footer && <footer>{footer}</footer>}
  </aside>
);

/** A part of a side panel. */
export const Section = ({ title, children }: { title?: string; children: ReactNode }) => (
  <section className={css.section}>
    {title && <h3>{title}</h3>}
    {children}
  </section>
);
