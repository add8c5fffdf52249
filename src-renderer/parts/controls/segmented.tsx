import type { ReactNode } from 'react';
import css from './segmented.module.css';

/** A few choices side by side, one of them chosen. */
export const Segmented = <Value extends string | null>({
  name,
  options,
  value,
  onChange,
}: {
  name: string;
  options: readonly { value: Value; label: ReactNode }[];
  value: Value;
  onChange: (value: Value) => void;
}) => (
  <div className={css.segmented} role="group" aria-label={name}>
    {options.map((option) => (
      <button
        key={option.value ?? ''}
        type="button"
        aria-pressed={option.value === value}
        onClick={() => onChange(option.value)}
      >
        {option.label}
      </button>
    ))}
  </div>
);

/** One choice that is on or off, in the shape of the others beside it. */
export const Toggle = ({
  on,
  onChange,
  children,
}: {
  on: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}) => (
  <div className={css.segmented}>
    <button type="button" aria-pressed={on} onClick={() => onChange(!on)}>
      {children}
    </button>
  </div>
);
