import type { ReactNode } from 'react';
import css from './field.module.css';

/** One yes or no of several. */
export const Checkbox = ({
  checked,
  disabled = false,
  onChange,
  children,
}: {
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
  children: ReactNode;
}) => (
  <label className={css.choice}>
    <input
      type="checkbox"
      checked={checked}
      disabled={disabled}
      onChange={(event) => onChange(event.target.checked)}
    />
    <span>{children}</span>
  </label>
);

/** Something that is on or off at once, without a button to confirm it. */
export const Switch = ({
  on,
  onChange,
  children,
}: {
  on: boolean;
  onChange: (on: boolean) => void;
  children: ReactNode;
}) => (
  <label className={css.switch}>
    <input
      type="checkbox"
      // oxlint-disable-next-line jsx-a11y/role-has-required-aria-props -- a checkbox says itself whether it is on
      role="switch"
      checked={on}
      onChange={(event) => onChange(event.target.checked)}
    />
    {children}
  </label>
);

/** One of a few, each with its words in full. */
export const Radios = <Value extends string>({
  name,
  options,
  value,
  onChange,
}: {
  name: string;
  options: readonly { value: Value; label: ReactNode; disabled?: boolean }[];
  value: Value;
  onChange: (value: Value) => void;
}) => (
  <div className={css.choices} role="radiogroup" aria-label={name}>
    {options.map((option) => (
      <label key={option.value} className={css.choice}>
        <input
          type="radio"
          name={name}
          value={option.value}
          checked={option.value === value}
          disabled={option.disabled}
          data-first={option.value === value || undefined}
          onChange={() => onChange(option.value)}
        />
        <span>{option.label}</span>
      </label>
    ))}
  </div>
);

/** Choices side by side, wrapping. */
export const Choices = ({ children }: { children: ReactNode }) => (
  <div className={css.across}>{children}</div>
);
