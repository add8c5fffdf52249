import type { Cache } from '../../cache/cache.ts';
import type { Clock } from '../../domain/clock.ts';
import { type Decimal, equal, isPositive, isZero } from '../../domain/numbers.ts';
import { hasEnded, type Order } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { type Read, rowsOf } from '../../domain/read.ts';
import type { Place } from '../../exchange/account-book.ts';
import type { Write } from '../goals/step.ts';
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
  clock: Clock;
}

/** Waits for the effect on the ready stream, then asks the venue for it, some times over. */
export async function effectOf(
  venue: Venue,
  intent: Intent,
  orderId: string | null,
): Promise<Effect> {
  const streamed = await onStream(venue, intent, orderId);
  if (streamed !== 'unknown') return streamed;
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
export async function askFor({ cache }: Pick<Venue, 'cache'>, intent: Intent): Promise<Effect> {
  const { account } = intent;
  const { symbol, positionIdx, write, orderLinkId } = intent.data;
  const asked = async <T>(
    question: Promise<Read<T>>,
    shows: (rows: readonly T[]) => boolean,
  ): Promise<Effect> => {
    const read = await question.catch((): Read<T> => ({ state: 'unknown', reason: 'failed' }));
    if (read.state === 'unknown') return 'unknown';
    return shows(rowsOf(read)) ? 'done' : 'not-done';
  };
  switch (write.do) {
    case 'set-stop':
    case 'set-trail':
      return asked(cache.askPosition(account, symbol), (rows) =>
        rows.some((row) => row.positionIdx === positionIdx && hasLevel(row, write)),
      );
    case 'amend':
      return asked(cache.askOrder(account, { symbol, orderId: write.orderId }), (rows) =>
        rows.some((row) => isAmended(row, write)),
      );
    case 'place':
    case 'close':
      return asked(cache.askOrder(account, { symbol, orderLinkId }), (rows) =>
        rows.some((row) => isTaken(row, write)),
      );
    default:
      // Already gone is success: whether it was filled or cancelled is for `detect` to tell (P31).
      return asked(cache.askOrder(account, { symbol, orderId: write.orderId }), (rows) =>
        rows.every((row) => hasEnded(row)),
      );
  }
}

type WriteOf<K extends Write['do']> = Extract<Write, { do: K }>;

const is = (a: Decimal | null, b: Decimal): boolean => a !== null && equal(a, b);
const named = (wanted: Decimal | undefined, present: Decimal | null): boolean =>
  wanted === undefined || is(present, wanted);

const hasLevel = (row: Position, write: WriteOf<'set-stop' | 'set-trail'>): boolean =>
  write.do === 'set-stop'
    ? is(row.stopLoss, write.stopLoss)
    : is(row.trailingStop, write.trailingStop);

/** Each field that was to change is as it was asked for. */
const isAmended = (row: Order, write: WriteOf<'amend'>): boolean =>
  named(write.triggerPrice, row.triggerPrice) &&
  named(write.price, row.price) &&
  named(write.quantity, row.quantity) &&
  named(write.stopLoss, row.stopLoss) &&
  (write.triggerBy === undefined || write.triggerBy === row.triggerBy);

/** The order that was asked for, open or carried out; not one that was taken and then rejected or cancelled. */
const isTaken = (row: Order, write: WriteOf<'place' | 'close'>): boolean => {
  const isAsked =
    write.do === 'close' ||
    (named(write.triggerPrice, row.triggerPrice) &&
      (write.type === 'Market' || named(write.price, row.price)) &&
      (isZero(write.quantity) || equal(row.quantity, write.quantity)));
  const waits = write.do === 'place' && !hasEnded(row);
  return isAsked && (waits || (hasEnded(row) && isPositive(row.filledQuantity)));
};

/**
 * What the stream-confirmed state shows, as soon as it does; `unknown` when it shows nothing in time, or
 * there is no stream.
 */
function onStream(
  { cache, clock }: Venue,
  intent: Intent,
  orderId: string | null,
): Promise<Effect> {
  return new Promise((resolve) => {
    let cancel = (): void => {};
    let unsubscribe = (): void => {};
    const end = (effect: Effect): void => {
      cancel();
      unsubscribe();
      resolve(effect);
    };
    const look = (): void => {
      if (cache.link(intent.account).stream !== 'ready') return end('unknown');
      const effect = streamed(cache, intent, orderId);
      if (effect !== 'unknown') end(effect);
    };
    unsubscribe = cache.subscribe((change) => {
      if ('account' in change && change.account === intent.account) look();
    });
    cancel = clock.after(ON_STREAM_MS, () => end('unknown'));
    look();
  });
}

function streamed(cache: Cache, intent: Intent, orderId: string | null): Effect {
  const { account } = intent;
  const { symbol, positionIdx, write, orderLinkId } = intent.data;
  const place: Place = { account, symbol, positionIdx };
  if (cache.setAsideOf(place) !== null) return 'unknown';
  const ended = (id: string | null): Order | null => (id ? cache.endedOrder(account, id) : null);
  const shown = (is: boolean): Effect => (is ? 'done' : 'unknown');
  switch (write.do) {
    case 'set-stop': {
      const position = cache.positionAt(place);
      const own = cache.ordersAt(place).find((row) => row.stopOrderType === 'StopLoss');
      const by = own?.triggerBy ?? write.triggerBy;
      return shown(position !== null && hasLevel(position, write) && by === write.triggerBy);
    }
    case 'set-trail': {
      const position = cache.positionAt(place);
      return shown(position !== null && hasLevel(position, write));
    }
    case 'amend': {
      const row = cache.ordersAt(place).find((one) => one.orderId === write.orderId);
      if (row) return shown(isAmended(row, write));
      const last = ended(write.orderId);
      return last ? (isAmended(last, write) ? 'done' : 'not-done') : 'unknown';
    }
    case 'place':
    case 'close': {
      const row = cache.ordersAt(place).find((one) => one.orderLinkId === orderLinkId);
      if (row) return shown(isTaken(row, write));
      const last = ended(orderId);
      return last ? (isTaken(last, write) ? 'done' : 'not-done') : 'unknown';
    }
    default:
      return shown(ended(write.orderId) !== null);
  }
}
