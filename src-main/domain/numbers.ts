import Big from 'big.js';

/**
 * A decimal number as the venue writes it: `"0.001"`, `"-12.5"`. Money, prices and quantities are
 * always this, never a JS float. Plain notation only: no exponent, no thousands separator.
 */
export type Decimal = string;

const Exact = Big();
Exact.DP = 24; // digits kept by a division; far finer than any tick or step
Exact.RM = Big.roundHalfEven;
Exact.NE = -60; // never print an exponent
Exact.PE = 60;
Exact.strict = true; // a JS float is refused: it has already lost the digits that matter

const PATTERN = /^-?\d+(\.\d+)?$/;

/** True for text that is a decimal number in plain notation. */
export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'string' && PATTERN.test(value);
}

/** Every way JSON sources spell a decimal: `.1`, `1.`, `+1`, `-0`, `1e-7`. Three digits of exponent at most. */
const SPELLED = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
/** Digits a double carries for certain; a JSON number with more may have lost some. */
const SAFE_DIGITS = 15;

/**
 * A decimal out of foreign JSON, in plain notation and otherwise as written (`"0.10"` keeps its zero);
 * `null` for what is no number, and for a JSON number that may have lost digits.
 */
export function readDecimal(value: unknown): Decimal | null {
  if (typeof value === 'number') {
    const digits = String(value)
      .replace(/e.*|[-.]/g, '')
      .replace(/^0+/, '');
    return digits.length > SAFE_DIGITS ? null : readDecimal(String(value));
  }
  if (typeof value !== 'string') return null;
  if (!PATTERN.test(value)) {
    if (!SPELLED.test(value)) return null;
    const plain = new Exact(value.replace('+', '')).plus('0').toString();
    return PATTERN.test(plain) ? plain : null; // beyond any price or quantity
  }
  return value.startsWith('-') && isZero(value) ? value.slice(1) : value;
}

/**
 * Short decimals, nearly all there are, are worked with as whole numbers of their last place. A double
 * holds those exactly while they are safe integers, and a sum or product that is not one says so itself;
 * everything else goes digit by digit.
 */
const isShort = (value: Decimal): boolean => value.length <= SAFE_DIGITS && PATTERN.test(value);

/** The value as a whole number of its `places`th decimal place; NaN where that may not be exact. */
function scaled(value: Decimal, places: number): number {
  if (!isShort(value)) return Number.NaN;
  const whole = Number(value.replace('.', '')) * 10 ** (places - decimalsOf(value));
  return Number.isSafeInteger(whole) ? whole : Number.NaN;
}

/** A whole number of so many decimal places in plain notation, without zeros that say nothing. */
function written(whole: number, places: number): Decimal {
  if (whole === 0) return '0';
  const digits = String(Math.abs(whole)).padStart(places + 1, '0');
  const point = digits.length - places;
  let end = digits.length;
  while (end > point && digits.endsWith('0', end)) end -= 1;
  const text = `${digits.slice(0, point)}${end > point ? '.' : ''}${digits.slice(point, end)}`;
  return whole < 0 ? `-${text}` : text;
}

const exactly = (whole: number, places: number, otherwise: () => Big): Decimal =>
  Number.isSafeInteger(whole) ? written(whole, places) : otherwise().toString();

export function plus(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(decimalsOf(a), decimalsOf(b));
  return exactly(scaled(a, places) + scaled(b, places), places, () => new Exact(a).plus(b));
}

export function minus(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(decimalsOf(a), decimalsOf(b));
  return exactly(scaled(a, places) - scaled(b, places), places, () => new Exact(a).minus(b));
}

export function times(a: Decimal, b: Decimal): Decimal {
  const [inA, inB] = [decimalsOf(a), decimalsOf(b)];
  return exactly(scaled(a, inA) * scaled(b, inB), inA + inB, () => new Exact(a).times(b));
}

/** Quotient to 24 decimal places, half-even. Throws on division by zero. */
export const dividedBy = (a: Decimal, b: Decimal): Decimal => new Exact(a).div(b).toString();
export const negated = (a: Decimal): Decimal => new Exact(a).times('-1').toString();
export const absolute = (a: Decimal): Decimal => new Exact(a).abs().toString();
export const sum = (values: Iterable<Decimal>): Decimal => {
  let total = '0';
  for (const value of values) total = plus(total, value);
  return total;
};

/**
 * -1, 0 or 1. Of two decimals that differ and have no more digits than a double carries for certain, so
 * do their nearest doubles, and in the same direction.
 */
export const compare = (a: Decimal, b: Decimal): -1 | 0 | 1 =>
  isShort(a) && isShort(b) ? (Math.sign(Number(a) - Number(b)) as -1 | 0 | 1) : new Exact(a).cmp(b);
export const equal = (a: Decimal, b: Decimal): boolean => a === b || compare(a, b) === 0;
export const greater = (a: Decimal, b: Decimal): boolean => compare(a, b) > 0;
export const less = (a: Decimal, b: Decimal): boolean => compare(a, b) < 0;
export const isZero = (a: Decimal): boolean => compare(a, '0') === 0;
export const isPositive = (a: Decimal): boolean => compare(a, '0') > 0;
export const smallest = (a: Decimal, b: Decimal): Decimal => (less(b, a) ? b : a);
export const largest = (a: Decimal, b: Decimal): Decimal => (greater(b, a) ? b : a);

export type Rounding = 'down' | 'up' | 'nearest';

/**
 * Rounds to a multiple of `step` (an instrument's tick or quantity step), keeping the step's own
 * number of decimals: `toStep("1.2345", "0.010", "down")` is `"1.230"`. `down` is towards zero,
 * `up` away from it. The only place in Holdfast where prices and quantities are rounded.
 */
export function toStep(value: Decimal, step: Decimal, rounding: Rounding): Decimal {
  const mode =
    rounding === 'down' ? Big.roundDown : rounding === 'up' ? Big.roundUp : Big.roundHalfUp;
  const steps = new Exact(value).div(step).round(0, mode);
  return steps.times(step).toFixed(decimalsOf(step));
}

/** True when `value` is a whole number of `step`s. */
export const isMultiple = (value: Decimal, step: Decimal): boolean =>
  new Exact(value).mod(step).eq('0');

/** Digits after the point as written: `"0.10"` has 2. */
export function decimalsOf(value: Decimal): number {
  const point = value.indexOf('.');
  return point < 0 ? 0 : value.length - point - 1;
}

/** Rounds half-even to `places` decimals and strips trailing zeros: for shown amounts. */
export const rounded = (value: Decimal, places: number): Decimal =>
  new Exact(value).round(places, Big.roundHalfEven).toString();

/** A JS number for charts, sorting and distances. Never for a price or quantity that is sent. */
export const approximate = (value: Decimal): number => Number(value);

/** The decimal of a JS number that is known to be exact (a count, a setting typed by hand). */
export const fromNumber = (value: number): Decimal => new Exact(String(value)).toString();
