import type { AccountId } from '../domain/account.ts';
import type { Wallet, WalletCoin } from '../domain/wallet.ts';

/** The believed wallet and when (venue's ms) each part of it was told. */
export interface KnownWallet {
  wallet: Wallet;
  totalsAsOf: number;
  /** When the newest whole answer was made: a coin it did not name was gone then. */
  wholeAsOf: number;
  coinsAsOf: ReadonlyMap<string, number>;
}

export function emptyWallet(account: AccountId): KnownWallet {
  const never = Number.NEGATIVE_INFINITY;
  return {
    wallet: {
      account,
      equity: null,
      walletBalance: null,
      marginBalance: null,
      available: null,
      unrealisedPnl: null,
      initialMargin: null,
      maintenanceMargin: null,
      initialMarginRate: null,
      maintenanceMarginRate: null,
      coins: [],
    },
    totalsAsOf: never,
    wholeAsOf: never,
    coinsAsOf: new Map(),
  };
}

/**
 * Lays an update over the wallet: a push names only the coins that changed, so the rest stays; a
 * whole answer also removes the coins it does not name. Each part keeps its newest telling. Of two
 * tellings with the same time the greater text stays, so that the order of arrival never matters.
 */
export function mergeWallet(
  known: KnownWallet,
  update: Wallet,
  asOf: number,
  whole: boolean,
): KnownWallet {
  const coins = new Map<string, WalletCoin>();
  const coinsAsOf = new Map(known.coinsAsOf);
  const named = new Set(update.coins.map((coin) => coin.coin));
  const wholeAsOf = whole ? Math.max(known.wholeAsOf, asOf) : known.wholeAsOf;
  for (const coin of known.wallet.coins) {
    if (whole && !named.has(coin.coin) && (coinsAsOf.get(coin.coin) ?? 0) < asOf) {
      coinsAsOf.delete(coin.coin);
    } else {
      coins.set(coin.coin, coin);
    }
  }
  for (const coin of update.coins) {
    const before = coins.get(coin.coin);
    const beforeAsOf = coinsAsOf.get(coin.coin) ?? known.wholeAsOf;
    if (asOf < beforeAsOf) continue;
    if (asOf === beforeAsOf && before && text(before) >= text(coin)) continue;
    coins.set(coin.coin, coin);
    coinsAsOf.set(coin.coin, asOf);
  }
  const totalsBefore = { ...known.wallet, coins: [] };
  const totalsNow = { ...update, coins: [] };
  const newer =
    asOf > known.totalsAsOf || (asOf === known.totalsAsOf && text(totalsNow) > text(totalsBefore));
  return {
    wallet: {
      ...(newer ? totalsNow : totalsBefore),
      coins: [...coins.values()].sort((a, b) => (a.coin < b.coin ? -1 : 1)),
    },
    totalsAsOf: Math.max(known.totalsAsOf, asOf),
    wholeAsOf,
    coinsAsOf,
  };
}

const text = (value: object): string => JSON.stringify(value);
