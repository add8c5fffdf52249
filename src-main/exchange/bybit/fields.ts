import { type Decimal, isZero, less, readDecimal } from '../../domain/numbers.ts';
import type { Others } from '../../domain/order.ts';

/** One row as the venue sent it, by REST or by stream. */
export type Payload = Readonly<Record<string, unknown>>;

/**
 * A row that does not say what it must. Where it names its symbol that symbol is set aside; where it does
 * not it may be about any, and the whole read is unknown: a row left out would look like a position or an
 * order that is not there.
 */
export class MalformedRow extends Error {
  /** The venue's name of the field, and what stands in it, as text; empty where no field is to blame. */
  readonly field: string;
  readonly raw: string;

  constructor(what: string, field = '', raw = '') {
    super(`The exchange sent ${what}.`);
    this.name = 'MalformedRow';
    this.field = field;
    this.raw = raw;
  }
}

/** The row is not to be read because of this field. */
export function malformedField(row: Payload, name: string): MalformedRow {
  const value = row[name];
  const raw = rawText(value);
  const empty = value === undefined || value === null || value === '';
  return new MalformedRow(empty ? `a row without ${name}` : `the ${name} ${raw}`, name, raw);
}

/** What stands in a field as it was sent, shortened: `"Both"`, `-1`; `nothing` where it is not there. */
function rawText(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > LONGEST_RAW ? `${text.slice(0, LONGEST_RAW)}…` : text;
}

/** The symbol a row is about; `null` when it names none that can be relied on. Bybit writes no lower case. */
export function symbolOf(row: unknown): string | null {
  const symbol = typeof row === 'object' && row !== null && (row as Payload)['symbol'];
  return typeof symbol === 'string' && SYMBOL.test(symbol) && symbol === symbol.toUpperCase()
    ? symbol
    : null;
}

/** The same, where a row without one cannot be read. */
export function requiredSymbol(row: Payload): string {
  const symbol = symbolOf(row);
  if (symbol === null) throw malformedField(row, 'symbol');
  return symbol;
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
  throw malformedField(row, name);
}

/** A word that only describes: where it is not text, what stands there. */
export function word(row: Payload, name: string): string | null {
  const value = row[name];
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' ? value : rawText(value);
}

export function requiredText(row: Payload, name: string): string {
  const value = text(row, name);
  if (value === null) throw malformedField(row, name);
  return value;
}

/** A decimal in plain notation, otherwise as written; `null` for an empty or absent one. */
export function decimal(row: Payload, name: string): Decimal | null {
  const value = row[name];
  if (value === undefined || value === null || value === '') return null;
  const read = readDecimal(value);
  if (read !== null) return read;
  throw malformedField(row, name);
}

export function requiredDecimal(row: Payload, name: string): Decimal {
  const value = decimal(row, name);
  if (value === null) throw malformedField(row, name);
  return value;
}

/** A price or distance; the venue writes "none" as `""`, `"0"` or `"0.00"`. */
export function price(row: Payload, name: string): Decimal | null {
  const value = decimal(row, name);
  if (value !== null && less(value, '0')) throw malformedField(row, name);
  return value === null || isZero(value) ? null : value;
}

/** A whole number (ms, sequence, index), which the venue writes as a number or as text. */
export function whole(row: Payload, name: string): number | null {
  const told = row[name];
  if (typeof told === 'number' && Number.isSafeInteger(told)) return told;
  const value = decimal(row, name);
  if (value === null) return null;
  if (Number.isSafeInteger(Number(value))) return Number(value);
  throw malformedField(row, name);
}

export function requiredWhole(row: Payload, name: string): number {
  const value = whole(row, name);
  if (value === null) throw malformedField(row, name);
  return value;
}

/** Yes or no; `false` where the venue writes nothing. */
export function flag(row: Payload, name: string): boolean {
  const value = row[name];
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw malformedField(row, name);
}

/** The same, where writing nothing says nothing. */
export function requiredFlag(row: Payload, name: string): boolean {
  if (typeof row[name] !== 'boolean') throw malformedField(row, name);
  return flag(row, name);
}

/** A figure that is only shown: `null` also where it cannot be read. */
export const figure = (row: Payload, name: string): Decimal | null => readDecimal(row[name]);

/** The same for a price, of which the venue writes "none" as zero. */
export function shownPrice(row: Payload, name: string): Decimal | null {
  const value = figure(row, name);
  return value === null || isZero(value) ? null : value;
}

/** The value of a field that decides, in our words. What is not known here makes the row unreadable. */
export function deciding<Value>(
  row: Payload,
  name: string,
  known: Readonly<Record<string, Value>>,
): Value {
  const value = requiredText(row, name);
  if (Object.hasOwn(known, value)) return known[value] as Value;
  throw malformedField(row, name);
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
      const value = row[name];
      if (value === undefined || value === null || value === '' || value === NONE) return null;
      if (typeof value === 'string' && Object.hasOwn(known, value)) return known[value] ?? null;
      raw[name] = typeof value === 'string' ? value.slice(0, LONGEST_RAW) : rawText(value);
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
/** Of a name that is one word. */
const SYMBOL = /^\S{1,40}$/u;
const LONGEST_RAW = 40;
