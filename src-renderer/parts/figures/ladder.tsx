import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { compareDecimals } from '../decimal.ts';
import { percent } from '../number-text.ts';
import css from './ladder.module.css';
import { Text } from './text.tsx';

type Rungs = PositionRow['takeProfits'];

/** A width, so a float will do. */
const shareOf = (part: string, whole: number): number => (whole > 0 ? Number(part) / whole : 0);

/** Hit to the last unit. */
export const isFilled = ({ quantity, filledQuantity }: Rungs[number]): boolean =>
  compareDecimals(filledQuantity, quantity) >= 0;

/** Take-profits as a bar: each rung as wide as its share, filled as far as it was hit. */
export function Ladder({ rungs }: { rungs: Rungs }) {
  if (rungs.length === 0) return <Text tone="faint">none</Text>;
  const whole = rungs.reduce((sum, { quantity }) => sum + Number(quantity), 0);
  const filled = rungs.filter(isFilled).length;
  const words = rungs
    .map((rung) => `TP${rung.level} ${percent(shareOf(rung.quantity, whole), 0)} at ${rung.price}`)
    .join(', ');
  return (
    <span
      className={css.ladder}
      role="img"
      aria-label={`${filled} of ${rungs.length} take-profits filled`}
      title={words}
    >
      {rungs.map((rung) => (
        <i
          key={`${rung.level}-${rung.orderId}`}
          style={{ flexGrow: shareOf(rung.quantity, whole) }}
        >
          <b
            style={{
              width: `${Math.min(1, shareOf(rung.filledQuantity, Number(rung.quantity))) * 100}%`,
            }}
          />
        </i>
      ))}
    </span>
  );
}
