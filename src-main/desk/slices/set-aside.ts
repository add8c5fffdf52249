import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import type { Place } from '../../cache/change.ts';
import { positionKey } from '../../domain/keys.ts';
import { decimalsOf } from '../../domain/numbers.ts';
import type { SetAside } from '../../domain/set-aside.ts';
import { ladderFrom } from '../../monitor/rules/ladder.ts';
import { protectionOf } from '../../monitor/rules/protection.ts';
import { byRole } from '../../monitor/rules/roles.ts';
import type { Parts } from '../parts.ts';

/**
 * What is shown of the symbols of an account that are set aside: a row for each position or monitor that
 * was known of them, and one without figures where nothing was. The figures are what was known last; none
 * is worked out from them, and none is protected as far as is known.
 */
export function setAsideRows(
  parts: Pick<Parts, 'cache' | 'loop'>,
  account: string,
  source: PositionRow['source'],
): PositionRow[] {
  const { cache, loop } = parts;
  return cache.allSetAside(account).flatMap((setAside) => {
    const { symbol } = setAside;
    const isIts = (one: Place): boolean => one.account === account && one.symbol === symbol;
    const open = cache.held(account, 'positions').rows.filter(({ side }) => side !== null);
    const known: Place[] = [...loop.monitors(), ...open].filter(isIts);
    const places = new Map(known.map((one) => [positionKey(one), one]));
    if (places.size === 0)
      return [rowOf(parts, { account, symbol, positionIdx: 0 }, setAside, source)];
    return [...places.values()].map((place) => rowOf(parts, place, setAside, source));
  });
}

function rowOf(
  { cache, loop }: Pick<Parts, 'cache' | 'loop'>,
  { account, symbol, positionIdx }: Place,
  setAside: SetAside,
  source: PositionRow['source'],
): PositionRow {
  const place: Place = { account, symbol, positionIdx };
  const position = cache.positionAt(place);
  const watch = loop.watch(positionKey(place));
  const monitor = watch?.monitor ?? null;
  const known = position ?? monitor;
  const side = known?.side ?? null;
  const size = known?.size ?? null;
  const roles = side && byRole(cache.ordersAt(place), side);
  const stop = (position ? protectionOf(position, roles?.stop ?? []).stop : monitor?.stop) ?? null;
  const ladder =
    monitor?.takeProfits ?? (roles && side ? ladderFrom(roles['take-profit'], side) : []);
  const ticker = cache.ticker(symbol);
  const instrument = cache.instrument(symbol);
  const markPrice = ticker?.ticker.markPrice ?? position?.markPrice ?? null;
  return {
    ...place,
    side,
    size,
    entryPrice: known?.entryPrice ?? null,
    markPrice,
    unrealisedPnl: null,
    leverage: position?.leverage ?? null,
    liquidationPrice: position?.liquidationPrice ?? null,
    stop: stop && { price: stop.price, quantity: stop.quantity, source: stop.source },
    protectedSize: '0',
    protection: { state: 'unknown', beyondLiquidation: false, sentence: setAside.sentence },
    profitIfStopped: null,
    doubtful: true,
    notUnderstood: {
      since: setAside.since,
      sentence: setAside.sentence,
      oddities: setAside.oddities.map(({ kind, field, raw, sentence }) => ({
        kind,
        field,
        raw,
        sentence,
      })),
    },
    contractTrouble: cache.contractTrouble(symbol),
    needs: null,
    takeProfits: ladder.map(({ level, price, quantity, filledQuantity, orderId }) => ({
      level,
      price,
      quantity,
      filledQuantity,
      orderId,
    })),
    phase: monitor?.phase ?? 'adopted',
    urgency: watch?.urgency ?? 'critical',
    breakevenMoved: monitor?.breakevenMoved ?? false,
    nearest: null,
    priceDecimals: decimalsOf(instrument?.tickSize ?? markPrice ?? '0'),
    quantityDecimals: decimalsOf(instrument?.quantityStep ?? size ?? '0'),
    asOf: setAside.since,
    source,
  };
}
