import type { AccountId } from '../../domain/account.ts';
import { sameContent } from '../../domain/same-content.ts';
import type { Wallet, WalletCoin } from '../../domain/wallet.ts';
import type { Moment, WalletAnswer, WalletBook } from '../account-book.ts';
import { LIST_LAG, UNDER_WAY } from './lag.ts';
import { mayLag } from './newer.ts';

type Totals = Omit<Wallet, 'coins'>;

/** A part of the wallet, and who told it. */
interface Part<Value> {
  value: Value | null;
  /** When it was heard. */
  told: Moment;
  /** Until when an answer to a question asked then may be from before it (ms, monotonic). */
  holdsUntil: number;
  /** The venue's time of the newest push of it (ms). */
  newestPush: number;
  /** What an answer told that the stream had not; its push may be on its way. */
  claim: { value: Value | null; told: Moment } | null;
}

/**
 * `next`: the moment of another telling, by the book's own reckoning. `completeSince`: since when the
 * stream has told everything; `null` while it does not.
 */
export function createWalletBook(
  account: AccountId,
  { next, completeSince }: { next(): Moment; completeSince(): Moment | null },
): WalletBook {
  const coins = new Map<string, Part<WalletCoin>>();
  const totals = untold<Totals>();
  let pushed = 0;

  const partOf = (coin: string): Part<WalletCoin> => {
    let part = coins.get(coin);
    if (part === undefined) {
      part = untold();
      coins.set(coin, part);
    }
    return part;
  };

  function lay<Value extends object>(part: Part<Value>, value: Value, at: number, told: Moment) {
    if (at < part.newestPush) return false;
    const same = part.value !== null && sameContent(part.value, value);
    const holdsUntil = told.at + LIST_LAG;
    Object.assign(part, { value, told, holdsUntil, newestPush: at, claim: null });
    return !same;
  }

  /** What becomes of an answer about a coin. */
  function verdictOf(
    part: Part<WalletCoin>,
    value: WalletCoin | null,
    asked: Moment,
  ): WalletAnswer {
    if (sameBalance(part.value, value)) return 'agrees';
    const since = completeSince();
    if (mayLag(part, asked))
      return since !== null && part.told.told > since.told ? 'agrees' : 'lags';
    return since === null || isConfirmed(part, value, asked) ? 'taken' : 'waits';
  }

  /** Whether an earlier answer told the same, and its push would have come since. */
  const isConfirmed = ({ claim }: Part<WalletCoin>, value: WalletCoin | null, asked: Moment) =>
    claim !== null && claim.told.at + UNDER_WAY <= asked.at && sameBalance(claim.value, value);

  function claim(part: Part<WalletCoin>, value: WalletCoin | null, told: Moment): void {
    if (part.claim === null || !sameBalance(part.claim.value, value)) part.claim = { value, told };
  }

  return {
    wallet: () => ({
      ...(totals.value ?? nothing(account)),
      coins: [...coins.values()]
        .flatMap(({ value }) => value ?? [])
        .sort((a, b) => (a.coin < b.coin ? -1 : 1)),
    }),
    push({ coins: named, ...rest }, at) {
      const told = next();
      pushed = told.told;
      const laid = named.map((coin) => lay(partOf(coin.coin), coin, at, told));
      return [lay(totals, rest, at, told), ...laid].includes(true);
    },
    answer({ coins: named, ...rest }, asked) {
      const told = next();
      const put = <Value extends object>(part: Part<Value>, value: Value | null): void =>
        void Object.assign(part, { value, told, holdsUntil: asked.at, claim: null });
      const answered = new Map(named.map((coin) => [coin.coin, coin]));
      const parts = [...new Set([...coins.keys(), ...answered.keys()])].map((coin) => {
        const [part, value] = [partOf(coin), answered.get(coin) ?? null];
        const isNews = !sameBalance(part.value, value);
        return { part, value, isNews, verdict: verdictOf(part, value, asked) };
      });
      const is = (wanted: WalletAnswer): boolean => parts.some((one) => one.verdict === wanted);
      // The totals bear no mark of their own: they are of one moment with the coins.
      const isWhole = parts.every(({ verdict, isNews }) => verdict === 'taken' || !isNews);
      if (isWhole && (is('taken') || !mayLag(totals, asked))) put(totals, rest);
      for (const { part, value, verdict } of parts)
        if (verdict === 'waits' || verdict === 'lags') claim(part, value, told);
        else if (!mayLag(part, asked)) put(part, value);
      return (['lags', 'waits', 'taken'] as const).find(is) ?? 'agrees';
    },
    pushedSince: (moment) => pushed > moment.told,
  };
}

const untold = <Value>(): Part<Value> => ({
  value: null,
  told: { told: 0, at: Number.NEGATIVE_INFINITY },
  holdsUntil: Number.NEGATIVE_INFINITY,
  newestPush: Number.NEGATIVE_INFINITY,
  claim: null,
});

/** What a coin holds besides what moves with prices and margins. */
const sameBalance = (a: WalletCoin | null, b: WalletCoin | null): boolean =>
  a === b ||
  (a !== null &&
    b !== null &&
    (['walletBalance', 'realisedPnl', 'locked', 'bonus', 'borrowed'] as const).every(
      (field) => a[field] === b[field],
    ));

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
