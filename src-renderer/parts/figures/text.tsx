import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import css from './text.module.css';

/** What a word may say by its colour; none says it by colour alone. Amber: look here. Red: unprotected or failed. */
export type Tone = 'plain' | 'mute' | 'faint' | 'up' | 'down' | 'amber' | 'red' | 'accent';

/** Words in one of the roles of colour and steps of the type scale. */
export function Text({
  as: Tag = 'span',
  tone,
  size,
  strong = false,
  mono = false,
  cut = false,
  title,
  role,
  children,
}: {
  as?: 'span' | 'p' | 'b' | 'h2' | 'h3' | 'small' | 'pre';
  tone?: Tone | undefined;
  size?: 'caption' | 'small' | 'lead';
  strong?: boolean;
  mono?: boolean;
  /** Ends in an ellipsis where there is no room. */
  cut?: boolean;
  title?: string | undefined;
  role?: 'alert' | 'status';
  children: ReactNode;
}) {
  return (
    <Tag
      className={classes(
        tone && css[tone],
        size && css[size],
        strong && css.strong,
        mono && css.mono,
        cut && css.cut,
      )}
      title={title}
      role={role}
    >
      {children}
    </Tag>
  );
}

/** Heard by screen readers, not seen. */
export const Unseen = ({ role, children }: { role?: 'alert'; children: ReactNode }) => (
  <span className={css.unseen} role={role}>
    {children}
  </span>
);
