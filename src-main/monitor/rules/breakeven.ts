import {
  type Decimal,
  dividedBy,
  greater,
  less,
  minus,
  plus,
  times,
  toStep,
} from '../../domain/numbers.ts';
import type { Side } from '../../domain/position.ts';

/** Beyond the point where fees are paid, as a fraction of the price: 0.01 %. */
const MARGIN = '0.0001';

/**
 * The price at which the rest of a position can be closed without a loss (P64): for a long
 * entry x (1 + fee in) / (1 - fee out), for a short entry x (1 - fee in) / (1 + fee out), and 0.01 %
 * further, rounded to the tick away from loss. It is worked out from the entry of what is left;
 * the venue's own figure nets what was realised before and would give that profit back. `feeIn` and
 * `feeOut` are fractions: 0.00055 is 0.055 %.
 */
export function legBreakeven(leg: {
  side: Side;
  entryPrice: Decimal;
  feeIn: Decimal;
  feeOut: Decimal;
  tickSize: Decimal;
}): Decimal {
  const long = leg.side === 'long';
  const paid = long ? plus('1', leg.feeIn) : minus('1', leg.feeIn);
  const kept = long ? minus('1', leg.feeOut) : plus('1', leg.feeOut);
  const further = long ? plus('1', MARGIN) : minus('1', MARGIN);
  const exact = times(dividedBy(times(leg.entryPrice, paid), kept), further);
  return toStep(exact, leg.tickSize, long ? 'up' : 'down');
}

/** True when a stop at `candidate` gives less away than one at `current`; any is better than none. */
export const isBetterStop = (side: Side, candidate: Decimal, current: Decimal | null): boolean =>
  current === null || (side === 'long' ? greater(candidate, current) : less(candidate, current));
