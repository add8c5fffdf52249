import type { VerdictSeverity } from './words.ts';

/** The answer to "is every position protected, and is what I see true right now?". */
export interface VerdictState {
  severity: VerdictSeverity;
  /** The answer in words; tray, title, screen and doctor print it as it stands. */
  sentence: string;
  /** What `sentence` begins with when something is wrong or not certain; empty when nothing is. */
  alarm: string;
  counts: {
    positions: number;
    /** Whole, by a stop that comes before liquidation. */
    protected: number;
    partly: number;
    unprotected: number;
    /** There is a stop, but what it covers is not known. */
    unchecked: number;
    /** What the exchange says of them is not understood, so they are not known to be protected. */
    notUnderstood: number;
    /** Whole, but liquidated before the stop. */
    beyondLiquidation: number;
  };
  /** The accounts of which it is not certain that they are as shown, and why. */
  unknown: { account: string; why: string }[];
  /** Keys, as in the slice `positions`, of those that someone should look at. */
  culprits: string[];
  /** When all of it was last known to be true, ms; `null` when nothing was ever read. */
  asOf: number | null;
}

/** The title of the page and of its window: the same sentence, with a mark where someone should look. */
export const titleOf = ({
  severity,
  sentence,
}: Pick<VerdictState, 'severity' | 'sentence'>): string =>
  `${severity === 'ok' ? '' : '(!) '}${sentence} Holdfast`;
