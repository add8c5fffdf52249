import { type ComponentProps, useId } from 'react';
import { Icon, type IconName } from '../figures/icon.tsx';
import { Keys } from './button.tsx';
import css from './rail-button.module.css';
import { Tooltip } from './tooltip.tsx';

/** A place to go to, or a choice, on the rail: its sign, and where the rail is wide its name and key. */
export function RailButton({
  icon,
  title,
  keys,
  wide,
  waiting = null,
  ...native
}: Omit<ComponentProps<'button'>, 'className' | 'style' | 'type'> & {
  icon: IconName;
  title: string;
  keys?: string;
  wide: boolean;
  /** How many wait there, and what they are: `2 proposals wait`. */
  waiting?: { count: number; text: string } | null;
}) {
  const told = useId();
  const named = keys ? `${title} (${keys})` : title;
  const hint = waiting ? `${named}: ${waiting.text}` : named;
  const button = (
    <button
      {...native}
      type="button"
      className={css.railButton}
      aria-label={title}
      aria-keyshortcuts={keys}
      aria-describedby={waiting ? told : undefined}
    >
      <Icon name={icon} />
      {waiting && (
        <i className={css.count} data-count={waiting.count}>
          <span id={told} hidden>
            {waiting.text}
          </span>
        </i>
      )}
      {wide && (
        <>
          <span>{title}</span>
          {keys && (
            <span className={css.end}>
              <Keys>{keys}</Keys>
            </span>
          )}
        </>
      )}
    </button>
  );
  return wide ? (
    button
  ) : (
    <Tooltip text={hint} side="right">
      {button}
    </Tooltip>
  );
}
