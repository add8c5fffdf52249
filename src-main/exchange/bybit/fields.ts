import { type Decimal, isZero, readDecimal } from '../../domain/numbers.ts';

import type { Others } from '../../domain/order.ts';

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

/** A decimal in plain notation, otherwise as written; `null` for an empty or absent one. */
export function decimal(row: Payload, name: string): Decimal | null {
  const value = row[name];
  if (value === undefined || value === null || value === '') return null;
  const read = readDecimal(value);
  if (read !== null) return read;
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
  const value = decimal(row, name);
  if (value === null) return null;
  if (Number.isSafeInteger(Number(value))) return Number(value);
  throw new MalformedRow(`a ${name} that is not a whole number`);
}

export function requiredWhole(row: Payload, name: string): number {
  const value = whole(row, name);
  if (value === null) throw new MalformedRow(`a row without ${name}`);
  return value;
}

export const flag = (row: Payload, name: string): boolean => row[name] === true;

/** The value of a field that decides, in our words. What is not known here makes the row unreadable. */
export function deciding<Value>(
  row: Payload,
  name: string,
  known: Readonly<Record<string, Value>>,
): Value {
  const value = requiredText(row, name);
  if (Object.hasOwn(known, value)) return known[value] as Value;
  throw new MalformedRow(`the ${name} "${value.slice(0, LONGEST_RAW)}", which is not known here`);
}

/**
 * Reads the fields of `row` that only describe: in our words, `null` for what the venue writes as
 * "none", and `other` for what is not known here, whose raw value then stands in `others`.
 */
export function describing(row: Payload): {
  field<Value extends string>(
    name: string,
    known: Readonly<Record<string, Value>>,
  ): Value | 'other' | null;
  /** To be spread into the row: nothing when everything was known. */
  others(): { others?: Others };
} {
  const raw: Record<string, string> = {};
  return {
    field(name, known) {
      const value = text(row, name);
      if (value === null || value === NONE) return null;
      if (Object.hasOwn(known, value)) return known[value] ?? null;
      raw[name] = value.slice(0, LONGEST_RAW);
      return 'other';
    },
    others: () => (Object.keys(raw).length > 0 ? { others: raw } : {}),
  };
}

/** Each word for itself. */
export const asWritten = <Value extends string>(
  ...words: readonly Value[]
): Readonly<Record<Value, Value>> =>
  Object.fromEntries(words.map((word) => [word, word])) as Record<Value, Value>;

const NONE = 'UNKNOWN';
const LONGEST_RAW = 40;
