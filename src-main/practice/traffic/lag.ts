import { hashOf, Random } from '../random.ts';

/** Lists that are copies of the books and show them late. */
export type Lagging = 'orders' | 'history' | 'positions' | 'executions' | 'wallet';

/**
 * How far each list of each account lags behind: drawn anew for every read, half of them up to date.
 * A list never goes back behind what it has shown.
 */
export class Lag {
  private readonly seed: number;
  /** The greatest lag, ms. */
  private readonly most: number;
  private readonly lists = new Map<string, { random: Random; shown: number }>();

  constructor(seed: number, most: number) {
    this.seed = seed;
    this.most = most;
  }

  /** The time (venue's ms) as of which the list is shown now. `least` is lag it has in any case. */
  asOf(account: string, list: Lagging, now: number, least: number): number {
    const name = `${account} ${list}`;
    let state = this.lists.get(name);
    if (state === undefined) {
      state = { random: new Random(this.seed ^ hashOf(name)), shown: Number.NEGATIVE_INFINITY };
      this.lists.set(name, state);
    }
    const drawn = this.most === 0 ? 0 : Math.max(0, state.random.next() * 2 - 1) * this.most;
    state.shown = Math.max(state.shown, now - Math.max(least, drawn));
    return state.shown;
  }
}
