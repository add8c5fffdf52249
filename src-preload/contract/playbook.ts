/** How far away something is: % of the price, ticks of the contract, or R, the first stop's distance from the entry. */
export type DistanceUnit = '%' | 'ticks' | 'R';

/** A stop that follows the price once a take-profit is hit. */
export interface TrailingSettings {
  /** 1 is the nearest. */
  afterTakeProfit: number;
  distance: string;
  unit: DistanceUnit;
  /** `exchange`: the exchange moves it, also while Holdfast is off. `steps`: Holdfast moves the stop, a step at a time. */
  by: 'exchange' | 'steps';
}

/** What the rules do for the positions of one account. Figures are decimal strings. */
export interface Playbook {
  /** Parts of the size in %, the nearest take-profit first; together 100. */
  shares: string[];
  /** Take-profits that were found on the exchange: they keep the parts they were found with, or take `shares`. */
  foundLadder: 'as-found' | 'shares';
  /** Once the first take-profit is hit, the entries go and the stop moves to breakeven. */
  breakevenAfterTp1: boolean;
  /** Where a stop is put that is missing and never was: % of the entry price. `null`: nowhere, there is only the alert. */
  stopDistance: string | null;
  trailing: TrailingSettings | null;
}
