import type { ReactNode } from 'react';
import { DASH, money, signOf } from './number-text.ts';

/** A small caption over its figure. */
export const Figure = ({
  name,
  children,
  title,
}: {
  name: string;
  children: ReactNode;
  title?: string;
}) => (
  <div className="kv" title={title}>
    <small>{name}</small>
    {children}
  </div>
);

const tones = { '1': 'up', '0': 'mute', '-1': 'down' } as const;
const arrows = { '1': '▲', '0': '', '-1': '▼' } as const;

/** A gain or loss: arrow, sign and colour say the same. */
export function Profit({ value }: { value: string | null }) {
  if (value === null) return <span className="faint">{DASH}</span>;
  const sign = `${signOf(value)}` as const;
  return (
    <span className={tones[sign]}>
      {arrows[sign] && <span aria-hidden="true">{arrows[sign]} </span>}
      {money(value, true)}
    </span>
  );
}
