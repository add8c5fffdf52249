import type { AccountId } from '../../domain/account.ts';
import { isZero, less } from '../../domain/numbers.ts';
import type { Position, PositionIdx, Side } from '../../domain/position.ts';
import {
  decimal,
  flag,
  MalformedRow,
  payloadOf,
  price,
  requiredDecimal,
  requiredText,
  text,
  whole,
} from './fields.ts';

const SIDES: Readonly<Record<string, Side>> = { Buy: 'long', Sell: 'short' };

const HEDGE_SIDES = { 0: null, 1: 'long', 2: 'short' } as const;

const STATUSES: Readonly<Record<string, Position['status']>> = {
  Normal: 'Normal',
  normal: 'Normal', // spelling of 2022
  Classic: 'Normal', // classic accounts name the account's kind here
  Liq: 'Liq',
  Adl: 'Adl',
};

/**
 * A position row, from `GET /v5/position/list` (`avgPrice`, `""` for none) or from the stream
 * (`entryPrice`, `"0"` for none). Both spellings give the same value.
 */
export function mapPosition(account: AccountId, value: unknown): Position {
  const row = payloadOf(value, 'a position');
  const size = requiredDecimal(row, 'size');
  if (less(size, '0')) throw new MalformedRow('a position with a negative size');
  const flat = isZero(size);
  const positionIdx = positionIdxOf(row);
  // In hedge mode the index is the side; the answer to add-margin names no other.
  const side = SIDES[text(row, 'side') ?? ''] ?? HEDGE_SIDES[positionIdx];
  if (!flat && side === null) throw new MalformedRow('an open position without a side');
  const status = STATUSES[text(row, 'positionStatus') ?? 'Normal'];
  if (status === undefined) throw new MalformedRow('a positionStatus that is not known here');
  const whenFlat = flat ? '0' : null;
  return {
    account,
    symbol: requiredText(row, 'symbol'),
    positionIdx,
    side: flat ? null : side,
    size: flat ? '0' : size,
    entryPrice: price(row, 'avgPrice') ?? price(row, 'entryPrice'),
    markPrice: price(row, 'markPrice'),
    positionValue: decimal(row, 'positionValue') ?? whenFlat,
    leverage: decimal(row, 'leverage'),
    liquidationPrice: price(row, 'liqPrice'),
    venueBreakEvenPrice: price(row, 'breakEvenPrice'),
    unrealisedPnl: decimal(row, 'unrealisedPnl') ?? whenFlat,
    currentRealisedPnl: decimal(row, 'curRealisedPnl'),
    cumulativeRealisedPnl: decimal(row, 'cumRealisedPnl'),
    initialMargin: decimal(row, 'positionIM') ?? whenFlat,
    maintenanceMargin: decimal(row, 'positionMM') ?? whenFlat,
    takeProfit: price(row, 'takeProfit'),
    stopLoss: price(row, 'stopLoss'),
    trailingStop: price(row, 'trailingStop'),
    status,
    adlRank: whole(row, 'adlRankIndicator') ?? 0,
    reduceOnly: flag(row, 'isReduceOnly'),
    openedAt: whole(row, 'openTime') || null,
    createdAt: whole(row, 'createdTime') ?? whole(row, 'CreatedTime'),
    updatedAt: whole(row, 'updatedTime'),
    seq: whole(row, 'seq') ?? -1,
  };
}

export function positionIdxOf(row: Readonly<Record<string, unknown>>): PositionIdx {
  const index = whole(row, 'positionIdx');
  if (index === 0 || index === 1 || index === 2) return index;
  throw new MalformedRow('a row without a positionIdx of 0, 1 or 2');
}
