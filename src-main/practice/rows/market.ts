import { type Decimal, fromNumber, rounded, times } from '../../domain/numbers.ts';
import { nextFunding } from '../engine/account/funding.ts';
import { tiersOf } from '../engine/money/tiers.ts';
import { priceLimits } from '../engine/orders/rules.ts';
import { askTicks, bidTicks, quoteOf, type Venue } from '../engine/state/venue.ts';
import type { Contract } from '../prices/contracts.ts';
import type { Quote } from '../prices/market.ts';
import { hashOf } from '../random.ts';

type Row = Record<string, unknown>;

/** A contract as `/v5/market/instruments-info` lists it. */
export function instrumentRow(contract: Contract): Row {
  return {
    symbol: contract.symbol,
    contractType: 'LinearPerpetual',
    status: contract.status,
    baseCoin: contract.base,
    quoteCoin: contract.settle,
    launchTime: '1585526400000',
    deliveryTime: '0',
    deliveryFeeRate: '',
    priceScale: String(contract.grid.decimals),
    leverageFilter: {
      minLeverage: '1',
      maxLeverage: contract.maxLeverage,
      leverageStep: '0.01',
    },
    priceFilter: {
      minPrice: contract.minPrice,
      maxPrice: contract.maxPrice,
      tickSize: contract.tick,
    },
    lotSizeFilter: {
      maxOrderQty: contract.maxQty,
      minOrderQty: contract.minQty,
      qtyStep: contract.step,
      postOnlyMaxOrderQty: contract.maxQty,
      maxMktOrderQty: contract.maxMarketQty,
      minNotionalValue: contract.minNotional,
    },
    unifiedMarginTrade: true,
    fundingInterval: contract.fundingMinutes,
    settleCoin: contract.settle,
    copyTrading: contract.settle === 'USDT' ? 'both' : 'none',
    upperFundingRate: '0.005',
    lowerFundingRate: '-0.005',
    isPreListing: false,
    preListingInfo: null,
    riskParameters: { priceLimitRatioX: contract.limitX, priceLimitRatioY: contract.limitY },
    displayName: '',
    symbolType: contract.symbolType,
    forbidUplWithdrawal: false,
    symbolId: hashOf(contract.symbol) % 10_000,
  };
}

const sizeAt = (quote: Quote, salt: number): Decimal => {
  const steps = 1 + ((quote.version * 7919 + salt) % 997);
  return rounded(times(quote.contract.step, String(steps)), 12);
};

/** Share by which ticks changed, to a millionth. Worked out for every ticker of every beat. */
const change = (last: number, before: number): Decimal =>
  fromNumber(Math.round((1e6 * (last - before)) / before) / 1e6);

/** Fields a ticker has on the stream; REST adds some. Prices are tick-formatted. */
export function tickerFields(venue: Venue, quote: Quote): Record<string, string> {
  const { contract } = quote;
  const { grid } = contract;
  const last = grid.price(quote.last);
  const open = grid.price(quote.open24);
  const volume = String(quote.volume24);
  const interest = String(Math.round(quote.volume24 * 2.4));
  const next = nextFunding(venue.time.market(), contract.fundingMinutes);
  const wait = Math.round((next - venue.time.market()) / Math.max(venue.time.speed, 1e-9));
  return {
    symbol: contract.symbol,
    tickDirection: quote.version % 2 === 0 ? 'PlusTick' : 'ZeroMinusTick',
    price24hPcnt: change(quote.last, quote.open24),
    lastPrice: last,
    prevPrice24h: open,
    highPrice24h: grid.price(quote.high24),
    lowPrice24h: grid.price(quote.low24),
    prevPrice1h: grid.price(quote.open1),
    markPrice: grid.price(quote.mark),
    indexPrice: grid.price(quote.index),
    openInterest: interest,
    openInterestValue: rounded(times(interest, last), 2),
    turnover24h: rounded(times(volume, last), 4),
    volume24h: volume,
    fundingIntervalHour: String(contract.fundingMinutes / 60),
    fundingCap: '0.005',
    singleOpenInterest: String(Math.round(Number(interest) / 2)),
    singleOpenInterestValue: rounded(times(String(Math.round(Number(interest) / 2)), last), 2),
    nextFundingTime: String(wallTimeOf(venue, next, wait)),
    fundingRate: quote.fundingRate,
    bid1Price: grid.price(bidTicks(quote)),
    bid1Size: sizeAt(quote, 11),
    ask1Price: grid.price(askTicks(quote)),
    ask1Size: sizeAt(quote, 23),
    preOpenPrice: '',
    preQty: '',
    curPreListingPhase: '',
  };
}

/**
 * When a funding of the market's time comes by the clock on the wall, to the second. A market that
 * stands still never gets there, and names its own time of it.
 */
const wallTimeOf = (venue: Venue, next: number, wait: number): number =>
  venue.time.speed === 0 ||
  (venue.time.speed === 1 && Math.abs(venue.time.now() - venue.time.market()) < 5000)
    ? next
    : Math.round((venue.time.now() + wait) / 1000) * 1000;

/** A ticker as `/v5/market/tickers` spells it. */
export function tickerRow(venue: Venue, quote: Quote): Row {
  const { tickDirection: _, ...fields } = tickerFields(venue, quote);
  return {
    ...fields,
    predictedDeliveryPrice: '',
    basisRate: '',
    deliveryFeeRate: '',
    deliveryTime: '0',
    basis: '',
    basisRateYear: '',
  };
}

export function priceLimitRow(venue: Venue, symbol: string): Row {
  const limits = priceLimits(venue, symbol);
  return { symbol, buyLmt: limits.buy, sellLmt: limits.sell, ts: String(venue.time.now()) };
}

/** The risk tiers of a contract, lowest first. */
export const riskRows = (contract: Contract): Row[] =>
  tiersOf(contract).map((tier) => ({
    id: tier.id,
    symbol: contract.symbol,
    riskLimitValue: tier.limit,
    maintenanceMargin: rounded(tier.maintenanceRate, 6),
    initialMargin: rounded(tier.initialRate, 6),
    isLowestRisk: tier.id === 1 ? 1 : 0,
    maxLeverage: tier.maxLeverage,
    mmDeduction: tier.id === 1 ? '' : rounded(tier.deduction, 8),
  }));

/** A made-up but steady book around the last price: `depth` levels a side, best first. */
export function bookRow(venue: Venue, symbol: string, depth: number): Row {
  const quote = quoteOf(venue, symbol);
  const { grid } = quote.contract;
  const side = (best: number, direction: 1 | -1): string[][] =>
    Array.from({ length: depth }, (_, at) => [
      grid.price(best + direction * at),
      sizeAt(quote, 31 + at * 17),
    ]);
  return {
    s: symbol,
    b: side(bidTicks(quote), -1),
    a: side(askTicks(quote), 1),
    u: quote.version,
    seq: venue.seq,
  };
}
