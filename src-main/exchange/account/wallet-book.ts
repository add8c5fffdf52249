import type { AccountId } from '../../domain/account.ts';
import { sameContent } from '../../domain/same-content.ts';
import type { Wallet, WalletCoin } from '../../domain/wallet.ts';
import type { WalletBook } from '../account-book.ts';

type Totals = Omit<Wallet, 'coins'>;

/** A part of the wallet and the push that told it: the venue's time (ms), and how many came before. */
interface Part<Value> {
  value: Value | null;
  pushedAt: number;
  arrival: number;
}

export function createWalletBook(account: AccountId): WalletBook {
  const coins = new Map<string, Part<WalletCoin>>();
  const totals: Part<Totals> = { value: null, pushedAt: Number.NEGATIVE_INFINITY, arrival: 0 };
  let arrivals = 0;

  const partOf = (coin: string): Part<WalletCoin> => {
    let part = coins.get(coin);
    if (part === undefined) {
      part = { value: null, pushedAt: Number.NEGATIVE_INFINITY, arrival: 0 };
      coins.set(coin, part);
    }
    return part;
  };

  function lay<Value extends object>(part: Part<Value>, value: Value, at: number) {
    const same = part.value !== null && sameContent(part.value, value);
    if (at <= part.pushedAt) return { changed: false, unclear: at === part.pushedAt && !same };
    Object.assign(part, { value, pushedAt: at, arrival: arrivals });
    return { changed: !same, unclear: false };
  }

  return {
    wallet: () => ({
      ...(totals.value ?? nothing(account)),
      coins: [...coins.values()]
        .flatMap(({ value }) => value ?? [])
        .sort((a, b) => (a.coin < b.coin ? -1 : 1)),
    }),
    mark: () => arrivals,
    push({ coins: named, ...rest }, at) {
      arrivals++;
      const laid = [
        lay(totals, rest, at),
        ...named.map((coin) => lay(partOf(coin.coin), coin, at)),
      ];
      return {
        changed: laid.some(({ changed }) => changed),
        unclear: laid.some(({ unclear }) => unclear),
      };
    },
    answer({ coins: named, ...rest }, mark) {
      let changed = false;
      const put = <Value extends object>(part: Part<Value>, value: Value | null): void => {
        if (part.arrival > mark) return;
        changed ||= value === null || part.value === null || !sameContent(part.value, value);
        part.value = value;
      };
      put(totals, rest);
      const names = new Set(named.map(({ coin }) => coin));
      for (const [coin, part] of coins) if (!names.has(coin) && part.value) put(part, null);
      for (const coin of named) put(partOf(coin.coin), coin);
      return { changed };
    },
  };
}

const nothing = (account: AccountId): Totals => ({
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
});
