import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import css from './banner.module.css';

/** A line over a view. `info`: what is going on. `look`: look here. `critical`: unprotected or failed. */
export const Banner = ({
  tone = 'info',
  title,
  actions,
  children,
}: {
  tone?: 'info' | 'look' | 'critical';
  title?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}) => (
  <div className={classes(css.banner, tone !== 'info' && css[tone])}>
    <div className={css.words}>
      {title && <b className={css.title}>{title}</b>}
      {children}
    </div>
    {actions && <div className={css.actions}>{actions}</div>}
  </div>
);
