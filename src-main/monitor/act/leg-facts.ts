import type { Cache } from '../../cache/cache.ts';
import type { Sight } from '../../cache/facts.ts';
import type { Clock } from '../../domain/clock.ts';
import { isOwnLink } from '../../domain/order.ts';
import type { Position } from '../../domain/position.ts';
import { type Fact, type Facts, known, type Prices } from '../goals/facts.ts';
import { PRICE_GOOD_FOR_MS } from '../goals/scene.ts';
import { factsOf } from '../rules/facts-of.ts';
import { protectionOf } from '../rules/protection.ts';
import { byRole, isSet } from '../rules/roles.ts';
import type { Watch } from '../watch/watch.ts';

/** Where what is known comes from. */
export interface Known {
  cache: Cache;
  clock: Clock;
}

/** The facts of a watch's leg, from rows that are fit for it: what was learned of it is among them. */
export function legFacts({ cache, clock }: Known, watch: Watch, rows: Sight): Facts {
  const { account, symbol, positionIdx, side, takeProfits, entries } = watch.monitor;
  const at = clock.now();
  const unknown = (reason: string) => ({ known: false as const, reason, since: at });
  const row = rows.positions.find((one) => one.positionIdx === positionIdx) ?? null;
  if (row?.side) watch.doing.flat = null;
  const position: Fact<Position | null> =
    row?.side && row.side !== side
      ? unknown('Another position has taken its place.')
      : known(row?.side ? row : null);
  const stops = byRole(
    rows.orders.filter((order) => order.positionIdx === positionIdx),
    side,
  ).stop;
  const { stop } = protectionOf(row?.side === side ? row : null, stops);
  const instrument = cache.instrument(symbol);
  const fees = cache.feeRate(account, symbol);
  const { version, doing } = { version: cache.version(watch.monitor), doing: watch.doing };
  return factsOf({
    account,
    symbol,
    positionIdx,
    at,
    position,
    orders: known(rows.orders),
    prices: pricesOf(cache, watch, at),
    instrument: instrument
      ? known(instrument)
      : unknown(`The rules of ${symbol} are not read yet.`),
    fees: fees ? known(fees) : unknown(`The fee rate of ${symbol} is not read yet.`),
    plan: { side, takeProfits, entries },
    // Beside a stop on the position only what was placed here is ours; without one, what covers most is.
    isOurs: ({ orderId, orderLinkId }) =>
      isOwnLink(orderLinkId) || (!isSet(row?.stopLoss ?? null) && orderId === stop?.orderId),
    gone: row?.side ? { since: at, reads: 0 } : goneOf(cache, watch, at),
    followed: null,
    unamendable: [...doing.unamendable],
    spent: [...doing.spent],
    refused: [...doing.refused].flatMap(([wish, refusal]) =>
      refusal.version === version ? [{ wish, reason: refusal.reason }] : [],
    ),
  });
}

/** How well it is proven that a position is gone: counts the whole reads since it was first seen to be (P38). */
function goneOf(
  cache: Cache,
  { monitor, doing }: Watch,
  at: number,
): { since: number; reads: number } {
  const { wholeAsOf } = cache.look(monitor);
  doing.flat ??= { since: at, reads: 0, wholeAsOf: at };
  if (wholeAsOf > doing.flat.wholeAsOf) {
    doing.flat.reads += 1;
    doing.flat.wholeAsOf = wholeAsOf;
  }
  return doing.flat;
}

/** The newest evidence of the price: what was told of the contract, or a fill of our own (H4). */
function pricesOf(cache: Cache, { monitor, traded }: Watch, at: number): Fact<Prices> {
  const told = cache.ticker(monitor.symbol);
  if (traded && traded.at >= (told?.asOf ?? 0)) {
    const isGood = told !== null && at - told.asOf <= PRICE_GOOD_FOR_MS;
    const mark = traded.markPrice ?? (isGood ? told.ticker.markPrice : null);
    const index = isGood ? told.ticker.indexPrice : null;
    return known({ last: traded.price, mark, index, asOf: traded.at });
  }
  if (told === null)
    return { known: false, reason: `No price of ${monitor.symbol} has come in.`, since: at };
  const { lastPrice, markPrice, indexPrice } = told.ticker;
  return known({ last: lastPrice, mark: markPrice, index: indexPrice, asOf: told.asOf });
}
