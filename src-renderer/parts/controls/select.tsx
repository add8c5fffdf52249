import { CSPProvider } from '@base-ui/react/csp-provider';
import { Select as Base } from '@base-ui/react/select';
import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import css from './field.module.css';
import { Field } from './field.tsx';
import popup from './popup.module.css';

/** One of a list, too many to stand side by side. */
export const Select = ({
  label,
  hint,
  value,
  options,
  onChange,
}: {
  label: ReactNode;
  hint?: ReactNode;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) => (
  <Field label={label} hint={hint}>
    {(ties) => (
      <Base.Root
        items={options}
        value={value}
        onValueChange={(chosen) => chosen !== null && onChange(chosen)}
      >
        <Base.Trigger {...ties} className={classes(css.input, css.select)}>
          <Base.Value />
        </Base.Trigger>
        {/* Without style elements of its own, which the page does not allow. */}
        <CSPProvider disableStyleElements>
          <Base.Portal>
            <Base.Positioner
              className={popup.positioner}
              align="start"
              sideOffset={4}
              alignItemWithTrigger={false}
            >
              <Base.Popup className={popup.popup}>
                {options.map((option) => (
                  <Base.Item key={option.value} value={option.value} className={popup.item}>
                    <span className={popup.mark} aria-hidden="true">
                      {option.value === value && '✓'}
                    </span>
                    <Base.ItemText>{option.label}</Base.ItemText>
                  </Base.Item>
                ))}
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </CSPProvider>
      </Base.Root>
    )}
  </Field>
);
