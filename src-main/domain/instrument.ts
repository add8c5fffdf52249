import type { Decimal } from './numbers.ts';

/** A contract's trading rules. */
export interface Instrument {
  symbol: string;
  baseCoin: string;
  quoteCoin: string;
  settleCoin: string;
  status: string;
  tickSize: Decimal;
  quantityStep: Decimal;
  minQuantity: Decimal;
  maxQuantity: Decimal;
  maxMarketQuantity: Decimal;
  /** Quote currency; `null` for closed contracts. */
  minNotional: Decimal | null;
  minPrice: Decimal;
  maxPrice: Decimal;
  maxLeverage: Decimal;
  leverageStep: Decimal;
  /** Minutes between funding payments, `null` when the contract has none. */
  fundingInterval: number | null;
}

/** Latest prices of a contract. A stream delta changes only the fields it names. */
export interface Ticker {
  symbol: string;
  lastPrice: Decimal | null;
  markPrice: Decimal | null;
  indexPrice: Decimal | null;
  bidPrice: Decimal | null;
  askPrice: Decimal | null;
  fundingRate: Decimal | null;
  nextFundingAt: number | null;
  /** Change over 24 h as a fraction: "0.012" is +1.2 %. */
  change24h: Decimal | null;
}

export interface FeeRate {
  symbol: string;
  maker: Decimal;
  taker: Decimal;
}
