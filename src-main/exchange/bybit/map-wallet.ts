import type { AccountId } from '../../domain/account.ts';
import type { Wallet, WalletCoin } from '../../domain/wallet.ts';
import { figure, listOf, payloadOf, requiredText } from './fields.ts';

/**
 * One account's wallet row, from `account/wallet-balance` or the stream; the stream's names only
 * the coins that changed. Account-wide figures are `null` under isolated margin. Figures are only shown, so
 * one that cannot be read is `null`; a coin without its name makes the wallet unreadable.
 */
export function mapWallet(account: AccountId, value: unknown): Wallet {
  const row = payloadOf(value, 'a wallet');
  return {
    account,
    equity: figure(row, 'totalEquity'),
    walletBalance: figure(row, 'totalWalletBalance'),
    marginBalance: figure(row, 'totalMarginBalance'),
    available: figure(row, 'totalAvailableBalance'),
    unrealisedPnl: figure(row, 'totalPerpUPL'),
    initialMargin: figure(row, 'totalInitialMargin'),
    maintenanceMargin: figure(row, 'totalMaintenanceMargin'),
    initialMarginRate: figure(row, 'accountIMRate'),
    maintenanceMarginRate: figure(row, 'accountMMRate'),
    coins: listOf(row['coin'], 'a list of coins').map(mapCoin),
  };
}

function mapCoin(value: unknown): WalletCoin {
  const row = payloadOf(value, 'a coin');
  return {
    coin: requiredText(row, 'coin'),
    equity: figure(row, 'equity'),
    usdValue: figure(row, 'usdValue'),
    walletBalance: figure(row, 'walletBalance'),
    unrealisedPnl: figure(row, 'unrealisedPnl'),
    realisedPnl: figure(row, 'cumRealisedPnl'),
    orderMargin: figure(row, 'totalOrderIM'),
    positionMargin: figure(row, 'totalPositionIM'),
    positionMaintenanceMargin: figure(row, 'totalPositionMM'),
    locked: figure(row, 'locked'),
    bonus: figure(row, 'bonus'),
    borrowed: figure(row, 'borrowAmount'),
  };
}
