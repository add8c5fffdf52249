import {
  equal,
  greater,
  isDecimal,
  isZero,
  less,
  minus,
  plus,
  rounded,
} from '../../../domain/numbers.ts';
import { invalid, Refusal } from '../../refusal.ts';
import { totalsOf } from '../money/margin.ts';
import { tierFor } from '../money/tiers.ts';
import { positionIdxOf, type Request, textOf } from '../orders/request.ts';
import { during } from '../state/batch.ts';
import {
  type Account,
  isLive,
  type MarginMode,
  type Position,
  type PositionIdx,
} from '../state/state.ts';
import { contractOf, isHedge, isOpen, positionOf, type Venue } from '../state/venue.ts';
import { cancelBefore } from './liquidation.ts';

export function setLeverage(venue: Venue, account: Account, request: Request): void {
  const contract = contractOf(venue, textOf(request, 'symbol'));
  const buy = textOf(request, 'buyLeverage');
  const sell = textOf(request, 'sellLeverage');
  if (!isDecimal(buy) || !isDecimal(sell)) throw invalid('leverage');
  const hedge = isHedge(account, contract);
  const apart = hedge && account.marginMode === 'ISOLATED_MARGIN';
  if (!equal(buy, sell) && !apart) {
    throw new Refusal(10001, 'buy leverage not equal sell leverage');
  }
  if (less(buy, '1') || less(sell, '1')) throw invalid('leverage');
  const legs: [PositionIdx, string][] = hedge
    ? [
        [1, buy],
        [2, sell],
      ]
    : [[0, buy]];
  const positions = legs.map(
    ([idx, leverage]) => [positionOf(venue, account, contract, idx), leverage] as const,
  );
  if (positions.every(([position, leverage]) => equal(position.leverage, leverage))) {
    throw new Refusal(110043, 'leverage not modified');
  }
  for (const [position, leverage] of positions) {
    if (greater(leverage, tierFor(contract, position.entryValue).maxLeverage))
      throw new Refusal(110013, 'cannot set leverage gt maxLeverage by risk limit');
  }
  during(venue, account, (batch) => {
    for (const [position, leverage] of positions) {
      position.leverage = rounded(leverage, 2);
      touch(venue, position);
    }
    batch.position(contract.symbol);
  });
}

function touch(venue: Venue, position: Position): void {
  position.seq = venue.seq;
  position.updatedTime = venue.time.now();
}

/** One-way (0) or hedge (3), of a symbol or of every USDT contract without position or orders. */
export function switchMode(venue: Venue, account: Account, request: Request): void {
  const mode = Number(textOf(request, 'mode'));
  if (textOf(request, 'mode') === '' || (mode !== 0 && mode !== 3)) {
    throw new Refusal(10001, 'params error: position_mode invalid');
  }
  const hedge = mode === 3;
  const symbol = textOf(request, 'symbol');
  const coin = textOf(request, 'coin');
  if (symbol === '' && coin === '') throw invalid('symbol');
  if (symbol === '') return switchCoin(account, venue, coin, hedge);
  const contract = contractOf(venue, symbol);
  if (hedge && contract.settle !== 'USDT') {
    throw new Refusal(110029, 'Hedge mode is not supported for this symbol');
  }
  if (isHedge(account, contract) === hedge) {
    throw new Refusal(110025, 'Position mode is not modified');
  }
  const busy = inUse(account, symbol);
  if (busy === 'position') {
    throw new Refusal(110024, 'You have an existing position, so position mode cannot be switched');
  }
  if (busy === 'orders') {
    throw new Refusal(110028, 'You have existing open orders, so position mode cannot be switched');
  }
  // Both legs, or the one, are pushed as they are named from now on.
  during(venue, account, (batch) => {
    account.hedgeSymbols.set(symbol, hedge);
    batch.position(symbol);
  });
}

function switchCoin(account: Account, venue: Venue, coin: string, hedge: boolean): void {
  if (hedge && coin !== 'USDT') {
    throw new Refusal(110029, 'Hedge mode is not supported for this symbol');
  }
  if (account.hedgeCoins.has(coin) === hedge && account.hedgeSymbols.size === 0) {
    throw new Refusal(110025, 'Position mode is not modified');
  }
  const before = new Map(
    [...venue.contracts.values()].map((contract) => [contract.symbol, isHedge(account, contract)]),
  );
  if (hedge) account.hedgeCoins.add(coin);
  else account.hedgeCoins.delete(coin);
  for (const contract of venue.contracts.values()) {
    if (contract.settle !== coin) continue;
    const was = before.get(contract.symbol) ?? false;
    if (was !== hedge && inUse(account, contract.symbol) !== null)
      account.hedgeSymbols.set(contract.symbol, was);
    else account.hedgeSymbols.delete(contract.symbol);
  }
  venue.changed();
}

function inUse(account: Account, symbol: string): 'position' | 'orders' | null {
  const held = ([0, 1, 2] as const).some((idx) => {
    const position = account.positions.get(`${symbol}|${idx}`);
    return position !== undefined && isOpen(position);
  });
  if (held) return 'position';
  return (account.openBySymbol.get(symbol)?.size ?? 0) > 0 ? 'orders' : null;
}

export function setMarginMode(venue: Venue, account: Account, request: Request): void {
  const mode = textOf(request, 'setMarginMode');
  if (mode !== 'REGULAR_MARGIN' && mode !== 'ISOLATED_MARGIN') throw invalid('setMarginMode');
  if (account.marginMode === mode)
    throw new Refusal(110026, 'Cross/isolated margin mode is not modified');
  account.marginMode = mode satisfies MarginMode;
  account.modeUpdatedTime = venue.time.now();
  venue.changed();
}

/** Adds (or, negative, takes back) margin of an isolated position. */
export function addMargin(venue: Venue, account: Account, request: Request): Position {
  const contract = contractOf(venue, textOf(request, 'symbol'));
  const idx = positionIdxOf(request);
  const amount = textOf(request, 'margin');
  const position = positionOf(venue, account, contract, idx);
  if (!isDecimal(amount) || isZero(amount)) throw invalid('margin');
  if (account.marginMode !== 'ISOLATED_MARGIN') {
    throw new Refusal(
      110073,
      'Setting auto-add margin failed: the account is not in isolated margin',
    );
  }
  if (!isOpen(position)) throw new Refusal(110011, 'the position is zero');
  const next = plus(position.addedMargin, amount);
  const enough = !greater(amount, totalsOf(venue, account).available) && !less(next, '0');
  if (!enough) throw new Refusal(110007, 'ab not enough for new order');
  during(venue, account, (batch) => {
    position.addedMargin = minus(next, '0');
    touch(venue, position);
    batch.position(contract.symbol);
  });
  return position;
}

export function setAutoAddMargin(venue: Venue, account: Account, request: Request): void {
  const contract = contractOf(venue, textOf(request, 'symbol'));
  const idx = positionIdxOf(request);
  const wanted = Number(textOf(request, 'autoAddMargin'));
  if (wanted !== 0 && wanted !== 1) throw invalid('autoAddMargin');
  const position = positionOf(venue, account, contract, idx);
  if (position.autoAddMargin === wanted) throw new Refusal(10001, 'auto add margin not modified');
  position.autoAddMargin = wanted;
  touch(venue, position);
  venue.changed();
}

/** Whether limit prices beyond the price limit are moved to it (the venue's default) or refused. */
export function setLimitAction(venue: Venue, account: Account, request: Request): void {
  const wanted = request.modifyEnable;
  if (typeof wanted !== 'boolean') throw invalid('modifyEnable');
  account.movesPrices = wanted;
  venue.changed();
}

/** Cancels the orders when the private stream is lost for so many seconds (3 to 300). */
export function setDcp(venue: Venue, account: Account, request: Request): void {
  const seconds = Number(textOf(request, 'timeWindow'));
  if (!Number.isInteger(seconds) || seconds < 3 || seconds > 300) throw invalid('timeWindow');
  account.dcpSeconds = seconds;
  venue.changed();
}

/** The private stream was away for too long: every order on the book goes. */
export function cancelDisconnected(venue: Venue, account: Account): void {
  const orders = [...account.open.values()].filter(isLive);
  if (orders.length === 0) return;
  during(venue, account, (batch) => cancelBefore(account, batch, orders, 'CancelByDCP'));
}
