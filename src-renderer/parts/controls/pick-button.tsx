import type { ComponentProps } from 'react';
import css from './pick-button.module.css';

/** One entry of a list to pick from, of several lines. */
export const PickButton = ({
  chosen,
  ...native
}: Omit<ComponentProps<'button'>, 'className' | 'style' | 'type'> & { chosen: boolean }) => (
  <button {...native} type="button" className={css.pick} aria-pressed={chosen} />
);
