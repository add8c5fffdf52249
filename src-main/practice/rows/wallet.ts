import { type Decimal, isZero, plus } from '../../domain/numbers.ts';
import { money } from '../engine/money/arithmetic.ts';
import type { AccountTotals, CoinTotals } from '../engine/money/margin.ts';
import type { Account, CoinBalance } from '../engine/state/state.ts';

type Row = Record<string, unknown>;

/** `/v5/account/wallet-balance`: coins without anything in them are left out unless asked for. */
export function walletRow(account: Account, totals: AccountTotals, wanted: string[] | null): Row {
  const isolated = account.marginMode === 'ISOLATED_MARGIN';
  const shown = (amount: Decimal): string => (isolated ? '' : money(amount));
  const names = wanted ?? Object.keys(account.coins);
  return {
    totalEquity: money(totals.margin),
    accountIMRate: shown(totals.initialRate),
    accountIMRateByMp: shown(totals.initialRate),
    totalMarginBalance: shown(totals.margin),
    totalInitialMargin: shown(totals.initial),
    totalInitialMarginByMp: shown(totals.initial),
    accountType: 'UNIFIED',
    totalAvailableBalance: shown(totals.available),
    accountMMRate: shown(totals.maintenanceRate),
    accountMMRateByMp: shown(totals.maintenanceRate),
    totalPerpUPL: money(totals.unrealised),
    totalWalletBalance: money(totals.wallet),
    accountLTV: isolated ? '' : '0',
    totalMaintenanceMargin: shown(totals.maintenance),
    totalMaintenanceMarginByMp: shown(totals.maintenance),
    coin: names
      .map((name) => ({ name, balance: account.coins[name] ?? empty }))
      .filter(({ balance }) => wanted !== null || !isZero(balance.walletBalance))
      .map(({ name, balance }) => coinRow(name, balance, totals.coins.get(name))),
  };
}

const empty: CoinBalance = { walletBalance: '0', cumRealised: '0' };

function coinRow(coin: string, balance: CoinBalance, totals: CoinTotals | undefined): Row {
  const equity = plus(balance.walletBalance, totals?.unrealised ?? '0');
  return {
    availableToBorrow: '',
    bonus: '0',
    accruedInterest: '0',
    availableToWithdraw: '',
    totalOrderIM: money(totals?.orderInitial ?? '0'),
    equity: money(equity),
    totalPositionMM: money(totals?.positionMaintenance ?? '0'),
    usdValue: money(equity),
    spotHedgingQty: '0',
    unrealisedPnl: money(totals?.unrealised ?? '0'),
    collateralSwitch: true,
    colRes: '0',
    borrowAmount: '0',
    totalPositionIM: money(totals?.positionInitial ?? '0'),
    walletBalance: money(balance.walletBalance),
    cumRealisedPnl: money(balance.cumRealised),
    locked: '0',
    marginCollateral: true,
    coin,
    spotBorrow: '0',
  };
}
