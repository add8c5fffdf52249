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
import { nearestLevels } from '../../monitor/rules/urgency.ts';
import { isDoubtful } from '../../monitor/rules/verdict.ts';
import type { Watch } from '../../monitor/watch/watch.ts';
import type { Parts } from '../parts.ts';
import { needsOf } from './needs.ts';
import { accountSeen } from './seen.ts';
import { setAsideRows } from './set-aside.ts';
import { positionsTtlMs } from './verdict.ts';

/** Everything a row is made of besides the position itself. */
interface Ingredients {
  orders: readonly Order[];
  monitor: Monitor | null;
  urgency: Watch['urgency'] | null;
  ticker: HeldTicker | null;
  instrument: Instrument | null;
  contractTrouble: string | null;
  planned: Watch['planned'];
  /** When positions and orders were last proved true, ms; `null` while the stream keeps them so. */
  provedAt: number | null;
  doubtful: boolean;
  source: PositionRow['source'];
}

/** A row as it was made, with what it was made of. */
interface Made {
  key: PositionKey;
  of: Ingredients;
  row: PositionRow;
  /** The part of it that no price moves. */
  cover: ReturnType<typeof coverOf>;
}

/**
 * The open positions of every account with what protects them, as the venue says they are, and what
 * their monitors know besides. An account appears once its positions and its orders have been read: a
 * position is never shown without a stop only because its orders are not known yet. A row whose
 * ingredients have not changed is the very same object, so it is not sent again; where only the price
 * has moved, what covers the position is not worked out anew. What is set aside has rows of its own.
 */
export function createPositionRows(
  parts: Pick<Parts, 'cache' | 'loop' | 'clock' | 'settings'>,
): () => PositionRow[] {
  const { cache, loop } = parts;
  const last = new WeakMap<Position, Made>();

  function rowOf(position: Open, account: AccountKnown, asOf: number): PositionRow {
    const before = last.get(position);
    const key = before?.key ?? positionKey(position);
    const watch = loop.watch(key);
    const of: Ingredients = {
      orders: cache.ordersAt(position),
      monitor: watch?.monitor ?? null,
      urgency: watch?.urgency ?? null,
      ticker: cache.ticker(position.symbol),
      instrument: cache.instrument(position.symbol),
      contractTrouble: cache.contractTrouble(position.symbol),
      planned: watch?.planned ?? null,
      ...account,
    };
    if (before && isSame(before.of, of)) return before.row;
    const stands = before && before.of.orders === of.orders && before.of.monitor === of.monitor;
    const cover = stands ? before.cover : coverOf(position, of);
    const row = { ...cover, ...pricesOf(position, of, asOf) };
    last.set(position, { key, of, row, cover });
    return row;
  }

  function made(): PositionRow[] {
    const now = parts.clock.now();
    const ttlMs = positionsTtlMs(parts.settings);
    return cache.accounts.flatMap((account) => {
      const { asOf, rows } = cache.held(account, 'positions');
      const seen = accountSeen(cache, account, now);
      if (asOf === null || seen.seenAt === null) return [];
      const known: AccountKnown = {
        provedAt: seen.confirmed ? null : seen.seenAt,
        doubtful: isDoubtful(seen, { ttlMs, now }),
        source: seen.confirmed ? 'stream' : 'rest',
      };
      const open = rows.filter(isOpen).filter((one) => cache.setAsideOf(one) === null);
      const understood = open.map((position) => rowOf(position, known, asOf));
      return [...understood, ...setAsideRows(parts, account, known.source)];
    });
  }

  let latest: PositionRow[] | null = null;
  return () => {
    // The rows and the verdict over them are asked for in one go, and nothing can change in between.
    if (latest === null) queueMicrotask(() => (latest = null));
    return (latest ??= made());
  };
}

/** A position of which something is held. */
type Open = Position & { side: Side };
const isOpen = (position: Position): position is Open => position.side !== null;

type AccountKnown = Pick<Ingredients, 'provedAt' | 'doubtful' | 'source'>;

const isSame = (a: Ingredients, b: Ingredients): boolean =>
  a.ticker === b.ticker &&
  a.monitor === b.monitor &&
  a.orders === b.orders &&
  a.urgency === b.urgency &&
  a.instrument === b.instrument &&
  a.contractTrouble === b.contractTrouble &&
  a.planned === b.planned &&
  a.provedAt === b.provedAt &&
  a.doubtful === b.doubtful &&
  a.source === b.source;

/** What stands until the position, its orders or its monitor change. */
function coverOf(position: Open, { orders, monitor }: Ingredients) {
  const { side, size, entryPrice, liquidationPrice } = position;
  const roles = byRole(orders, side);
  const { stop, covered } = protectionOf(position, roles.stop);
  const takeProfits = monitor?.takeProfits ?? ladderFrom(roles['take-profit'], side);
  return {
    account: position.account,
    symbol: position.symbol,
    side,
    positionIdx: position.positionIdx,
    size,
    entryPrice,
    leverage: position.leverage,
    liquidationPrice,
    stop: stop && { price: stop.price, quantity: stop.quantity, source: stop.source },
    protectedSize: covered,
    protection: judge({ side, size, liquidationPrice, stop, covered }),
    profitIfStopped: profitIfStopped({ side, entryPrice, stop, covered }),
    takeProfits: takeProfits.map(({ level, price, quantity, filledQuantity, orderId }) => ({
      level,
      price,
      quantity,
      filledQuantity,
      orderId,
    })),
    phase: monitor?.phase ?? 'adopted',
    breakevenMoved: monitor?.breakevenMoved ?? false,
  } satisfies Partial<PositionRow>;
}

/** What moves with prices, rules and time. */
function pricesOf(position: Open, of: Ingredients, positionsAsOf: number) {
  const { side, size, entryPrice } = position;
  const { ticker, instrument, monitor } = of;
  const mark = ticker?.ticker.markPrice ?? position.markPrice;
  return {
    markPrice: mark,
    unrealisedPnl:
      mark !== null && entryPrice !== null ? unrealised(side, size, entryPrice, mark) : null,
    urgency: of.urgency ?? 'critical',
    nearest: monitor && mark !== null ? nearestLevels(monitor, mark).any : null,
    doubtful: of.doubtful,
    notUnderstood: null,
    contractTrouble: of.contractTrouble,
    needs: needsOf(of.planned),
    priceDecimals: decimalsOf(instrument?.tickSize ?? mark ?? '0'),
    quantityDecimals: decimalsOf(instrument?.quantityStep ?? size),
    asOf: of.provedAt ?? Math.max(positionsAsOf, ticker?.asOf ?? 0),
    source: of.source,
  } satisfies Partial<PositionRow>;
}

/** Size times the price difference in the position's favour, quote currency; leverage plays no part (P52). */
export const unrealised = (side: Side, size: Decimal, entry: Decimal, mark: Decimal): Decimal =>
  times(size, side === 'long' ? minus(mark, entry) : minus(entry, mark));
