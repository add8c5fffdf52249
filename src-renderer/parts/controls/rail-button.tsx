import type { ComponentProps } from 'react';
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
  ...native
}: Omit<ComponentProps<'button'>, 'className' | 'style' | 'type'> & {
  icon: IconName;
  title: string;
  keys?: string;
  wide: boolean;
}) {
  const button = (
    <button
      {...native}
      type="button"
      className={css.railButton}
      aria-label={title}
      aria-keyshortcuts={keys}
    >
      <Icon name={icon} />
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
    <Tooltip text={keys ? `${title} (${keys})` : title} side="right">
      {button}
    </Tooltip>
  );
}
