import { nextFunding } from '../engine/account/funding.ts';
import { contractOf, quoteOf } from '../engine/state/venue.ts';
import { Refusal } from '../refusal.ts';
import { candleRow, candlesOf, intervalMs } from '../rows/candles.ts';
import { bookRow, instrumentRow, priceLimitRow, riskRows, tickerRow } from '../rows/market.ts';
import { type Answer, type Call, cursorOf, limitOf, type PublicRoute } from './route.ts';

const categories = new Set(['linear', 'inverse', 'spot', 'option']);

function categoryOf(call: Call): string {
  const category = call.query.category ?? '';
  if (!categories.has(category)) throw new Refusal(10001, 'params error: category invalid');
  return category;
}

function instruments(call: Call): Answer {
  const category = categoryOf(call);
  const { symbol, baseCoin, status } = call.query;
  const wanted = status || 'Trading';
  const all = [...call.venue.contracts.values()].filter(
    (contract) => category === 'linear' && contract.status === wanted,
  );
  const rows = all.filter(
    (contract) =>
      (!symbol || contract.symbol === symbol) && (!baseCoin || contract.base === baseCoin),
  );
  if (symbol && category === 'linear' && wanted === 'Trading' && rows.length === 0) {
    throw new Refusal(10001, 'params error: symbol invalid');
  }
  const limit = limitOf(call.query, 500, 1000);
  const last = /last=(.+)$/.exec(cursorOf(call.query)?.join(',') ?? '')?.[1];
  const from = last === undefined ? 0 : rows.findIndex((row) => row.symbol === last) + 1;
  const page = rows.slice(from, from + limit);
  const more = from + limit < rows.length;
  const cursor = more
    ? encodeURIComponent(`first=${page[0]?.symbol ?? ''}&last=${page.at(-1)?.symbol ?? ''}`)
    : '';
  return { result: { category, list: page.map(instrumentRow), nextPageCursor: cursor } };
}

function tickers(call: Call): Answer {
  const category = categoryOf(call);
  const { symbol, baseCoin } = call.query;
  if (category !== 'linear') return { result: { category, list: [] } };
  const quotes = symbol
    ? [quoteOf(call.venue, symbol)]
    : [...call.venue.market.quotes.values()].filter(
        ({ contract }) =>
          contract.status === 'Trading' && (!baseCoin || contract.base === baseCoin),
      );
  return { result: { category, list: quotes.map((quote) => tickerRow(call.venue, quote)) } };
}

function kline(call: Call): Answer {
  const { symbol = '', interval = '', start, end } = call.query;
  const length = intervalMs(interval);
  if (length === undefined) throw new Refusal(10001, 'params error: interval invalid');
  const quote = quoteOf(call.venue, symbol);
  const limit = limitOf(call.query, 200, 1000);
  const now = call.venue.time.market();
  const to = Math.min(end ? Number(end) : now, now);
  const skipped = Math.max(0, Math.floor(now / length) - Math.floor(to / length));
  const from = start ? Number(start) : 0;
  const list = candlesOf(quote, interval, now, skipped + limit)
    .slice(skipped)
    .filter((candle) => candle.at >= from)
    .map((candle) => candleRow(quote, candle));
  return { result: { symbol, category: 'linear', list } };
}

function time(call: Call): Answer {
  const seconds = Math.floor(call.now / 1000);
  return { result: { timeSecond: String(seconds), timeNano: `${call.now}000000` } };
}

function risk(call: Call): Answer {
  const { symbol } = call.query;
  const contracts = symbol ? [contractOf(call.venue, symbol)] : [...call.venue.contracts.values()];
  const after = cursorOf(call.query)?.[0];
  const from = after === undefined ? 0 : contracts.findIndex((row) => row.symbol === after) + 1;
  const page = contracts.slice(from, from + 15);
  const more = from + 15 < contracts.length;
  return {
    result: {
      category: 'linear',
      list: page.flatMap(riskRows),
      nextPageCursor: more ? (page.at(-1)?.symbol ?? '') : '',
    },
  };
}

function fundingHistory(call: Call): Answer {
  const { symbol = '', startTime, endTime } = call.query;
  if (startTime && !endTime) throw new Refusal(10001, 'params error: Time Is Invalid');
  const quote = quoteOf(call.venue, symbol);
  const every = quote.contract.fundingMinutes;
  const limit = limitOf(call.query, 200, 200);
  const to = endTime ? Number(endTime) : call.venue.time.market();
  const from = startTime ? Number(startTime) : 0;
  const list = [];
  for (let at = nextFunding(to, every) - every * 60_000; at >= from && list.length < limit; ) {
    list.push({ symbol, fundingRate: quote.fundingRate, fundingRateTimestamp: String(at) });
    at -= every * 60_000;
  }
  return { result: { category: 'linear', list } };
}

function orderbook(call: Call): Answer {
  const depth = Math.min(Number(call.query.limit ?? 25), 500);
  const book = bookRow(call.venue, call.query.symbol ?? '', depth);
  return { result: { ...book, ts: call.now } };
}

export const marketRoutes: Record<string, PublicRoute> = {
  '/v5/market/time': { method: 'GET', answer: time },
  '/v5/market/instruments-info': { method: 'GET', answer: instruments },
  '/v5/market/tickers': { method: 'GET', answer: tickers },
  '/v5/market/kline': { method: 'GET', answer: kline },
  '/v5/market/mark-price-kline': { method: 'GET', answer: kline },
  '/v5/market/index-price-kline': { method: 'GET', answer: kline },
  '/v5/market/risk-limit': { method: 'GET', answer: risk },
  '/v5/market/funding/history': { method: 'GET', answer: fundingHistory },
  '/v5/market/price-limit': {
    method: 'GET',
    answer: (call) => ({ result: priceLimitRow(call.venue, call.query.symbol ?? '') }),
  },
  '/v5/market/orderbook': { method: 'GET', answer: orderbook },
};
