import type { ComponentProps, ReactNode } from 'react';
import { classes } from '../classes.ts';
import css from './button.module.css';

type NativeProps = Omit<ComponentProps<'button'>, 'className' | 'style' | 'type'>;

export interface ButtonProps extends NativeProps {
  /**
   * `primary`: the one thing this place is for. `danger`: leads to a question before something is
   * lost. `destroy`: the answer that loses it. `quiet`: stands back. `icon`: a sign without words,
   * which needs `aria-label`. `link`: inside a sentence.
   */
  variant?: 'plain' | 'primary' | 'danger' | 'destroy' | 'quiet' | 'icon' | 'link';
  small?: boolean;
  /** What it asked for is under way: it cannot be pressed again meanwhile. */
  busy?: boolean;
  /** Keys that do the same, as they are shown; `aria-keyshortcuts` says it to the machine. */
  keys?: string;
  submit?: boolean;
}

export const Button = ({
  variant = 'plain',
  small = false,
  busy = false,
  disabled = false,
  keys,
  submit = false,
  children,
  ...native
}: ButtonProps) => (
  <button
    {...native}
    type={submit ? 'submit' : 'button'}
    className={classes(
      css.button,
      variant !== 'plain' && css[variant],
      small && css.small,
      busy && css.busy,
    )}
    disabled={disabled || busy}
    aria-busy={busy || undefined}
  >
    {children}
    {keys && <Keys>{keys}</Keys>}
  </button>
);

/** A key, or several, as they are printed on the keyboard. */
export const Keys = ({ children }: { children: ReactNode }) => (
  <kbd className={css.keys}>{children}</kbd>
);

/** Buttons beside each other, wrapping where there is no room. */
export const ButtonRow = ({ children }: { children: ReactNode }) => (
  <div className={css.row}>{children}</div>
);
