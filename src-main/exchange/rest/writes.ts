import { type Decimal, equal, isDecimal, isPositive, isZero, less } from '../../domain/numbers.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Sorted } from '../bybit/sort-error.ts';
import type {
  AmendOrder,
  Gateway,
  Lane,
  NewOrder,
  Refusal,
  TradingStop,
  WriteResult,
} from '../gateway.ts';
import type { Reads } from './reads.ts';
import type { Outcome, Request, RestClient } from './rest-client.ts';

const CATEGORY = 'linear';
const LINK_ID = /^[A-Za-z0-9_-]{1,36}$/;

type Writes = Pick<Gateway, 'place' | 'amend' | 'cancel' | 'setTradingStop'>;

/** The side of `current` the trigger lies on: 1 reached by a rise, 2 by a fall (P32). */
export const triggerDirectionOf = (trigger: string, current: string): 1 | 2 =>
  less(current, trigger) ? 1 : 2;

export function createWrites(options: {
  rest: RestClient;
  reads: Reads;
  /** Why nothing may be sent for a symbol; `null` when it may. */
  setAside(symbol: string): string | null;
  /** Whether the symbol is in hedge mode, as last seen; `null` when never seen. */
  hedged(symbol: string): boolean | null;
  learnMode(symbol: string): Promise<string | null>;
  forgetMode(symbol: string): void;
  /** Told when a write showed that nothing of this account will work until the operator acts. */
  stopped(sentence: string): void;
  /** Called when a write to `path` is sent; what it returns is called when the venue took it. */
  writing(path: string): () => void;
}): Writes {
  const { rest, reads } = options;

  const result = (trouble: Sorted, orderId: string | null, symbol: string): WriteResult => {
    if (trouble.cause === 'mode') options.forgetMode(symbol);
    if (trouble.verdict === 'stop') options.stopped(trouble.sentence);
    if (trouble.verdict === 'done') return { state: 'already', orderId };
    if (trouble.verdict === 'ask') return { state: 'unknown', reason: trouble.sentence };
    const { code, sentence: reason } = trouble;
    return { state: 'refused', code, reason, because: refusalOf(trouble) };
  };

  /** The one way a write goes out: none does for a symbol that is set aside, whoever wants it. */
  const send = async (symbol: string, request: Omit<Request, 'signed'>): Promise<Outcome> => {
    const why = options.setAside(symbol);
    if (why !== null) {
      const sentence = `${why} Nothing was sent.`;
      return { ok: false, trouble: { verdict: 'refused', code: 0, sentence, cause: 'odd' } };
    }
    const accepted = options.writing(request.path);
    const outcome = await rest.request({ ...request, signed: true });
    if (outcome.ok) accepted();
    return outcome;
  };

  const acceptedWith = (answer: unknown, orderId: string | null): WriteResult => {
    const named = (answer as { orderId?: unknown } | null)?.orderId;
    return {
      state: 'accepted',
      orderId: typeof named === 'string' && named !== '' ? named : orderId,
    };
  };

  /** The account's own mode of the symbol decides which index may be written (P06). */
  const refusedByMode = async (
    symbol: string,
    positionIdx: number,
  ): Promise<WriteResult | null> => {
    // What does not fit is asked once more: the mode can be switched elsewhere.
    if (options.hedged(symbol) !== (positionIdx !== 0)) {
      const failure = await options.learnMode(symbol);
      if (failure !== null) {
        return refused(
          `The position mode of ${symbol} could not be read: ${failure} Nothing was sent.`,
          'passing',
        );
      }
    }
    const hedged = options.hedged(symbol);
    if (hedged === null || hedged === (positionIdx !== 0)) return null;
    return refused(
      `${symbol} is in ${hedged ? 'hedge' : 'one-way'} mode on this account, but the order was meant for ${hedged ? 'one-way' : 'hedge'} mode. Nothing was sent.`,
    );
  };

  /** Sends what bears a position index; where the venue finds the mode another, reads it and tries once more. */
  const sendByMode = async (
    { symbol, positionIdx }: { symbol: string; positionIdx: number },
    request: Omit<Request, 'signed'>,
  ): Promise<Outcome | WriteResult> => {
    const before = await refusedByMode(symbol, positionIdx);
    if (before !== null) return before;
    const outcome = await send(symbol, request);
    if (outcome.ok || outcome.trouble.cause !== 'mode') return outcome;
    options.forgetMode(symbol);
    return (await refusedByMode(symbol, positionIdx)) ?? send(symbol, request);
  };

  /** The venue knows the link id (P30, 110072): what became of that order decides, not the code. */
  const foundByLink = async (order: NewOrder, trouble: Sorted): Promise<WriteResult> => {
    const { symbol, orderLinkId } = order;
    const found = await reads.order({ symbol, orderLinkId });
    const row = found.ok ? found.rows[0] : undefined;
    if (row === undefined) {
      return { state: 'unknown', reason: `${trouble.sentence} It is not in its lists yet.` };
    }
    const dead = hasEnded(row) && !isPositive(row.filledQuantity);
    if (dead || !isAsAsked(row, order)) {
      const what = dead ? 'it was not carried out' : 'it asks for something else';
      const reason = `The exchange has had an order of this id before, and ${what}.`;
      return { state: 'refused', code: trouble.code, reason, because: 'spent' };
    }
    return { state: 'already', orderId: row.orderId };
  };

  const directionOf = async (order: NewOrder): Promise<1 | 2 | null> => {
    if (order.triggerPrice === undefined) return null;
    if (order.triggerDirection !== undefined) return order.triggerDirection;
    const current = await reads.triggerBase(order.symbol, order.triggerBy ?? 'LastPrice');
    return current === null ? null : triggerDirectionOf(order.triggerPrice, current);
  };

  return {
    async place(order, lane) {
      const wrong = wrongNumber(order) ?? (LINK_ID.test(order.orderLinkId) ? null : 'orderLinkId');
      if (wrong !== null) return refused(`The order’s ${wrong} is not valid. Nothing was sent.`);
      const triggerDirection = await directionOf(order);
      if (order.triggerPrice !== undefined && triggerDirection === null) {
        return refused(
          `The price of ${order.symbol} could not be read, so the trigger direction is not known. Nothing was sent.`,
          'passing',
        );
      }
      const { type, quantity, ...given } = order;
      const outcome = await sendByMode(order, {
        path: '/v5/order/create',
        lane,
        call: 'place',
        send: (bybit) =>
          bybit.submitOrder({
            category: CATEGORY,
            ...given,
            orderType: type,
            qty: quantity,
            ...(triggerDirection === null ? {} : { triggerDirection }),
          }),
      });
      if ('state' in outcome) return outcome;
      if (outcome.ok) return acceptedWith(outcome.result, null);
      if (outcome.trouble.verdict === 'done') return foundByLink(order, outcome.trouble);
      return result(outcome.trouble, null, order.symbol);
    },

    async amend(change, lane) {
      const wrong = wrongNumber(change);
      if (wrong !== null) return refused(`The order’s ${wrong} is not valid. Nothing was sent.`);
      const { symbol, orderId, quantity, price, triggerPrice, triggerBy, stopLoss } = change;
      const outcome = await send(symbol, {
        path: '/v5/order/amend',
        lane,
        call: 'amend',
        send: (bybit) =>
          bybit.amendOrder({
            category: CATEGORY,
            symbol,
            orderId,
            ...(quantity === undefined ? {} : { qty: quantity }),
            ...(price === undefined ? {} : { price }),
            ...(triggerPrice === undefined ? {} : { triggerPrice }),
            ...(triggerBy === undefined ? {} : { triggerBy }),
            ...(stopLoss === undefined ? {} : { stopLoss }),
          }),
      });
      if (outcome.ok) return acceptedWith(outcome.result, orderId);
      return result(outcome.trouble, orderId, symbol);
    },

    async cancel({ symbol, orderId }, lane) {
      const outcome = await send(symbol, {
        path: '/v5/order/cancel',
        lane,
        call: 'cancel',
        send: (bybit) => bybit.cancelOrder({ category: CATEGORY, symbol, orderId }),
      });
      if (outcome.ok) return acceptedWith(outcome.result, orderId);
      return result(outcome.trouble, orderId, symbol);
    },

    async setTradingStop(stop: TradingStop, lane: Lane) {
      const { symbol, positionIdx, triggerBy, stopLoss, takeProfit, trailingStop, activePrice } =
        stop;
      const values = { stopLoss, takeProfit, trailingStop, activePrice };
      for (const [name, value] of Object.entries(values)) {
        if (value !== undefined && (!isDecimal(value) || less(value, '0'))) {
          return refused(`The ${name} is not valid. Nothing was sent.`);
        }
      }
      const outcome = await sendByMode(stop, {
        path: '/v5/position/trading-stop',
        lane,
        call: 'set',
        send: (bybit) =>
          bybit.setTradingStop({
            category: CATEGORY,
            symbol,
            positionIdx,
            tpslMode: 'Full',
            ...present(values),
            ...(triggerBy !== undefined && stopLoss !== undefined
              ? { slTriggerBy: triggerBy }
              : {}),
            ...(triggerBy !== undefined && takeProfit !== undefined
              ? { tpTriggerBy: triggerBy }
              : {}),
          }),
      });
      if ('state' in outcome) return outcome;
      if (outcome.ok) return acceptedWith(null, null);
      return result(outcome.trouble, null, symbol);
    },
  };
}

const refused = (reason: string, because: Refusal = 'lasting'): WriteResult => ({
  state: 'refused',
  code: 0,
  reason,
  because,
});

/** What follows from a refusal: see `Refusal`. What stops an account passes once the operator has acted. */
function refusalOf({ verdict, cause }: Sorted): Refusal {
  if (cause === 'gone' || cause === 'unamendable') return cause;
  return verdict === 'refused' && cause === null ? 'lasting' : 'passing';
}

/**
 * The first number that is not a positive decimal in plain notation (P28). The quantity "0" of a
 * reduce-only, close-on-trigger order is the venue's way to say the whole position.
 */
function wrongNumber(order: Partial<NewOrder & AmendOrder>): string | null {
  const closesAll = order.quantity === '0' && order.reduceOnly && order.closeOnTrigger;
  const numbers = {
    quantity: closesAll ? undefined : order.quantity,
    price: order.price,
    'trigger price': order.triggerPrice,
    stop: order.stopLoss === '0' ? undefined : order.stopLoss,
  };
  for (const [name, value] of Object.entries(numbers)) {
    if (value !== undefined && !(isDecimal(value) && isPositive(value))) return name;
  }
  return null;
}

/** The order asks for what was to be asked for: side, quantity (0: all there is), price and trigger. */
const isAsAsked = (row: Order, asked: NewOrder): boolean =>
  row.side === asked.side &&
  row.positionIdx === asked.positionIdx &&
  (isZero(asked.quantity) || equal(row.quantity, asked.quantity)) &&
  (asked.type === 'Market' || same(row.price, asked.price)) &&
  same(row.triggerPrice, asked.triggerPrice);

const same = (is: Decimal | null, asked: Decimal | undefined): boolean =>
  asked === undefined ? is === null : is !== null && equal(is, asked);

const present = (values: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
