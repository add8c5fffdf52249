import type { AccountId } from '../../domain/account.ts';
import { isZero, less } from '../../domain/numbers.ts';
import type { Position, PositionIdx, Side } from '../../domain/position.ts';
import {
  deciding,
  figure,
  flag,
  malformedField,
  type Payload,
  payloadOf,
  price,
  requiredDecimal,
  requiredSymbol,
  shownPrice,
  text,
  whole,
} from './fields.ts';

/** A flat row names no side. */
const SIDES: Readonly<Record<string, Side | null>> = { Buy: 'long', Sell: 'short', None: null };

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
  if (less(size, '0')) throw malformedField(row, 'size');
  const flat = isZero(size);
  const positionIdx = positionIdxOf(row);
  // In hedge mode the index is the side; the answer to add-margin names no other.
  const named = text(row, 'side') === null ? null : deciding(row, 'side', SIDES);
  const byIndex = HEDGE_SIDES[positionIdx];
  const side = named ?? byIndex;
  const against = byIndex !== null && side !== byIndex;
  if (!flat && (side === null || against)) throw malformedField(row, 'side');
  const whenFlat = flat ? '0' : null;
  return {
    account,
    symbol: requiredSymbol(row),
    positionIdx,
    side: flat ? null : side,
    size: flat ? '0' : size,
    entryPrice: price(row, 'avgPrice') ?? price(row, 'entryPrice'),
    markPrice: shownPrice(row, 'markPrice'),
    positionValue: figure(row, 'positionValue') ?? whenFlat,
    leverage: figure(row, 'leverage'),
    liquidationPrice: price(row, 'liqPrice'),
    venueBreakEvenPrice: shownPrice(row, 'breakEvenPrice'),
    unrealisedPnl: figure(row, 'unrealisedPnl') ?? whenFlat,
    currentRealisedPnl: figure(row, 'curRealisedPnl'),
    cumulativeRealisedPnl: figure(row, 'cumRealisedPnl'),
    initialMargin: figure(row, 'positionIM') ?? whenFlat,
    maintenanceMargin: figure(row, 'positionMM') ?? whenFlat,
    takeProfit: price(row, 'takeProfit'),
    stopLoss: price(row, 'stopLoss'),
    trailingStop: price(row, 'trailingStop'),
    status:
      text(row, 'positionStatus') === null ? 'Normal' : deciding(row, 'positionStatus', STATUSES),
    adlRank: Number(figure(row, 'adlRankIndicator') ?? 0),
    reduceOnly: flag(row, 'isReduceOnly'),
    openedAt: whole(row, 'openTime') || null,
    createdAt: whole(row, 'createdTime') ?? whole(row, 'CreatedTime'),
    updatedAt: whole(row, 'updatedTime'),
    seq: whole(row, 'seq') ?? -1,
  };
}

export function positionIdxOf(row: Payload): PositionIdx {
  const index = whole(row, 'positionIdx');
  if (index === 0 || index === 1 || index === 2) return index;
  throw malformedField(row, 'positionIdx');
}
