import {
  absolute,
  compare,
  type Decimal,
  dividedBy,
  isZero,
  largest,
  minus,
  negated,
  plus,
  rounded,
  sum,
  times,
  toStep,
} from '../../../domain/numbers.ts';
import type { Side } from '../state/state.ts';

/** +1 for a long, -1 for a short, applied to an amount. */
export const signed = (side: Side, amount: Decimal): Decimal =>
  side === 'Buy' ? amount : negated(amount);

/** Money as the venue prints it: up to 8 decimals, trailing zeros stripped. */
export const money = (amount: Decimal): Decimal => stripped(amount, 8);

/** Prices and quantities outside instrument fields: as they are, trailing zeros stripped. */
export const plain = (value: Decimal | ''): string => (value === '' ? '' : stripped(value, 12));

/** Rounds only what needs it: most amounts are printed far more often than they change. */
function stripped(value: Decimal, places: number): Decimal {
  const point = value.indexOf('.');
  if (point < 0) return value;
  return value.length - point - 1 <= places && !value.endsWith('0')
    ? value
    : rounded(value, places);
}

/** Average entry price: what the open part cost per unit. */
export const averagePrice = (entryValue: Decimal, size: Decimal): Decimal =>
  isZero(size) ? '0' : money(dividedBy(entryValue, size));

/** `±(s·M - V)` in the settle coin. */
export const unrealised = (side: Side, size: Decimal, mark: Decimal, value: Decimal): Decimal =>
  signed(side, minus(times(size, mark), value));

/** Fee to close, kept in the margin: `V·(1 ∓ 1/L)·f` (long minus, short plus). */
export function feeToClose(side: Side, value: Decimal, leverage: Decimal, taker: Decimal): Decimal {
  const share = dividedBy('1', leverage);
  return times(times(value, side === 'Buy' ? minus('1', share) : plus('1', share)), taker);
}

export interface MarginInput {
  side: Side;
  size: Decimal;
  /** s·E */
  value: Decimal;
  mark: Decimal;
  leverage: Decimal;
  taker: Decimal;
  maintenanceRate: Decimal;
  /** Of the risk tier; "0" in the lowest. */
  deduction: Decimal;
}

/**
 * `X/L + F` and `X·m - deduction + F` with X = s·M, as answers since December 2025 show. Each part is rounded
 * to 8 decimals before it is added: only so the last digit of recorded answers comes out.
 */
export function margins(input: MarginInput): { initial: Decimal; maintenance: Decimal } {
  const marked = times(input.size, input.mark);
  const fee = money(feeToClose(input.side, input.value, input.leverage, input.taker));
  return {
    initial: plus(money(dividedBy(marked, input.leverage)), fee),
    maintenance: plus(money(minus(times(marked, input.maintenanceRate), input.deduction)), fee),
  };
}

/** `(E·q - realised)/(q - |q|·max(f, 0.00055))`, q signed: nets what was already realised. */
export function breakEven(
  side: Side,
  size: Decimal,
  value: Decimal,
  realised: Decimal,
  taker: Decimal,
): Decimal {
  const quantity = signed(side, size);
  const fee = times(absolute(quantity), largest(taker, '0.00055'));
  return money(dividedBy(minus(signed(side, value), realised), minus(quantity, fee)));
}

/** Isolated liquidation `E ∓ (V/L + added - V·m)/s` and bankruptcy `E ∓ (V/L + added)/s`. */
export function isolatedLevels(
  side: Side,
  size: Decimal,
  value: Decimal,
  leverage: Decimal,
  added: Decimal,
  maintenanceRate: Decimal,
): { liquidation: Decimal; bankruptcy: Decimal } {
  const entry = dividedBy(value, size);
  const margin = plus(dividedBy(value, leverage), added);
  const reserve = times(value, maintenanceRate);
  return {
    liquidation: minus(entry, signed(side, dividedBy(minus(margin, reserve), size))),
    bankruptcy: minus(entry, signed(side, dividedBy(margin, size))),
  };
}

/** Cross estimate: how far the mark may go before the account's free maintenance is used up. */
export const crossLiquidation = (
  side: Side,
  size: Decimal,
  mark: Decimal,
  free: Decimal,
): Decimal => minus(mark, signed(side, dividedBy(free, size)));

/** A share of a whole, 4 decimals truncated; "0" of nothing. */
export const rate = (part: Decimal, whole: Decimal): Decimal =>
  compare(whole, '0') <= 0 ? '0' : rounded(toStep(dividedBy(part, whole), '0.0001', 'down'), 4);

/** What a reduction takes out of a position. All amounts in the settle coin. */
export function reduction(input: {
  side: Side;
  size: Decimal;
  entryValue: Decimal;
  openFee: Decimal;
  quantity: Decimal;
  price: Decimal;
}): { entryValue: Decimal; exitValue: Decimal; openFee: Decimal; pnl: Decimal } {
  const all = compare(input.quantity, input.size) === 0;
  const share = (whole: Decimal): Decimal =>
    all ? whole : money(dividedBy(times(whole, input.quantity), input.size));
  const entryValue = share(input.entryValue);
  const exitValue = times(input.quantity, input.price);
  return {
    entryValue,
    exitValue,
    openFee: share(input.openFee),
    pnl: signed(input.side, minus(exitValue, entryValue)),
  };
}

/** Price P&L less both fees. */
export const netPnl = (pnl: Decimal, openFee: Decimal, closeFee: Decimal): Decimal =>
  sum([pnl, negated(openFee), negated(closeFee)]);
