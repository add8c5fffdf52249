import {
  type Decimal,
  equal,
  greater,
  isDecimal,
  isMultiple,
  isZero,
  minus,
  plus,
} from '../../../domain/numbers.ts';
import type { Contract } from '../../prices/contracts.ts';
import { invalid, Refusal } from '../../refusal.ts';
import { type Batch, during } from '../state/batch.ts';
import type { Account, Position, Side } from '../state/state.ts';
import { contractOf, lastPrice, positionOf, quoteOf, type Venue } from '../state/venue.ts';
import { addLeg, deactivate, legsOf, pair, setFull } from './legs.ts';
import { positionIdxOf, priceOf, type Request, textOf, triggerByOf } from './request.ts';
import { checkMode, checkSide, sourcePrice } from './rules.ts';

/**
 * `/v5/position/trading-stop`: Full modifies the position's TP/SL, Partial only adds legs, a
 * trailing distance follows the price. Setting what is already there is refused with 34040.
 */
export function setTradingStop(venue: Venue, account: Account, request: Request): void {
  const contract = contractOf(venue, textOf(request, 'symbol'));
  const idx = positionIdxOf(request);
  checkMode(account, contract, idx);
  const position = positionOf(venue, account, contract, idx);
  if (position.side === '') {
    throw new Refusal(10001, 'can not set tp/sl/ts for zero position');
  }
  const wish = read(venue, contract, request, position.side);
  if (textOf(request, 'tpslMode') === 'Partial') {
    addPartial(venue, account, position, position.side, wish, request);
    return;
  }
  const same = (wanted: Decimal | '', present: Decimal | ''): boolean =>
    wanted === '' || equal(wanted, present === '' ? '0' : present);
  const unchanged =
    same(wish.takeProfit, position.takeProfit) &&
    same(wish.stopLoss, position.stopLoss) &&
    same(wish.trail, position.trailingStop);
  if (unchanged) throw new Refusal(34040, 'not modified');
  during(venue, account, (batch) => {
    setFull(venue, account, batch, position, wish);
    if (!same(wish.trail, position.trailingStop))
      setTrail(venue, account, batch, position, wish.trail === '' ? '0' : wish.trail, wish.active);
    position.updatedTime = venue.time.now();
    batch.position(position.symbol);
  });
}

interface Wish {
  takeProfit: Decimal | '';
  stopLoss: Decimal | '';
  trail: Decimal | '';
  active: Decimal | '';
  tpTriggerBy: ReturnType<typeof triggerByOf>;
  slTriggerBy: ReturnType<typeof triggerByOf>;
  tpLimitPrice: Decimal | '';
  slLimitPrice: Decimal | '';
}

function read(venue: Venue, contract: Contract, request: Request, side: Side): Wish {
  const wish: Wish = {
    takeProfit: priceOf(request, 'takeProfit', contract),
    stopLoss: priceOf(request, 'stopLoss', contract),
    trail: priceOf(request, 'trailingStop', contract),
    active: priceOf(request, 'activePrice', contract),
    tpTriggerBy: triggerByOf(request, 'tpTriggerBy'),
    slTriggerBy: triggerByOf(request, 'slTriggerBy'),
    tpLimitPrice: priceOf(request, 'tpLimitPrice', contract),
    slLimitPrice: priceOf(request, 'slLimitPrice', contract),
  };
  for (const kind of ['TakeProfit', 'StopLoss'] as const) {
    const level = kind === 'TakeProfit' ? wish.takeProfit : wish.stopLoss;
    const by = kind === 'TakeProfit' ? wish.tpTriggerBy : wish.slTriggerBy;
    if (level === '' || isZero(level)) continue;
    checkSide(kind, level, side, sourcePrice(venue, contract.symbol, by), by);
  }
  return wish;
}

/** Adds one TP leg, one SL leg, or a pair of the same size. At most 20 per position. */
function addPartial(
  venue: Venue,
  account: Account,
  position: Position,
  side: Side,
  wish: Wish,
  request: Request,
): void {
  const wanted = [wish.takeProfit, wish.stopLoss].filter((level) => level !== '' && !isZero(level));
  if (wanted.length === 0) throw new Refusal(34040, 'not modified');
  const size = partialSize(venue, position, request, wanted.length === 2);
  const present = legsOf(account, position).filter((leg) => leg.tpslMode === 'Partial');
  if (present.length + wanted.length > 20) {
    throw new Refusal(110061, 'not allowed to have more than 20 TP/SLs under Partial tpSlMode');
  }
  during(venue, account, (batch) => {
    const leg = (kind: 'PartialTakeProfit' | 'PartialStopLoss') => {
      const takes = kind === 'PartialTakeProfit';
      const level = takes ? wish.takeProfit : wish.stopLoss;
      if (level === '' || isZero(level)) return null;
      return addLeg(
        venue,
        account,
        batch,
        { symbol: position.symbol, idx: position.idx, side },
        {
          kind,
          triggerPrice: level,
          triggerBy: takes ? wish.tpTriggerBy : wish.slTriggerBy,
          qty: size,
          limitPrice:
            textOf(request, takes ? 'tpOrderType' : 'slOrderType') === 'Limit'
              ? takes
                ? wish.tpLimitPrice
                : wish.slLimitPrice
              : '',
          parentOrderLinkId: '',
        },
      );
    };
    pair(leg('PartialTakeProfit'), leg('PartialStopLoss'));
  });
}

function partialSize(venue: Venue, position: Position, request: Request, both: boolean): Decimal {
  const sizes = [textOf(request, 'tpSize'), textOf(request, 'slSize')].filter(
    (size) => size !== '',
  );
  const size = sizes[0] ?? position.size;
  const { step } = contractOf(venue, position.symbol);
  if (!isDecimal(size) || !isMultiple(size, step) || isZero(size)) throw invalid('tpSize');
  if (both && sizes.length === 2 && !equal(size, sizes[1] ?? size)) {
    throw new Refusal(10001, 'tpSize and slSize must be equal');
  }
  return greater(size, position.size) ? position.size : size;
}

function setTrail(
  venue: Venue,
  account: Account,
  batch: Batch,
  position: Position,
  trail: Decimal,
  active: Decimal | '',
): void {
  const leg = legsOf(account, position).find((order) => order.stopOrderType === 'TrailingStop');
  if (leg !== undefined) deactivate(account, batch, leg, 'CancelByUser');
  position.trailingStop = trail;
  if (isZero(trail) || position.side === '') return;
  const start = active === '' ? lastPrice(quoteOf(venue, position.symbol)) : active;
  const added = addLeg(
    venue,
    account,
    batch,
    { symbol: position.symbol, idx: position.idx, side: position.side },
    {
      kind: 'TrailingStop',
      triggerPrice: position.side === 'Buy' ? minus(start, trail) : plus(start, trail),
      triggerBy: 'LastPrice',
      qty: position.size,
      limitPrice: '',
      parentOrderLinkId: '',
      trail,
    },
  );
  if (active !== '') added.activePrice = active;
}
