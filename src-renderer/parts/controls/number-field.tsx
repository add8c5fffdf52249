import { NumberField as Base } from '@base-ui/react/number-field';
import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import css from './field.module.css';
import { Field } from './field.tsx';

interface Figure {
  value: number | null;
  least?: number;
  most?: number;
  onChange: (value: number | null) => void;
}

/** Whole figures as they are typed: no spaces between thousands, which one would have to type around. */
const format = { useGrouping: false, maximumFractionDigits: 0 };

/** A whole figure with its unit; arrow keys count, Shift counts by ten, and it stays between its ends. */
export const NumberField = ({
  label,
  hint,
  error,
  unit,
  value,
  least,
  most,
  onChange,
}: Figure & { label: ReactNode; hint?: ReactNode; error?: string | null; unit?: string }) => (
  <Field label={label} hint={hint} error={error} {...(unit ? { unit } : {})}>
    {({ id, ...ties }) => (
      <Base.Root
        id={id}
        value={value}
        min={least}
        max={most}
        format={format}
        locale="en-GB"
        onValueChange={onChange}
      >
        <Base.Input {...ties} className={classes(css.input, css.number)} />
      </Base.Root>
    )}
  </Field>
);

/** A figure inside a row, without words of its own: `name` says what it is. It is sent when it is left. */
export const CellNumber = ({
  name,
  value,
  least,
  most,
  onCommit,
}: Omit<Figure, 'onChange'> & { name: string; onCommit: (value: number | null) => void }) => (
  <Base.Root
    key={value}
    defaultValue={value ?? undefined}
    min={least}
    max={most}
    format={format}
    locale="en-GB"
    onValueCommitted={onCommit}
  >
    <Base.Input
      aria-label={name}
      className={classes(css.input, css.number, css.bare)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  </Base.Root>
);
