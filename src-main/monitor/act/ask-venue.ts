import type { Cache } from '../../cache/cache.ts';
import type { Action } from '../../domain/action.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Decimal, equal, isPositive, isZero } from '../../domain/numbers.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { type Read, rowsOf } from '../../domain/read.ts';
import type { Gateway, WriteResult } from '../../exchange/gateway.ts';
import type { Intent } from './intent.ts';

/** Whether a write has taken effect, by the venue's own word. */
export type Effect = 'done' | 'not-done' | 'unknown';

/** How long an effect may take to show on the stream, ms. */
const ON_STREAM_MS = 2_000;
/** Then it is asked for this often, at this distance. */
const ASKS = 3;
const ASK_EVERY_MS = 500;

export interface Venue {
  cache: Cache;
  gateway: Gateway;
  clock: Clock;
}

/** Sends one write. A throw of the gateway is an unknown outcome, never a refusal. */
export async function sendTo(venue: Venue, intent: Intent): Promise<WriteResult> {
  const { gateway } = venue;
  const { action, orderLinkId } = intent.data;
  try {
    switch (action.do) {
      case 'set-stop': {
        const { symbol, positionIdx, price, triggerBy } = action;
        return await gateway.setTradingStop(
          { symbol, positionIdx, stopLoss: price, triggerBy },
          'protect',
        );
      }
      case 'amend-stop': {
        const { symbol, orderId, price, quantity } = action;
        return await gateway.amend({ symbol, orderId, triggerPrice: price, quantity }, 'protect');
      }
      case 'place-stop': {
        const { symbol, positionIdx, side, quantity, price, triggerBy, triggerDirection } = action;
        return await gateway.place(
          {
            symbol,
            positionIdx,
            side,
            type: 'Market',
            quantity,
            reduceOnly: true,
            closeOnTrigger: true,
            triggerPrice: price,
            triggerBy,
            triggerDirection,
            orderLinkId,
          },
          'protect',
        );
      }
      case 'close': {
        const { symbol, positionIdx, side, quantity } = action;
        return await gateway.place(
          { symbol, positionIdx, side, type: 'Market', quantity, reduceOnly: true, orderLinkId },
          'protect',
        );
      }
      default:
        return await gateway.cancel({ symbol: action.symbol, orderId: action.orderId }, 'cancel');
    }
  } catch (thrown) {
    return { state: 'unknown', reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Waits for the effect on the ready stream, then asks the venue for it, some times over. */
export async function effectOf(venue: Venue, intent: Intent): Promise<Effect> {
  if (await showsOnStream(venue, intent)) return 'done';
  let effect: Effect = 'unknown';
  for (let ask = 0; ask < ASKS; ask += 1) {
    if (ask > 0) {
      await new Promise<void>((resolve) => {
        venue.clock.after(ASK_EVERY_MS, resolve);
      });
    }
    effect = await askFor(venue, intent);
    if (effect === 'done') return effect;
  }
  return effect;
}

/** One question to the venue about what a write was to bring about. */
export async function askFor(venue: Venue, intent: Intent): Promise<Effect> {
  const { cache } = venue;
  const { action, orderLinkId } = intent.data;
  const { account } = venue.gateway;
  const asked = async <T>(
    question: Promise<Read<T>>,
    shows: (rows: readonly T[]) => boolean,
  ): Promise<Effect> => {
    const read = await question.catch((): Read<T> => ({ state: 'unknown', reason: 'failed' }));
    if (read.state === 'unknown') return 'unknown';
    return shows(rowsOf(read)) ? 'done' : 'not-done';
  };
  const { symbol } = action;
  switch (action.do) {
    case 'set-stop':
      return asked(cache.askPosition(account, symbol), (rows) =>
        rows.some((row) => row.positionIdx === action.positionIdx && hasStop(row, action)),
      );
    case 'amend-stop':
      return asked(cache.askOrder(account, { symbol, orderId: action.orderId }), (rows) =>
        rows.some((row) => isAmended(row, action)),
      );
    case 'place-stop':
      return asked(cache.askOrder(account, { symbol, orderLinkId }), (rows) =>
        rows.some((row) => isStop(row, action)),
      );
    case 'close':
      return asked(cache.askOrder(account, { symbol, orderLinkId }), (rows) =>
        rows.some((row) => hasEnded(row) && isPositive(row.filledQuantity)),
      );
    default:
      // Already gone is success: whether it was filled or cancelled is for `detect` to tell (P31).
      return asked(cache.askOrder(account, { symbol, orderId: action.orderId }), (rows) =>
        rows.every((row) => hasEnded(row)),
      );
  }
}

const hasStop = (row: Position, action: Extract<Action, { do: 'set-stop' }>): boolean =>
  row.stopLoss !== null && equal(row.stopLoss, action.price);
const hasTrigger = (row: Order, action: { price: Decimal }): boolean =>
  row.triggerPrice !== null && equal(row.triggerPrice, action.price);
const isAmended = (row: Order, action: Extract<Action, { do: 'amend-stop' }>): boolean =>
  hasTrigger(row, action) &&
  (action.quantity === undefined || equal(row.quantity, action.quantity));

/** The stop that was asked for, waiting or set off; not one that was taken and then rejected or cancelled. */
const isStop = (row: Order, action: Extract<Action, { do: 'place-stop' }>): boolean =>
  hasTrigger(row, action) &&
  (isZero(action.quantity) || equal(row.quantity, action.quantity)) &&
  (!hasEnded(row) || isPositive(row.filledQuantity));

/** True as soon as the stream-confirmed state shows the effect; false when it does not in time. */
function showsOnStream(venue: Venue, intent: Intent): Promise<boolean> {
  const { cache, clock } = venue;
  return new Promise((resolve) => {
    let cancel = (): void => {};
    let unsubscribe = (): void => {};
    const end = (shown: boolean): void => {
      cancel();
      unsubscribe();
      resolve(shown);
    };
    const look = (): void => {
      const state = streamState(cache, intent);
      if (state !== 'waiting') end(state === 'shown');
    };
    unsubscribe = cache.subscribe((change) => {
      if (change.kind !== 'tickers') look();
    });
    cancel = clock.after(ON_STREAM_MS, () => end(false));
    look();
  });
}

function streamState(cache: Cache, intent: Intent): 'shown' | 'waiting' | 'no stream' {
  const { account } = intent;
  const { action, orderLinkId } = intent.data;
  if (cache.link(account).stream !== 'ready') return 'no stream';
  const place = { account, symbol: action.symbol, positionIdx: action.positionIdx };
  if (cache.setAsideOf(place) !== null) return 'waiting';
  let shown = false;
  switch (action.do) {
    case 'set-stop': {
      const position = cache.positionAt(place);
      shown = position !== null && hasStop(position, action);
      break;
    }
    case 'amend-stop':
      shown = cache
        .ordersAt(place)
        .some((row) => row.orderId === action.orderId && isAmended(row, action));
      break;
    case 'place-stop':
      shown = cache
        .ordersAt(place)
        .some((row) => row.orderLinkId === orderLinkId && isStop(row, action));
      break;
    case 'close':
      shown = cache.positionAt(place) === null;
      break;
    case 'cancel':
      shown = cache.endedOrder(account, action.orderId) !== null;
      break;
  }
  return shown ? 'shown' : 'waiting';
}
