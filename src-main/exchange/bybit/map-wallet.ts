import type { AccountId } from '../../domain/account.ts';
import type { Wallet, WalletCoin } from '../../domain/wallet.ts';
import { decimal, listOf, payloadOf, requiredText } from './fields.ts';

/**
 * One account's wallet row, from `account/wallet-balance` or the stream; the stream's names only
 * the coins that changed. Account-wide figures are `null` under isolated margin.
 */
export function mapWallet(account: AccountId, value: unknown): Wallet {
  const row = payloadOf(value, 'a wallet');
  return {
    account,
    equity: decimal(row, 'totalEquity'),
    walletBalance: decimal(row, 'totalWalletBalance'),
    marginBalance: decimal(row, 'totalMarginBalance'),
    available: decimal(row, 'totalAvailableBalance'),
    unrealisedPnl: decimal(row, 'totalPerpUPL'),
    initialMargin: decimal(row, 'totalInitialMargin'),
    maintenanceMargin: decimal(row, 'totalMaintenanceMargin'),
    initialMarginRate: decimal(row, 'accountIMRate'),
    maintenanceMarginRate: decimal(row, 'accountMMRate'),
    coins: listOf(row['coin'], 'a list of coins').map(mapCoin),
  };
}

function mapCoin(value: unknown): WalletCoin {
  const row = payloadOf(value, 'a coin');
  return {
    coin: requiredText(row, 'coin'),
    equity: decimal(row, 'equity'),
    usdValue: decimal(row, 'usdValue'),
    walletBalance: decimal(row, 'walletBalance'),
    unrealisedPnl: decimal(row, 'unrealisedPnl'),
    realisedPnl: decimal(row, 'cumRealisedPnl'),
    orderMargin: decimal(row, 'totalOrderIM'),
    positionMargin: decimal(row, 'totalPositionIM'),
    positionMaintenanceMargin: decimal(row, 'totalPositionMM'),
    locked: decimal(row, 'locked'),
    bonus: decimal(row, 'bonus'),
    borrowed: decimal(row, 'borrowAmount'),
  };
}
