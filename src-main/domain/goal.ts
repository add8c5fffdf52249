import type { Decimal } from './numbers.ts';
import type { OrderSide, TriggerBy } from './order.ts';

/** Who wants it, the strongest first. */
export type Author = 'operator' | 'guard' | 'rule' | 'adopted';

export interface WantedRung {
  /** 1 is the nearest. */
  level: number;
  price: Decimal;
  /** Its part of the size, in any unit: 85 of 100. */
  share: Decimal;
}

export interface WantedEntry {
  /** Its name in the plan: a filled or cancelled one is never placed again under the same name. */
  id: string;
  side: OrderSide;
  /** `null` to take the market. */
  price: Decimal | null;
  quantity: Decimal;
}

/** A statement about the venue that can be checked on facts. Prices in quote, quantities in base. */
export type Want =
  | {
      /** Every unit has a stop at this price or beyond it; of an operator: exactly there. */
      kind: 'covered';
      price: Decimal;
      /** Which price sets it off; `null` leaves it as it is, and takes the last price for a new stop. */
      triggerBy: TriggerBy | null;
      /** What the price is, for sentences: "breakeven". */
      called: string;
    }
  | {
      /** A trailing stop at this distance stands on the position, from a price on. */
      kind: 'trail';
      distance: Decimal;
      from: Decimal | null;
    }
  | { kind: 'ladder'; rungs: readonly WantedRung[] }
  | { kind: 'entries'; entries: readonly WantedEntry[] }
  | /** No entry order of ours is open. */ { kind: 'no-entries' }
  | { kind: 'size-at-most'; size: Decimal }
  | {
      /** The size is this part of the size on the account it follows; growing only where allowed. */
      kind: 'paired';
      ratio: Decimal;
      mayGrow: boolean;
    }
  | /** Nothing rests once the position is flat. */ { kind: 'no-orders'; whose: 'own' | 'all' };

export interface Goal<W extends Want = Want> {
  want: W;
  author: Author;
  /** Plain English, a clause: "the first take-profit was hit". */
  reason: string;
  /** ms since 1970 UTC. */
  since: number;
  /** The opening it was set for: it ends with it. `null` for what outlives one. */
  opening: number | null;
}
