import type { ApprovalRow } from '../../../src-preload/contract/approvals.ts';
import { classes } from '../../parts/classes.ts';
import { Profit } from '../../parts/figures/figure.tsx';
import { Text } from '../../parts/figures/text.tsx';
import { grouped, signOf } from '../../parts/number-text.ts';
import { words } from './words.ts';
import css from './worth.module.css';

/** What the position makes if its stops are hit, now and once it is done, against its liquidation. */
export function Worth({ row: { ifStopped, liquidation, kind } }: { row: ApprovalRow }) {
  const { before, after } = ifStopped;
  if (after === null) return null;
  const isBare = kind === 'no-stop';
  const bars = [
    isBare
      ? {
          name: words.liquidation(grouped(liquidation?.price ?? '')),
          value: liquidation?.result,
          look: css.bare,
        }
      : { name: words.stopsBefore, value: before },
    { name: words.stopsAfter, value: after },
  ].flatMap(({ name, value, look }) =>
    value ? [{ name, value, look, length: Math.abs(Number(value)) }] : [],
  );
  const most = Math.max(...bars.map(({ length }) => length), Number.MIN_VALUE);
  return (
    <ul className={css.bars}>
      {bars.map(({ name, value, look, length }) => (
        <li key={name}>
          <Text tone="mute">{name}</Text>
          <i
            className={classes(signOf(value) > 0 && css.gain, look)}
            style={{ width: `${(length / most) * 100}%` }}
          />
          <Profit value={value} />
        </li>
      ))}
    </ul>
  );
}
