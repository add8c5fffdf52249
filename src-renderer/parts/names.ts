/** `main` as `Main`: an account's id as it is shown. */
export const accountName = (id: string): string => capital(id);

/** `checking` as `Checking`. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const list = new Intl.ListFormat('en-GB');

/** `Main, Second and Mirror`. */
export const listed = (names: readonly string[]): string => list.format(names);

/** `BTCUSDT` as `BTC` with its quote currency behind: the eye looks for the first. */
export function symbolParts(symbol: string): [base: string, quote: string] {
  const quote = /(USDT|USDC|USD|PERP)$/.exec(symbol)?.[0] ?? '';
  return quote && quote !== symbol ? [symbol.slice(0, -quote.length), quote] : [symbol, ''];
}

const sides = { long: '▲ Long', short: '▼ Short' } as const;

/** `▲ Long`; `null` where the side is not known. */
export const sideText = (side: keyof typeof sides | null): string =>
  side === null ? 'side not known' : sides[side];
