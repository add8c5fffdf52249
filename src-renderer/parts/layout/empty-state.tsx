import type { ReactNode } from 'react';
import css from './empty-state.module.css';

/** Says why there is nothing to see, and what brings something. */
export const EmptyState = ({
  title,
  role,
  children,
}: {
  title: string;
  role?: 'alert';
  children?: ReactNode;
}) => (
  <div className={css.empty} role={role}>
    <h2>{title}</h2>
    {children}
  </div>
);
