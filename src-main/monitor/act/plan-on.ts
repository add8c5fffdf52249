import type { Cache } from '../../cache/cache.ts';
import type { Facts } from '../../cache/facts.ts';
import type { AccountId } from '../../domain/account.ts';
import type { FeeRate, Instrument } from '../../domain/instrument.ts';
import { afterFirstTakeProfit, type Plan } from '../rules/playbook.ts';
import type { Watch } from '../watch/watch.ts';

/** The venue's rules for a contract and an account: read when not known, not facts that move. */
export interface Reference {
  contract: Instrument;
  fee: FeeRate;
}

/** Contract and fees of a symbol, or a sentence about what is not known of them. */
export async function referenceFor(
  cache: Cache,
  account: AccountId,
  symbol: string,
): Promise<Reference | string> {
  if (!cache.feeRate(account, symbol)) await cache.read(account, 'feeRates');
  if (!cache.instrument(symbol)) await cache.readShared('instruments');
  const fee = cache.feeRate(account, symbol);
  const instrument = cache.instrument(symbol);
  if (!fee) return `the fee rate of ${symbol} is not known`;
  if (!instrument) return `the rules of ${symbol} are not known`;
  return { contract: instrument, fee };
}

/** What the playbook wants of a monitor, on facts fit to write on and nothing else (P47). */
export function planOn(cache: Cache, watch: Watch, facts: Facts, reference: Reference): Plan {
  const { symbol, positionIdx } = watch.monitor;
  const position = facts.positions.find((row) => row.positionIdx === positionIdx) ?? null;
  const ticker = cache.ticker(symbol)?.ticker;
  return afterFirstTakeProfit(watch.monitor, {
    position,
    orders: facts.orders.filter((row) => row.positionIdx === positionIdx),
    price: ticker?.lastPrice ?? ticker?.markPrice ?? position?.markPrice ?? null,
    ...reference,
    amendRefused: watch.amendRefused,
  });
}
