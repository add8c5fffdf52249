import type { Decimal } from './numbers.ts';
import type { OrderSide, TriggerBy } from './order.ts';
import type { PositionIdx } from './position.ts';

interface Place {
  symbol: string;
  positionIdx: PositionIdx;
}

/** One write to the venue. Prices in the quote currency, quantities in base. */
export type Action = Place &
  (
    | /** The trading stop on the position itself. */ {
        do: 'set-stop';
        price: Decimal;
        /** Kept as it was; without it the venue takes the last price. */
        triggerBy?: TriggerBy;
      }
    | {
        do: 'amend-stop';
        orderId: string;
        price: Decimal;
        /** In all, where that changes too. */
        quantity?: Decimal;
      }
    | /** A conditional market order that closes up to `quantity`. */ {
        do: 'place-stop';
        side: OrderSide;
        quantity: Decimal;
        price: Decimal;
        triggerBy?: TriggerBy;
        /** 1 triggers on a rise to the price, 2 on a fall. */
        triggerDirection: 1 | 2;
      }
    | { do: 'cancel'; orderId: string }
    | /** A reduce-only market order against an open leg. */ {
        do: 'close';
        side: OrderSide;
        quantity: Decimal;
      }
  );
