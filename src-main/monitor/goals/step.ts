import type { Decimal } from '../../domain/numbers.ts';
import type { OrderSide, TimeInForce, TriggerBy } from '../../domain/order.ts';
import type { PositionIdx } from '../../domain/position.ts';
import type { Goal, Want } from './goal.ts';

/** A write, with the fields as they would be sent: prices on the tick, quantities on the step. */
export type Write =
  | /** The trading stop on the position itself. */ {
      do: 'set-stop';
      stopLoss: Decimal;
      triggerBy: TriggerBy;
    }
  | /** The trailing stop on the position itself. */ {
      do: 'set-trail';
      trailingStop: Decimal;
      /** It sleeps until this price; `null` from now on. */
      activePrice: Decimal | null;
    }
  | {
      do: 'amend';
      orderId: string;
      /** In all, filled part included. */
      quantity?: Decimal;
      price?: Decimal;
      triggerPrice?: Decimal;
      triggerBy?: TriggerBy;
      stopLoss?: Decimal;
    }
  | ({ do: 'place' } & PlacedOrder)
  | { do: 'cancel'; orderId: string }
  | /** A reduce-only market order. */ { do: 'close'; side: OrderSide; quantity: Decimal };

export interface PlacedOrder {
  /** What it is to the plan. */
  as: 'stop' | 'rung' | 'entry';
  side: OrderSide;
  type: 'Market' | 'Limit';
  quantity: Decimal;
  price?: Decimal;
  timeInForce?: TimeInForce;
  reduceOnly: boolean;
  closeOnTrigger: boolean;
  triggerPrice?: Decimal;
  triggerBy?: TriggerBy;
  /** 1 triggers on a rise to the price, 2 on a fall. */
  triggerDirection?: 1 | 2;
  /** Full stop of the position once it executes. */
  stopLoss?: Decimal;
  /** The level of a rung, the plan's id of an entry. */
  of?: number | string;
}

/** In this order they are sent. */
export const phases = ['protect', 'cancel', 'close', 'place'] as const;
export type StepPhase = (typeof phases)[number];

/** A step as a goal's own difference works it out. */
export interface Draft {
  phase: StepPhase;
  write: Write;
  /** What it does, a clause: "move the stop from 59000 to 60072.1". */
  text: string;
  goal: Goal;
  /** Only once these are confirmed. */
  after: readonly Draft[];
}

export interface Step extends Omit<Draft, 'after'> {
  symbol: string;
  positionIdx: PositionIdx;
  /**
   * The name of this wish: the same facts and goals give the same one, and what the venue has had and
   * ended before is never named again. The order link id follows from it.
   */
  wish: string;
  /** Wishes of steps that must be confirmed before. */
  after: readonly string[];
}

/** Something an operator may choose instead. */
export interface Offer {
  text: string;
  /** The goal that choosing it sets; `null` where nothing is to be done. */
  want: Want | null;
}

/** A goal that cannot be met as things are. The sentence is true of the facts. */
export interface Blocked {
  goal: Goal;
  sentence: string;
  offers: readonly Offer[];
}

/** A goal of which it is not known whether it is met. */
export interface Waiting {
  goal: Goal;
  sentence: string;
}

/** A goal that a stronger one keeps from being followed. */
export interface Behind {
  goal: Goal;
  by: Goal;
  sentence: string;
}

/** What one kind of goal comes to. */
export interface Part {
  drafts: Draft[];
  blocked: Blocked[];
  waiting: Waiting[];
  behind: Behind[];
}

export const nothing = (): Part => ({ drafts: [], blocked: [], waiting: [], behind: [] });

export const joined = (parts: readonly Part[]): Part => ({
  drafts: parts.flatMap(({ drafts }) => drafts),
  blocked: parts.flatMap(({ blocked }) => blocked),
  waiting: parts.flatMap(({ waiting }) => waiting),
  behind: parts.flatMap(({ behind }) => behind),
});
