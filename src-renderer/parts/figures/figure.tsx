import type { ReactNode } from 'react';
import { classes } from '../classes.ts';
import { Tooltip } from '../controls/tooltip.tsx';
import { DASH, money, signOf } from '../number-text.ts';
import css from './figure.module.css';
import { Text, Unseen } from './text.tsx';

/** A small caption over its figure. */
export function Figure({
  name,
  hint,
  children,
}: {
  name: string;
  /** What the figure means. */
  hint?: string | undefined;
  children: ReactNode;
}) {
  const figure = (
    <div className={css.figure}>
      <span className={css.name}>
        {name}
        {hint && <Unseen>: {hint}</Unseen>}
      </span>
      {children}
    </div>
  );
  return hint ? <Tooltip text={hint}>{figure}</Tooltip> : figure;
}

/** Figures in rows of three or four. */
export const Figures = ({
  across,
  children,
}: {
  across: 'three' | 'four';
  children: ReactNode;
}) => <div className={classes(css.figures, css[across])}>{children}</div>;

const tones = { '1': 'up', '0': 'mute', '-1': 'down' } as const;
const arrows = { '1': '▲', '0': '', '-1': '▼' } as const;

/** A gain or loss: arrow, sign and colour say the same. */
export function Profit({ value }: { value: string | null }) {
  if (value === null) return <Text tone="faint">{DASH}</Text>;
  const sign = `${signOf(value)}` as const;
  return (
    <Text tone={tones[sign]}>
      {arrows[sign] && <span aria-hidden="true">{arrows[sign]} </span>}
      {money(value, true)}
    </Text>
  );
}
