import type { Ticker } from '../../domain/instrument.ts';
import { figure, type Payload, payloadOf, requiredSymbol, shownPrice } from './fields.ts';

/**
 * A whole ticker: a row of `market/tickers` or a stream `snapshot`, which replaces what was. A figure that
 * cannot be read is not known; the others stand.
 */
export function mapTicker(value: unknown): Ticker {
  const row = payloadOf(value, 'a ticker');
  return {
    symbol: requiredSymbol(row),
    lastPrice: shownPrice(row, 'lastPrice'),
    markPrice: shownPrice(row, 'markPrice'),
    indexPrice: shownPrice(row, 'indexPrice'),
    bidPrice: shownPrice(row, 'bid1Price'),
    askPrice: shownPrice(row, 'ask1Price'),
    fundingRate: figure(row, 'fundingRate'),
    nextFundingAt: shownTime(row),
    change24h: figure(row, 'price24hPcnt'),
  };
}

const shownTime = (row: Payload): number | null => {
  const at = Number(figure(row, 'nextFundingTime') ?? Number.NaN);
  return Number.isSafeInteger(at) ? at : null;
};

/** A stream `delta` laid over what was: only the fields it names change. */
export function mergeTicker(before: Ticker, value: unknown): Ticker {
  const row = payloadOf(value, 'a ticker');
  const delta = mapTicker(row);
  const has = (name: string): boolean => row[name] !== undefined;
  return {
    symbol: before.symbol,
    lastPrice: has('lastPrice') ? delta.lastPrice : before.lastPrice,
    markPrice: has('markPrice') ? delta.markPrice : before.markPrice,
    indexPrice: has('indexPrice') ? delta.indexPrice : before.indexPrice,
    bidPrice: has('bid1Price') ? delta.bidPrice : before.bidPrice,
    askPrice: has('ask1Price') ? delta.askPrice : before.askPrice,
    fundingRate: has('fundingRate') ? delta.fundingRate : before.fundingRate,
    nextFundingAt: has('nextFundingTime') ? delta.nextFundingAt : before.nextFundingAt,
    change24h: has('price24hPcnt') ? delta.change24h : before.change24h,
  };
}
