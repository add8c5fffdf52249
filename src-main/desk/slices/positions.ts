import type { PositionRow } from '../../../src-preload/contract.ts';
import type { Cache } from '../../cache/cache.ts';
import type { HeldTicker } from '../../cache/shared-line.ts';
import type { AccountId } from '../../domain/account.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { type Decimal, decimalsOf, minus, times } from '../../domain/numbers.ts';
import type { Position, Side } from '../../domain/position.ts';
import type { Loop } from '../../monitor/loop.ts';
import type { Watch } from '../../monitor/watch.ts';

/** Everything a row is made of; the same objects give the same row. */
interface Made {
  position: Position;
  monitor: Monitor | null;
  ticker: HeldTicker | null;
  instrument: Instrument | null;
  urgency: Watch['urgency'] | null;
  covered: Decimal | null;
  freshness: string;
  row: PositionRow;
}

/**
 * The open positions of every account, as the venue says they are, with what their monitors know.
 * A row whose ingredients have not changed is the very same object, so it is not sent again.
 */
export function createPositionRows(cache: Cache, loop: Loop): () => PositionRow[] {
  let made = new Map<PositionKey, Made>();

  return () => {
    const next = new Map<PositionKey, Made>();
    for (const account of cache.accounts) {
      const held = cache.held(account, 'positions');
      const confirmed = cache.line(account).stream === 'ready' && held.fresh;
      for (const position of held.rows) {
        if (position.side === null) continue;
        const key = positionKey(position);
        const watch = loop.watch(key);
        const ticker = cache.ticker(position.symbol);
        const ingredients = {
          position,
          monitor: watch?.monitor ?? null,
          ticker,
          instrument: cache.instrument(position.symbol),
          urgency: watch?.urgency ?? null,
          covered: watch?.covered ?? null,
          freshness: confirmed ? 'stream' : `${held.source} ${held.asOf}`,
        };
        const before = made.get(key);
        next.set(
          key,
          before && sameIngredients(before, ingredients)
            ? before
            : {
                ...ingredients,
                row: rowOf(
                  account,
                  position,
                  position.side,
                  ticker,
                  watch,
                  ingredients.instrument,
                  {
                    asOf: confirmed
                      ? Math.max(held.asOf ?? 0, ticker?.asOf ?? 0)
                      : (held.asOf ?? 0),
                    source: confirmed ? 'stream' : (held.source ?? 'rest'),
                  },
                ),
              },
        );
      }
    }
    made = next;
    return [...next.values()].map(({ row }) => row);
  };
}

function sameIngredients(a: Made, b: Omit<Made, 'row'>): boolean {
  return (
    a.position === b.position &&
    a.monitor === b.monitor &&
    a.ticker === b.ticker &&
    a.instrument === b.instrument &&
    a.urgency === b.urgency &&
    a.covered === b.covered &&
    a.freshness === b.freshness
  );
}

function rowOf(
  account: AccountId,
  position: Position,
  side: Side,
  held: HeldTicker | null,
  watch: Readonly<Watch> | null,
  instrument: Instrument | null,
  freshness: Pick<PositionRow, 'asOf' | 'source'>,
): PositionRow {
  const mark = held?.ticker.markPrice ?? position.markPrice;
  const { entryPrice, size } = position;
  return {
    account,
    symbol: position.symbol,
    side,
    positionIdx: position.positionIdx,
    size,
    entryPrice,
    markPrice: mark,
    unrealisedPnl:
      mark !== null && entryPrice !== null ? unrealised(side, size, entryPrice, mark) : null,
    leverage: position.leverage,
    liquidationPrice: position.liquidationPrice,
    stop: watch?.monitor.stop
      ? {
          price: watch.monitor.stop.price,
          quantity: watch.monitor.stop.quantity,
          source: watch.monitor.stop.source,
        }
      : null,
    protectedSize: watch?.covered ?? '0',
    takeProfits: (watch?.monitor.takeProfits ?? []).map((rung) => ({
      level: rung.level,
      price: rung.price,
      quantity: rung.quantity,
      filledQuantity: rung.filledQuantity,
      orderId: rung.orderId,
    })),
    phase: watch?.monitor.phase ?? 'adopted',
    urgency: watch?.urgency ?? 'critical',
    breakevenMoved: watch?.monitor.breakevenMoved ?? false,
    nearest: watch?.nearest ?? null,
    priceDecimals: decimalsOf(instrument?.tickSize ?? mark ?? '0'),
    quantityDecimals: decimalsOf(instrument?.quantityStep ?? size),
    ...freshness,
  };
}

/** Size times the price difference in the position's favour, quote currency; leverage plays no part (P52). */
const unrealised = (side: Side, size: Decimal, entry: Decimal, mark: Decimal): Decimal =>
  times(size, side === 'long' ? minus(mark, entry) : minus(entry, mark));
