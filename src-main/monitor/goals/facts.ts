import type { AccountId } from '../../domain/account.ts';
import type { FeeRate, Instrument } from '../../domain/instrument.ts';
import type { Decimal } from '../../domain/numbers.ts';
import type { OrderSide, TriggerBy } from '../../domain/order.ts';
import type { PositionIdx, Side } from '../../domain/position.ts';

/** One part of a set of facts: known, or not, with a reason and since when (ms since 1970 UTC). */
export type Fact<T> =
  | { known: true; value: T }
  | { known: false /** A whole sentence. */; reason: string; since: number };

/** The trading stop on the position itself: it covers the whole position whatever its size. */
export interface PositionStop {
  price: Decimal;
  triggerBy: TriggerBy;
}

/** The trailing stop on the position itself. Distance in the quote currency. */
export interface Trail {
  distance: Decimal;
  /** Where it stands now; `null` while it sleeps, or when the venue does not say. */
  trigger: Decimal | null;
}

export interface Held {
  side: Side;
  /** Base quantity, more than zero. */
  size: Decimal;
  entryPrice: Decimal | null;
  /** What tells this opening from an earlier one of the same symbol: ms since 1970 UTC. */
  opening: number | null;
  stop: PositionStop | null;
  trail: Trail | null;
}

export interface Flat {
  side: null;
  /** ms since 1970 UTC. */
  since: number;
  /** Whole reads, begun one after the other, that say so. */
  reads: number;
}

/** A stop that is an order of its own; `whole` closes everything whatever its size. */
export interface StopOrder {
  orderId: string;
  price: Decimal;
  /** What it still has open. */
  quantity: Decimal | 'whole';
  triggerBy: TriggerBy;
  /** Hangs on the position (a partial stop): it can never be for more than the position. */
  leg: boolean;
  /** Ours, or part of the plan; another's is counted as cover and never touched. */
  own: boolean;
}

/** A take-profit of ours. Quantities are the venue's totals for the order (P13). */
export interface Rung {
  level: number;
  orderId: string | null;
  price: Decimal;
  quantity: Decimal;
  filledQuantity: Decimal;
  /** `open` on the book, `filled` for good, `gone` when ended unfilled. */
  state: 'open' | 'filled' | 'gone';
  /** Waits for its price as a trigger instead of resting in the book. */
  conditional: boolean;
}

/** An entry order of ours, known to the plan by `id`. */
export interface Entry {
  id: string;
  orderId: string;
  side: OrderSide;
  /** `null` for a market order. */
  price: Decimal | null;
  quantity: Decimal;
  filledQuantity: Decimal;
  state: 'open' | 'filled' | 'gone';
  /** The stop that replaces the position's when this order executes; `null` for none. */
  stopLoss: Decimal | null;
}

/** An order that is neither ours nor in the plan: listed, and only touched when all orders are to go. */
export interface ForeignOrder {
  orderId: string;
  side: OrderSide;
  /** What it still has open. */
  quantity: Decimal;
  price: Decimal | null;
  /** It takes up room that only the position's size gives: reduce-only, on the book, closing side. */
  reduces: boolean;
}

/** The orders of one leg. */
export interface LegOrders {
  stops: readonly StopOrder[];
  rungs: readonly Rung[];
  entries: readonly Entry[];
  foreign: readonly ForeignOrder[];
  /** Orders of which the venue has said that they cannot be amended. */
  unamendable: readonly string[];
  /** Conditional orders of the symbol, both legs: the venue takes ten. */
  conditional: number;
}

export interface Prices {
  last: Decimal | null;
  mark: Decimal | null;
  index: Decimal | null;
  /** ms since 1970 UTC. */
  asOf: number;
}

export type Rules = Pick<
  Instrument,
  'tickSize' | 'quantityStep' | 'minQuantity' | 'maxMarketQuantity' | 'minNotional'
>;

/**
 * One fresh set of facts of one leg: everything a plan rests on, taken at one moment. Nothing in it is
 * remembered from a plan before; what the executor has learned from the venue is a fact like any other.
 */
export interface Facts {
  account: AccountId;
  symbol: string;
  positionIdx: PositionIdx;
  /** When the set was taken, ms since 1970 UTC. */
  at: number;
  position: Fact<Held | Flat>;
  orders: Fact<LegOrders>;
  prices: Fact<Prices>;
  instrument: Fact<Rules>;
  fees: Fact<FeeRate>;
  /** Size of the same leg on the account this one follows; `null` when it follows none. */
  followed: Fact<Decimal> | null;
  /** Wishes whose order the venue has had before and has ended since: a repeat needs a new name (P30). */
  spent: readonly string[];
  /** What the venue refused for good: the wish, and its reason as a sentence. */
  refused: readonly { wish: string; reason: string }[];
}

export const known = <T>(value: T): Fact<T> => ({ known: true, value });
