import type { Look } from '../../cache/cache.ts';
import { approximate, type Decimal } from '../../domain/numbers.ts';
import type { Watch } from './watch.ts';

/** The same rows and nothing new lead to the same monitor. */
export const isSame = (watch: Watch, look: Look): boolean =>
  look.version === watch.seenVersion && watch.queue.length === 0 && !watch.absence;

/** True when the price went far enough to matter. */
export const isBeyond = ({ band }: Watch, price: number): boolean =>
  price < band.below || price > band.above;

/**
 * Nothing that the last judgement rests on has changed since (M15): neither facts, nor the band of the mark
 * price, nor what is wanted, and its time is not over.
 */
export function stands(
  watch: Watch,
  look: Look,
  { now, ticks, mark }: { now: number; ticks: number; mark: Decimal | null },
): boolean {
  return (
    isSame(watch, look) &&
    look.known === watch.known &&
    now < watch.judgeBy &&
    // Looked at in the future is a clock that was set back meanwhile.
    now >= watch.checkedAt &&
    ticks < watch.doing.againAt &&
    (mark === null ? watch.mark === null : !isBeyond(watch, approximate(mark)))
  );
}
