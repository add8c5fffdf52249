import Big from 'big.js';
import type { OrderRow } from '../../../src-preload/contract/orders.ts';
import type { PositionRow } from '../../../src-preload/contract/positions.ts';
import { isFilled } from '../../parts/figures/ladder.tsx';
import { distanceTo } from './figures.ts';

/** One price that matters to a position. */
export interface Level {
  kind: 'take-profit' | 'entry-order' | 'mark' | 'entry' | 'stop' | 'liquidation';
  name: string;
  price: string;
  /** Base quantity that trades there; `null` where none does. */
  quantity: string | null;
  filled: string | null;
  /** Everything there has traded. */
  done: boolean;
  /** From the mark, as a fraction. */
  distance: number | null;
}

/** Every price that matters to a position, highest first: its ladder, its open entries, where it stands. */
export function levelsOf(row: PositionRow, orders: readonly OrderRow[]): Level[] {
  const plain = (
    kind: Level['kind'],
    name: string,
    price: string | null,
    quantity: string | null = null,
  ) =>
    price === null || new Big(price).lte(0)
      ? []
      : [{ kind, name, price, quantity, filled: null, done: false }];
  const entries = orders
    .filter(
      (order) =>
        order.account === row.account &&
        order.symbol === row.symbol &&
        order.positionIdx === row.positionIdx &&
        !order.reduceOnly &&
        order.stopOrderType === null &&
        order.side === (row.side === 'long' ? 'Buy' : 'Sell'),
    )
    .flatMap((order, index) =>
      plain('entry-order', `Entry order ${index + 1}`, order.price, order.quantity).map(
        (level) => ({
          ...level,
          filled: order.filledQuantity,
        }),
      ),
    );
  const levels = [
    ...row.takeProfits.map((rung) => ({
      kind: 'take-profit' as const,
      name: `TP${rung.level}`,
      price: rung.price,
      quantity: rung.quantity,
      filled: rung.filledQuantity,
      done: isFilled(rung),
    })),
    ...entries,
    ...plain('mark', 'Mark', row.markPrice),
    ...plain('entry', 'Entry', row.entryPrice, row.size),
    ...(row.stop
      ? plain(
          'stop',
          row.breakevenMoved ? 'Stop, breakeven' : 'Stop',
          row.stop.price,
          row.notUnderstood ? null : row.protectedSize,
        )
      : []),
    ...plain('liquidation', 'Liquidation', row.liquidationPrice),
  ];
  return levels
    .map((level) => ({
      ...level,
      distance: level.kind === 'mark' ? null : distanceTo(row, level.price),
    }))
    .toSorted((a, b) => new Big(b.price).cmp(a.price));
}

/** What the open rungs of the ladder add up to against the size, in words. */
export function ladderAgainstSize(row: PositionRow): {
  text: 'none' | '= size' | 'below size' | 'above size';
  left: string;
} {
  const left = row.takeProfits.reduce(
    (sum, rung) => sum.plus(rung.quantity).minus(rung.filledQuantity),
    new Big(0),
  );
  if (row.takeProfits.length === 0 || row.size === null) return { text: 'none', left: '0' };
  const text = left.eq(row.size) ? '= size' : left.lt(row.size) ? 'below size' : 'above size';
  return { text, left: left.toFixed() };
}
