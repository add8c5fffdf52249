import { type Decimal, isDecimal, isMultiple, rounded } from '../../../domain/numbers.ts';
import type { Contract } from '../../prices/contracts.ts';
import { invalid } from '../../refusal.ts';
import type { PositionIdx, TriggerBy } from '../state/state.ts';

/** The body of `/v5/order/create`, as it came. */
export type Request = Record<string, unknown>;

export const textOf = (request: Request, name: string): string => {
  const value = request[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};

export const flagOf = (request: Request, name: string): boolean =>
  request[name] === true || request[name] === 'true';

const triggers = new Set(['LastPrice', 'MarkPrice', 'IndexPrice']);

/** The price source named in a request; the last price when none is. */
export function triggerByOf(request: Request, name: string): TriggerBy {
  const value = textOf(request, name) || 'LastPrice';
  if (!triggers.has(value)) throw invalid(name);
  return value as TriggerBy;
}

/** A price in a request, on the tick; "" when absent. */
export function priceOf(request: Request, name: string, contract: Contract): Decimal | '' {
  const value = textOf(request, name);
  if (value === '') return '';
  if (!isDecimal(value)) throw invalid(name);
  if (!isMultiple(value, contract.tick)) throw invalid(name);
  return rounded(value, 12);
}

/** Which leg a request is about; 0 when it does not say. */
export function positionIdxOf(request: Request): PositionIdx {
  const idx = Number(textOf(request, 'positionIdx') || '0');
  if (idx !== 0 && idx !== 1 && idx !== 2) throw invalid('positionIdx');
  return idx;
}
