import type { AccountId } from '../../domain/account.ts';
import { type Decimal, isZero, minus, smallest } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, PositionIdx } from '../../domain/position.ts';
import type { SetAside } from '../../domain/set-aside.ts';
import { plural } from '../../domain/words.ts';
import type { Write } from '../goals/step.ts';
import { roleOf } from './roles.ts';

/** One write on the way to an account with nothing open. */
export interface ClosingStep {
  symbol: string;
  positionIdx: PositionIdx;
  write: Extract<Write, { do: 'cancel' | 'close' }>;
  /** What it does, for the operator: "close the long of 0.5 BTCUSDT at the market". */
  text: string;
  /** What it is about: an order, or one leg of a symbol. Attempts are counted by it. */
  subject: string;
}

/**
 * The next writes towards nothing open, from whole lists of open positions and orders, adopted or not
 * (P62). Of an open leg only the entries are cancelled, then it is closed at the market; its stop stays
 * in force until it is flat (P22). Of a flat leg what could open it goes first, the rest, stops
 * included, once nothing can. Nothing reduce-only is wanted of a flat leg (P27). `maxMarket` is the
 * most one market order may be for.
 */
export function closingPlan(
  positions: readonly Position[],
  orders: readonly Order[],
  maxMarket: (symbol: string) => Decimal | null,
): ClosingStep[] {
  const open = new Map(positions.map((row) => [legOf(row), row]));
  const steps = cancelsOf(open, orders);
  for (const [leg, position] of open) {
    const { symbol, positionIdx, side, size } = position;
    if (side === null) continue;
    const most = maxMarket(symbol) ?? size;
    for (let left = size; !isZero(left); ) {
      const quantity = smallest(left, most);
      left = minus(left, quantity);
      steps.push({
        symbol,
        positionIdx,
        write: { do: 'close', side: side === 'long' ? 'Sell' : 'Buy', quantity },
        text: `close ${quantity} of the ${side} ${symbol} at market`,
        subject: leg,
      });
    }
  }
  return steps;
}

function cancelsOf(open: Map<string, Position>, orders: readonly Order[]): ClosingStep[] {
  const reopening = new Set(orders.filter((order) => !onlyCloses(order)).map(legOf));
  return orders
    .filter((order) => {
      const side = open.get(legOf(order))?.side;
      if (side) return roleOf(order, side) === 'entry';
      return !onlyCloses(order) || !reopening.has(legOf(order));
    })
    .map(({ symbol, positionIdx, orderId, side, quantity }) => ({
      symbol,
      positionIdx,
      write: { do: 'cancel', orderId },
      text: `cancel the ${side} order for ${quantity} ${symbol}`,
      subject: orderId,
    }));
}

const onlyCloses = (order: Order): boolean => order.reduceOnly || order.closeOnTrigger;

/** What the attempts at one leg are counted by. */
export const legOf = (of: { symbol: string; positionIdx: number }): string =>
  `${of.symbol} ${of.positionIdx}`;

/** What is left of an account by the venue's own word. */
export interface Receipt {
  account: AccountId;
  /** One for each symbol that was left out, whatever it holds. */
  positions: number;
  orders: number;
  /** For the operator: what is left and what to do. */
  text: string;
}

/** As many of what is left are named one by one. */
const NAMED = 5;

export function receiptOf(
  account: AccountId,
  positions: readonly Position[],
  orders: readonly Order[],
  why: string | null,
  leftOut: readonly SetAside[] = [],
): Receipt {
  const counts = {
    account,
    positions: positions.length + leftOut.length,
    orders: orders.length,
  };
  const figures = `${plural(positions.length, 'position')} and ${plural(orders.length, 'order')}`;
  const without = leftOut
    .map(({ symbol, sentence }) => ` ${symbol} was left out: ${sentence}`)
    .join('');
  if (positions.length + orders.length === 0) {
    const but = leftOut.length > 0 ? ' in part' : '';
    return {
      ...counts,
      text: `${account} is closed${but}: the exchange shows ${figures}.${without}`,
    };
  }
  const names = [
    ...positions.map(({ symbol, side, size }) => `${side ?? 'flat'} ${size} ${symbol}`),
    ...orders.map(({ symbol, side, quantity }) => `${side} order for ${quantity} ${symbol}`),
  ];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const left = `${account} is not closed: ${figures} left (${names.slice(0, NAMED).join(', ')}${more}).`;
  return {
    ...counts,
    text: `${left}${why ? ` ${why}` : ''} Close the rest on Bybit now.${without}`,
  };
}
