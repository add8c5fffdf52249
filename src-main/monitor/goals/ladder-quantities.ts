import {
  type Decimal,
  dividedBy,
  equal,
  isPositive,
  isZero,
  less,
  minus,
  plus,
  sum,
  times,
  toStep,
} from '../../domain/numbers.ts';

export interface LotRules {
  quantityStep: Decimal;
  minQuantity: Decimal;
}

/**
 * Splits `size` by `shares` (any unit, nearest rung first) into quantities a venue takes: a rung whose
 * exact share is below the minimum folds it into the first rung, every rung but the last is rounded down
 * to the step, the last takes what is left. `"0"` is a rung that does not stand. Together they are the
 * size, less what is finer than a step; all are `"0"` where the size is below the minimum itself.
 */
export function splitByShares(size: Decimal, shares: readonly Decimal[], lot: LotRules): Decimal[] {
  const total = toStep(size, lot.quantityStep, 'down');
  const minimum = toStep(lot.minQuantity, lot.quantityStep, 'up');
  const whole = sum(shares);
  if (less(total, minimum) || isZero(total) || !isPositive(whole)) return shares.map(() => '0');
  const reaches = (share: Decimal): boolean =>
    !less(dividedBy(times(total, share), whole), minimum);
  const [first = '0'] = shares;
  const folded = sum(shares.filter((share) => !reaches(share)));
  const withFolded = reaches(first) ? plus(first, folded) : folded;
  // Where even with what folds the first stays below the minimum, the nearest that stands takes it all.
  const taker = reaches(withFolded) ? 0 : shares.findIndex(reaches);
  const parts = shares.map((share, at) => {
    const own = reaches(share) ? share : '0';
    return at === taker ? plus(own, folded) : own;
  });
  const last = parts.findLastIndex(isPositive);
  const quantities = parts.map((part, at) =>
    at === last ? '0' : toStep(dividedBy(times(total, part), whole), lot.quantityStep, 'down'),
  );
  quantities[last] = toStep(minus(total, sum(quantities)), lot.quantityStep, 'down');
  return quantities;
}

export interface LadderRung {
  share: Decimal;
  /** What of it is filled, by the venue's totals. */
  filled: Decimal;
  /** Filled for good: it is never made again (P26). */
  done: boolean;
}

/**
 * What each rung still has to close, nearest first, for `size` that is open. As long as the filled
 * rungs are what the ladder gave them, the others keep theirs; once the size has changed otherwise, what
 * is open is spread anew over the rungs that are not done.
 */
export function ladderQuantities(
  size: Decimal,
  rungs: readonly LadderRung[],
  lot: LotRules,
): Decimal[] {
  const filled = sum(rungs.map((rung) => rung.filled));
  const first = splitByShares(
    plus(size, filled),
    rungs.map(({ share }) => share),
    lot,
  );
  const fits = rungs.every(
    (rung, at) =>
      (rung.done && equal(first[at] ?? '0', rung.filled)) ||
      (!rung.done && !less(first[at] ?? '0', rung.filled)),
  );
  if (fits)
    return rungs.map((rung, at) => (rung.done ? '0' : minus(first[at] ?? '0', rung.filled)));
  const open = rungs.filter((rung) => !rung.done);
  const anew = splitByShares(
    size,
    open.map(({ share }) => share),
    lot,
  );
  return rungs.map((rung) => (rung.done ? '0' : (anew[open.indexOf(rung)] ?? '0')));
}
