import { type ComponentProps, type ReactNode, useId } from 'react';
import { classes } from '../classes.ts';
import css from './field.module.css';

interface About {
  label: ReactNode;
  /** Said under the field, always. */
  hint?: ReactNode;
  /** Why what is in it cannot be taken; empty or absent while it can. */
  error?: string | null | undefined;
  /** What a figure counts in: `min`, `MB`. */
  unit?: string;
}

/** A label over its control, with what explains it and what is wrong with it. */
export function Field({
  label,
  hint,
  error,
  unit,
  children,
}: About & {
  /** Draws the control with the ids that tie it to its words. */
  children: (ties: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': true | undefined;
  }) => ReactNode;
}) {
  const id = useId();
  const said = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={css.field}>
      <label className={css.label} htmlFor={id}>
        {label}
      </label>
      <div className={css.box}>
        {children({
          id,
          'aria-describedby': said || undefined,
          'aria-invalid': error ? true : undefined,
        })}
        {unit && <span className={css.unit}>{unit}</span>}
      </div>
      {hint && (
        <p id={`${id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={css.error} role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

type Native = Omit<ComponentProps<'input'>, 'className' | 'style' | 'value' | 'onChange' | 'type'>;

/** A line of text: a name, a path, a word to type. */
export const TextField = ({
  label,
  hint,
  error,
  unit,
  value,
  onChange,
  ...native
}: About & Native & { value: string; onChange: (value: string) => void }) => (
  <Field label={label} hint={hint} error={error} {...(unit ? { unit } : {})}>
    {(ties) => (
      <input
        spellCheck={false}
        autoComplete="off"
        {...native}
        {...ties}
        className={css.input}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    )}
  </Field>
);

/** A line without a visible label: what is searched for, said by the placeholder and by `name`. */
export const SearchField = ({
  name,
  wide = false,
  value,
  onChange,
  ...native
}: Omit<Native, 'name'> & {
  name: string;
  /** Fills its place. */
  wide?: boolean;
  value: string;
  onChange: (value: string) => void;
}) => (
  <input
    spellCheck={false}
    autoComplete="off"
    {...native}
    className={classes(css.input, !wide && css.search)}
    type={native.role === 'combobox' ? 'text' : 'search'}
    aria-label={name}
    value={value}
    onChange={(event) => onChange(event.target.value)}
  />
);
