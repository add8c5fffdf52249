import type { AccountId } from './account.ts';
import type { Decimal } from './numbers.ts';

/** Account-wide figures in USD. `null` where the venue gives none (isolated margin). */
export interface Wallet {
  account: AccountId;
  equity: Decimal | null;
  walletBalance: Decimal | null;
  marginBalance: Decimal | null;
  available: Decimal | null;
  unrealisedPnl: Decimal | null;
  initialMargin: Decimal | null;
  maintenanceMargin: Decimal | null;
  initialMarginRate: Decimal | null;
  maintenanceMarginRate: Decimal | null;
  /** Stream pushes name only the coins that changed: merge by coin, never replace. */
  coins: WalletCoin[];
}

export interface WalletCoin {
  coin: string;
  equity: Decimal | null;
  usdValue: Decimal | null;
  walletBalance: Decimal | null;
  unrealisedPnl: Decimal | null;
  realisedPnl: Decimal | null;
  orderMargin: Decimal | null;
  positionMargin: Decimal | null;
  positionMaintenanceMargin: Decimal | null;
  locked: Decimal | null;
  bonus: Decimal | null;
  borrowed: Decimal | null;
}
