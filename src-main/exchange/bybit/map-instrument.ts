import type { FeeRate, Instrument } from '../../domain/instrument.ts';
import {
  decimal,
  payloadOf,
  requiredDecimal,
  requiredSymbol,
  requiredText,
  whole,
} from './fields.ts';

/** A row of `market/instruments-info` (linear). */
export function mapInstrument(value: unknown): Instrument {
  const row = payloadOf(value, 'an instrument');
  const lots = payloadOf(row['lotSizeFilter'], 'an instrument without lotSizeFilter');
  const prices = payloadOf(row['priceFilter'], 'an instrument without priceFilter');
  const leverage = payloadOf(row['leverageFilter'], 'an instrument without leverageFilter');
  const maxQuantity = requiredDecimal(lots, 'maxOrderQty');
  const fundingInterval = whole(row, 'fundingInterval');
  return {
    symbol: requiredSymbol(row),
    baseCoin: requiredText(row, 'baseCoin'),
    quoteCoin: requiredText(row, 'quoteCoin'),
    settleCoin: requiredText(row, 'settleCoin'),
    status: requiredText(row, 'status'),
    tickSize: requiredDecimal(prices, 'tickSize'),
    quantityStep: requiredDecimal(lots, 'qtyStep'),
    minQuantity: requiredDecimal(lots, 'minOrderQty'),
    maxQuantity,
    maxMarketQuantity: decimal(lots, 'maxMktOrderQty') ?? maxQuantity,
    minNotional: decimal(lots, 'minNotionalValue'),
    minPrice: requiredDecimal(prices, 'minPrice'),
    maxPrice: requiredDecimal(prices, 'maxPrice'),
    maxLeverage: requiredDecimal(leverage, 'maxLeverage'),
    leverageStep: requiredDecimal(leverage, 'leverageStep'),
    fundingInterval: fundingInterval === 0 ? null : fundingInterval,
  };
}

/** A row of `account/fee-rate`. */
export function mapFeeRate(value: unknown): FeeRate {
  const row = payloadOf(value, 'a fee rate');
  return {
    symbol: requiredSymbol(row),
    maker: requiredDecimal(row, 'makerFeeRate'),
    taker: requiredDecimal(row, 'takerFeeRate'),
  };
}
