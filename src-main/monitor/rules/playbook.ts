import type { Action } from '../../domain/action.ts';
import type { FeeRate } from '../../domain/instrument.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { type Decimal, equal, largest } from '../../domain/numbers.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { isBetterStop, legBreakeven } from './breakeven.ts';
import { protectionOf } from './protection.ts';
import { byRole } from './roles.ts';

/** What the rule rests on, as of the moment of deciding. */
export interface PlaybookView {
  position: Position | null;
  /** Open orders of the position. */
  orders: readonly Order[];
  /** Latest price that could trigger a stop; `null` when none is known. */
  price: Decimal | null;
  fee: FeeRate;
  tickSize: Decimal;
  /** The venue has refused to amend the stop order: it is to be replaced. */
  amendRefused: boolean;
}

/** One write the rule wants. */
export interface Step {
  action: Action;
  /** What it does and why, for the operator: "move the stop from 95 to 100.2, ...". */
  text: string;
  /** Only after the step before it is confirmed. */
  afterPrevious: boolean;
}

export interface Plan {
  steps: Step[];
  /** Where the stop has to be for the rule to be fulfilled; `null` when there is nothing to protect. */
  breakeven: Decimal | null;
  /** Why the stop cannot be moved now; the old one stays. */
  blocked: string | null;
}

/**
 * The rule for the first take-profit: the stop to the leg's breakeven, only ever in the better
 * direction, and the entries that are still open cancelled. The stop comes first; it is amended where
 * it is, and where the venue refuses that the new one is placed before the old one is cancelled (P22).
 * Nothing is wanted of a flat position (P27), and sizes are the account's own (P35).
 */
export function afterFirstTakeProfit(monitor: Monitor, view: PlaybookView): Plan {
  const { position, fee } = view;
  const { side, symbol, positionIdx } = monitor;
  const place = { symbol, positionIdx };
  const roles = byRole(view.orders, side);
  const known = new Set(monitor.entries.map((entry) => entry.orderId));
  const cancels = roles.entry
    .filter((order) => known.has(order.orderId) && !hasEnded(order))
    .map(
      (order): Step => ({
        action: { do: 'cancel', ...place, orderId: order.orderId },
        text: `cancel the entry order for ${order.quantity} at ${order.price ?? 'market'}, because the first take-profit was hit`,
        afterPrevious: false,
      }),
    );
  if (position === null || position.side !== side || position.entryPrice === null)
    return { steps: cancels, breakeven: null, blocked: null };

  // How the entry was filled is not known for sure, and a stop always takes: the dearer rate for both.
  const rate = largest(fee.taker, fee.maker);
  const breakeven = legBreakeven({
    side,
    entryPrice: position.entryPrice,
    feeIn: rate,
    feeOut: rate,
    tickSize: view.tickSize,
  });
  const { stop } = protectionOf(position, roles.stop);
  if (!isBetterStop(side, breakeven, stop?.price ?? null))
    return { steps: cancels, breakeven, blocked: null };
  if (view.price === null)
    return { steps: cancels, breakeven, blocked: `the price of ${symbol} is not known` };
  if (!isBetterStop(side, view.price, breakeven)) {
    const beyond = side === 'long' ? 'below' : 'above';
    const where = equal(view.price, breakeven) ? 'at' : beyond;
    const blocked = `the price ${view.price} is already ${where} the breakeven of ${breakeven}`;
    return { steps: cancels, breakeven, blocked };
  }
  const from = stop ? `from ${stop.price} ` : '';
  const text = `move the stop ${from}to ${breakeven} (breakeven with fees), because the first take-profit was hit`;
  const steps: Step[] = [];
  if (stop?.source !== 'order' || stop.orderId === null) {
    steps.push({
      action: { do: 'set-stop', ...place, price: breakeven },
      text,
      afterPrevious: false,
    });
  } else if (!view.amendRefused) {
    steps.push({
      action: { do: 'amend-stop', ...place, orderId: stop.orderId, price: breakeven },
      text,
      afterPrevious: false,
    });
  } else {
    const long = side === 'long';
    steps.push(
      {
        action: {
          do: 'place-stop',
          ...place,
          side: long ? 'Sell' : 'Buy',
          quantity: position.size,
          price: breakeven,
          triggerDirection: long ? 2 : 1,
        },
        text,
        afterPrevious: false,
      },
      {
        action: { do: 'cancel', ...place, orderId: stop.orderId },
        text: `cancel the old stop at ${stop.price}, now replaced`,
        afterPrevious: true,
      },
    );
  }
  return { steps: [...steps, ...cancels], breakeven, blocked: null };
}
