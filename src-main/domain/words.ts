import type { AccountId } from './account.ts';

/** `1 position`, `2 positions`; with `many` for what is not made by an s: `2 positions have`. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${n} ${n === 1 ? one : many}`;

const units: readonly [name: string, ms: number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
];

/** How long, in the one unit that matters: `12 s`, `4 min`, `3 h`, `2 d`. */
export function span(ms: number): string {
  const [name, unit] = units.find(([, least]) => ms >= least) ?? ['s', 1_000];
  return `${Math.max(0, Math.floor(ms / unit))} ${name}`;
}

const accountName = (id: AccountId): string => id.charAt(0).toUpperCase() + id.slice(1);

/** A position as people call it: `BTCUSDT long, Main`. */
export const positionName = (of: { symbol: string; side: string; account: AccountId }): string =>
  `${of.symbol} ${of.side}, ${accountName(of.account)}`;

const list = new Intl.ListFormat('en-GB');

/** Accounts as they are shown: `Main, Second and Mirror`. */
export const namesOf = (accounts: readonly AccountId[]): string =>
  list.format(accounts.map(accountName));
