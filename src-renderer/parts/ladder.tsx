import Big from 'big.js';
import type { PositionRow } from '../../src-preload/contract.ts';
import { percent } from './number-text.ts';
import './ladder.css';

type Rungs = PositionRow['takeProfits'];

const shareOf = (part: string, whole: Big): number =>
  whole.lte(0) ? 0 : new Big(part).div(whole).toNumber();

/** Take-profits as a bar: each rung as wide as its share, filled as far as it was hit. */
export function Ladder({ rungs }: { rungs: Rungs }) {
  if (rungs.length === 0) return <span className="faint">none</span>;
  const whole = rungs.reduce((sum, rung) => sum.plus(rung.quantity), new Big(0));
  const filled = rungs.filter((rung) => new Big(rung.filledQuantity).gte(rung.quantity)).length;
  const words = rungs
    .map((rung) => `TP${rung.level} ${percent(shareOf(rung.quantity, whole), 0)} at ${rung.price}`)
    .join(', ');
  return (
    <span
      className="ladder"
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
              width: `${Math.min(1, shareOf(rung.filledQuantity, new Big(rung.quantity))) * 100}%`,
            }}
          />
        </i>
      ))}
    </span>
  );
}
