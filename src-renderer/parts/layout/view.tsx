import type { ReactNode } from 'react';
import css from './view.module.css';

/** A view from top to bottom: its header, then what it shows. */
export const View = ({ children }: { children: ReactNode }) => (
  <section className={css.view}>{children}</section>
);

/** A view and, where `panel` is not empty, the panel of what was chosen in it. */
export const WithPanel = ({ children, panel }: { children: ReactNode; panel: ReactNode }) => (
  <div className={css.beside}>
    {children}
    {panel}
  </div>
);

/** The first line of a view: what there is to know, in words, and the tools of the view. */
export const ViewHeader = ({
  title,
  more,
  children,
}: {
  title: ReactNode;
  more?: ReactNode;
  children?: ReactNode;
}) => (
  <div className={css.header}>
    <h1>{title}</h1>
    {more}
    <div className={css.tools}>{children}</div>
  </div>
);
