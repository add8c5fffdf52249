import { type Decimal, isDecimal, isZero, plus } from '../../domain/numbers.ts';

/** One row as the venue sent it, by REST or by stream. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * A row that does not say what it must. The whole read it belongs to is then unknown: a row left
 * out would look like a position or an order that is not there.
 */
export class MalformedRow extends Error {
  constructor(what: string) {
    super(`The exchange sent ${what}.`);
    this.name = 'MalformedRow';
  }
}

export function payloadOf(value: unknown, what: string): Payload {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new MalformedRow(`${what} that is not an object`);
  }
  return value as Payload;
}

export function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedRow(`${what} that is not a list`);
  return value;
}

/** Text; `null` where the venue writes nothing or an empty string. */
export function text(row: Payload, name: string): string | null {
  const value = row[name];
  if (value === undefined || value === null || value === '') return null;
  if (typeof value === 'string') return value;
  throw new MalformedRow(`a ${name} that is not text`);
}

export function requiredText(row: Payload, name: string): string {
  const value = text(row, name);
  if (value === null) throw new MalformedRow(`a row without ${name}`);
  return value;
}

/** A decimal as written; `null` for an empty or absent one. */
export function decimal(row: Payload, name: string): Decimal | null {
  const value = text(row, name);
  if (value === null || isDecimal(value)) return value;
  if (/^-?\d+(\.\d+)?[eE][+-]?\d+$/.test(value)) return plus(value, '0');
  throw new MalformedRow(`a ${name} that is not a decimal number`);
}

export function requiredDecimal(row: Payload, name: string): Decimal {
  const value = decimal(row, name);
  if (value === null) throw new MalformedRow(`a row without ${name}`);
  return value;
}

/** A price or distance; the venue writes "none" as `""`, `"0"` or `"0.00"`. */
export function price(row: Payload, name: string): Decimal | null {
  const value = decimal(row, name);
  return value === null || isZero(value) ? null : value;
}

/** A whole number (ms, sequence, index), which the venue writes as a number or as text. */
export function whole(row: Payload, name: string): number | null {
  const value = row[name];
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
  throw new MalformedRow(`a ${name} that is not a whole number`);
}

export function requiredWhole(row: Payload, name: string): number {
  const value = whole(row, name);
  if (value === null) throw new MalformedRow(`a row without ${name}`);
  return value;
}

export const flag = (row: Payload, name: string): boolean => row[name] === true;

/** One of `known`, `null` for what the venue writes as "none"; anything else is malformed. */
export function oneOf<Value extends string>(
  row: Payload,
  name: string,
  known: ReadonlySet<Value>,
  none: ReadonlySet<string> = NONE,
): Value | null {
  const value = text(row, name);
  if (value === null || none.has(value)) return null;
  if ((known as ReadonlySet<string>).has(value)) return value as Value;
  throw new MalformedRow(`the ${name} "${value.slice(0, 40)}", which is not known here`);
}

const NONE: ReadonlySet<string> = new Set(['UNKNOWN']);
