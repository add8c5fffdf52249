import { NumberField as Base } from '@base-ui/react/number-field';
import { type ReactNode, useRef, useState } from 'react';
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

/**
 * A figure inside a row, without words of its own: `name` says what it is. It is sent when it is left;
 * Escape leaves it as it was. `onCommit` answers whether it was taken: what was not is not shown.
 */
export function CellNumber({
  name,
  value,
  onCommit,
}: Pick<Figure, 'value'> & { name: string; onCommit: (value: number) => Promise<boolean> }) {
  // Typed over `of`: another figure, whoever set it, is shown in its place.
  const [own, setOwn] = useState<{ typed: number | null; of: number | null } | null>(null);
  const givenUp = useRef(false);
  const commit = async (typed: number | null): Promise<void> => {
    const asked = !givenUp.current && typed !== null && typed !== value;
    if (!asked || !(await onCommit(typed))) setOwn(null);
  };
  return (
    <Base.Root
      value={own && own.of === value ? own.typed : value}
      format={format}
      locale="en-GB"
      onValueChange={(typed) => setOwn({ typed, of: value })}
      onValueCommitted={(typed) => void commit(typed)}
    >
      <Base.Input
        aria-label={name}
        className={classes(css.input, css.number, css.bare)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          givenUp.current = event.key === 'Escape';
          event.currentTarget.blur();
          givenUp.current = false;
        }}
      />
    </Base.Root>
  );
}
