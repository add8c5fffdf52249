import Big from 'big.js';

/** Thin space between thousands and before units; figures never wrap. */
export const THIN = '\u2009';
export const DASH = '—';
const MINUS = '−';

/** `"-1234567.50"` as `−1 234 567.50`: digits as they are, thousands apart, a true minus. */
export function grouped(decimal: string): string {
  const negative = decimal.startsWith('-');
  const [whole = '', fraction] = (negative ? decimal.slice(1) : decimal).split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return `${negative ? MINUS : ''}${spaced}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A price or quantity with at least `decimals` digits; more are shown when there are more, none is lost. */
export function exact(value: string | null, decimals: number): string {
  if (value === null) return DASH;
  const have = value.includes('.') ? value.length - value.indexOf('.') - 1 : 0;
  return grouped(have >= decimals ? value : new Big(value).toFixed(decimals));
}

/** A price that need not lie on a tick, an average, rounded to `decimals`. */
export const rounded = (value: string | null, decimals: number): string =>
  value === null ? DASH : grouped(new Big(value).toFixed(decimals, Big.roundHalfEven));

/** A quantity as short as it can be said: no trailing zeros. */
export const quantity = (value: string | null): string =>
  value === null ? DASH : grouped(new Big(value).toFixed());

/** An amount in the quote currency, two decimals. `signed` puts a plus before a gain. */
export function money(value: string | null, signed = false): string {
  if (value === null) return DASH;
  const rounded = new Big(value).toFixed(2, Big.roundHalfEven);
  const zero = /^-?0\.00$/.test(rounded);
  if (zero) return '0.00';
  return `${signed && !rounded.startsWith('-') ? '+' : ''}${grouped(rounded)}`;
}

/** -1, 0 or 1; `null` counts as 0. */
export const signOf = (value: string | null): -1 | 0 | 1 =>
  value === null ? 0 : new Big(value).cmp(0);

/** A fraction as percent: `percent(0.0123, 2)` is `1.23 %`. */
export function percent(fraction: number | null, decimals: number, signed = false): string {
  if (fraction === null || !Number.isFinite(fraction)) return DASH;
  const rounded = (fraction * 100).toFixed(decimals);
  const zero = Number(rounded) === 0;
  const text = grouped(zero ? rounded.replace('-', '') : rounded);
  return `${signed && !zero && fraction > 0 ? '+' : ''}${text}${THIN}%`;
}

export const count = (value: number): string => grouped(String(Math.round(value)));

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes in powers of 1,000, as disks are sold: `1.9 MB`. */
export function bytes(value: number | null): string {
  if (value === null) return DASH;
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.5 ? Math.round(size) : size.toFixed(1)}${THIN}${UNITS[unit]}`;
}

/** A duration of computing: `0.6 ms`, `23 ms`, `1.4 s`. */
export function milliseconds(value: number | null): string {
  if (value === null) return DASH;
  if (value >= 1000) return `${(value / 1000).toFixed(1)}${THIN}s`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${THIN}ms`;
}
