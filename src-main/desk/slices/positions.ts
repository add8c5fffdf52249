import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import type { HeldTicker } from '../../cache/shared-cache.ts';
import type { Instrument } from '../../domain/instrument.ts';
import { type PositionKey, positionKey } from '../../domain/keys.ts';
import type { Monitor } from '../../domain/monitor.ts';
import { type Decimal, decimalsOf, minus, times } from '../../domain/numbers.ts';
import type { Order } from '../../domain/order.ts';
import type { Position, Side } from '../../domain/position.ts';
import { ladderFrom } from '../../monitor/rules/ladder.ts';
import { judge, profitIfStopped, protectionOf } from '../../monitor/rules/protection.ts';
import { byRole } from '../../monitor/rules/roles.ts';
import { isDoubtful } from '../../monitor/rules/verdict.ts';
import type { Watch } from '../../monitor/watch/watch.ts';
import type { Parts } from '../parts.ts';
import { accountSeen } from './seen.ts';
import { positionsTtlMs } from './verdict.ts';

/** Everything a row is made of. */
interface Ingredients {
  position: Position;
  side: Side;
  orders: readonly Order[];
  monitor: Monitor | null;
  urgency: Watch['urgency'] | null;
  nearest: Watch['nearest'];
  ticker: HeldTicker | null;
  instrument: Instrument | null;
  /** When positions and orders were last proved true, ms; `null` while the stream keeps them so. */
  provedAt: number | null;
  doubtful: boolean;
  source: PositionRow['source'];
}

/**
 * The open positions of every account with what protects them, as the venue says they are, and what
 * their monitors know besides. An account appears once its positions and its orders have been read: a
 * position is never shown without a stop only because its orders are not known yet. A row whose
 * ingredients have not changed is the very same object, so it is not sent again.
 */
export function createPositionRows(
  parts: Pick<Parts, 'cache' | 'loop' | 'clock' | 'settings'>,
): () => PositionRow[] {
  const { cache, loop } = parts;
  let made = new Map<PositionKey, { of: Ingredients; row: PositionRow }>();

  return () => {
    const next: typeof made = new Map();
    const now = parts.clock.now();
    const ttlMs = positionsTtlMs(parts.settings);
    for (const account of cache.accounts) {
      const positions = cache.held(account, 'positions');
      const seen = accountSeen(cache, account, now);
      if (positions.asOf === null || seen.seenAt === null) continue;
      const { confirmed } = seen;
      const doubtful = isDoubtful(seen, { ttlMs, now });
      for (const position of positions.rows) {
        if (position.side === null) continue;
        const key = positionKey(position);
        const watch = loop.watch(key);
        const ingredients: Ingredients = {
          position,
          side: position.side,
          orders: cache.ordersAt(position),
          monitor: watch?.monitor ?? null,
          urgency: watch?.urgency ?? null,
          nearest: watch?.nearest ?? null,
          ticker: cache.ticker(position.symbol),
          instrument: cache.instrument(position.symbol),
          provedAt: confirmed ? null : seen.seenAt,
          doubtful,
          source: confirmed ? 'stream' : 'rest',
        };
        const before = made.get(key);
        next.set(
          key,
          before && isSame(before.of, ingredients)
            ? before
            : { of: ingredients, row: rowOf(ingredients, positions.asOf) },
        );
      }
    }
    made = next;
    return [...next.values()].map(({ row }) => row);
  };
}

const isSame = (a: Ingredients, b: Ingredients): boolean =>
  (Object.keys(a) as (keyof Ingredients)[]).every((name) => a[name] === b[name]);

function rowOf(of: Ingredients, positionsAsOf: number): PositionRow {
  const { position, side, monitor, ticker, instrument } = of;
  const { size, entryPrice } = position;
  const roles = byRole(of.orders, side);
  const { stop, covered } = protectionOf(position, roles.stop);
  const takeProfits = monitor?.takeProfits ?? ladderFrom(roles['take-profit'], side);
  const mark = ticker?.ticker.markPrice ?? position.markPrice;
  return {
    account: position.account,
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
    stop: stop && { price: stop.price, quantity: stop.quantity, source: stop.source },
    protectedSize: covered,
    protection: judge({ side, size, liquidationPrice: position.liquidationPrice, stop, covered }),
    profitIfStopped: profitIfStopped({ side, entryPrice, stop, covered }),
    doubtful: of.doubtful,
    takeProfits: takeProfits.map(({ level, price, quantity, filledQuantity, orderId }) => ({
      level,
      price,
      quantity,
      filledQuantity,
      orderId,
    })),
    phase: monitor?.phase ?? 'adopted',
    urgency: of.urgency ?? 'critical',
    breakevenMoved: monitor?.breakevenMoved ?? false,
    nearest: of.nearest,
    priceDecimals: decimalsOf(instrument?.tickSize ?? mark ?? '0'),
    quantityDecimals: decimalsOf(instrument?.quantityStep ?? size),
    asOf: of.provedAt ?? Math.max(positionsAsOf, ticker?.asOf ?? 0),
    source: of.source,
  };
}

/** Size times the price difference in the position's favour, quote currency; leverage plays no part (P52). */
const unrealised = (side: Side, size: Decimal, entry: Decimal, mark: Decimal): Decimal =>
  times(size, side === 'long' ? minus(mark, entry) : minus(entry, mark));
