import type { Ticker } from '../../domain/instrument.ts';
import type { Candle } from '../gateway.ts';
import { decimal, listOf, MalformedRow, payloadOf, price, requiredText, whole } from './fields.ts';

/** A whole ticker: a row of `market/tickers` or a stream `snapshot`, which replaces what was. */
export function mapTicker(value: unknown): Ticker {
  const row = payloadOf(value, 'a ticker');
  return {
    symbol: requiredText(row, 'symbol'),
    lastPrice: price(row, 'lastPrice'),
    markPrice: price(row, 'markPrice'),
    indexPrice: price(row, 'indexPrice'),
    bidPrice: price(row, 'bid1Price'),
    askPrice: price(row, 'ask1Price'),
    fundingRate: decimal(row, 'fundingRate'),
    nextFundingAt: whole(row, 'nextFundingTime'),
    change24h: decimal(row, 'price24hPcnt'),
  };
}

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

/** A row of `market/kline`: `[start, open, high, low, close, volume, turnover]`, all text. */
export function mapCandle(value: unknown): Candle {
  const [start, open, high, low, close] = listOf(value, 'a candle');
  const row = { start, open, high, low, close };
  const bar = {
    at: whole(row, 'start'),
    open: decimal(row, 'open'),
    high: decimal(row, 'high'),
    low: decimal(row, 'low'),
    close: decimal(row, 'close'),
  };
  if (Object.values(bar).includes(null)) throw new MalformedRow('a candle with a price missing');
  return bar as Candle;
}
