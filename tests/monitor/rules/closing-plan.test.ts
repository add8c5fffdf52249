import { expect, test } from 'vitest';
import { closingPlan, receiptOf } from '../../../src-main/monitor/rules/closing-plan.ts';
import { aPosition } from '../../cache/rows.ts';
import { anEntry, aStop, ladder } from '../rows.ts';

const plan = (
  positions: Parameters<typeof closingPlan>[0],
  orders: Parameters<typeof closingPlan>[1],
  most: string | null = null,
): string[] =>
  closingPlan(positions, orders, () => most).map(({ write, positionIdx }) =>
    write.do === 'close'
      ? `${write.side} ${write.quantity} idx ${positionIdx}`
      : `cancel ${write.orderId}`,
  );

test('P22 P62 entries go first, then the position; its stop and its ladder stay until it is flat', () => {
  const orders = [aStop('s', '94', '1'), ...ladder(), anEntry('e', '98', '1')];
  expect(plan([aPosition()], orders)).toEqual(['cancel e', 'Sell 1 idx 0']);
  expect(plan([], orders)).toEqual(['cancel e']);
  expect(plan([], orders.slice(0, -1))).toEqual([
    'cancel s',
    'cancel tp1',
    'cancel tp2',
    'cancel tp3',
    'cancel tp4',
  ]);
});

test('P27 P62 every leg by its own index; nothing is wanted of a flat one', () => {
  const long = aPosition({ positionIdx: 1, size: '2' });
  const short = aPosition({ positionIdx: 2, side: 'short', size: '0.5' });
  expect(plan([long, short], [])).toEqual(['Sell 2 idx 1', 'Buy 0.5 idx 2']);
  expect(plan([long], [aStop('s', '94', '2', { positionIdx: 1 })])).toEqual(['Sell 2 idx 1']);
  expect(plan([], [])).toEqual([]);
});

test('a position larger than one market order may be is closed in several', () => {
  expect(plan([aPosition({ size: '2.5' })], [], '1')).toEqual([
    'Sell 1 idx 0',
    'Sell 1 idx 0',
    'Sell 0.5 idx 0',
  ]);
});

test('a receipt counts what is left and names it', () => {
  expect(receiptOf('main', [], [], null).text).toBe(
    'main is closed: the exchange shows 0 positions and 0 orders.',
  );
  expect(receiptOf('main', [aPosition()], [], null)).toEqual({
    account: 'main',
    positions: 1,
    orders: 0,
    text: 'main is not closed: 1 position and 0 orders left (long 1 BTCUSDT). Close the rest on Bybit now.',
  });
});
