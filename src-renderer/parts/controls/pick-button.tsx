import type { ReactNode } from 'react';
import css from './pick-button.module.css';

/** One entry of a list to pick from, of several lines. */
export const PickButton = ({
  chosen,
  title,
  onClick,
  children,
}: {
  chosen: boolean;
  title?: string;
  onClick: () => void;
  children: ReactNode;
}) => (
  <button type="button" className={css.pick} aria-pressed={chosen} title={title} onClick={onClick}>
    {children}
  </button>
);
