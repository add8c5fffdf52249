import { expect, test } from 'vitest';
import type { OrderRow } from '../../src-preload/contract/orders.ts';
import { ladderAgainstSize, levelsOf } from '../../src-renderer/views/positions/levels.ts';
import { fixturePosition, seeded } from './fixture-positions.ts';

const now = 1_800_000_000_000;
const row = {
  ...fixturePosition(0, now, seeded(1)),
  side: 'long' as const,
  size: '1',
  protectedSize: '1',
  entryPrice: '100',
  markPrice: '110',
  liquidationPrice: '50',
  stop: { price: '90', quantity: 'full' as const, source: 'position' as const },
  takeProfits: [
    { level: 1, price: '120', quantity: '0.85', filledQuantity: '0', orderId: 'a' },
    { level: 2, price: '130', quantity: '0.15', filledQuantity: '0', orderId: 'b' },
  ],
};
const order = (part: Partial<OrderRow>): OrderRow => ({
  account: row.account,
  symbol: row.symbol,
  side: 'Buy',
  orderId: 'e',
  orderLinkId: null,
  positionIdx: row.positionIdx,
  price: '80',
  quantity: '2',
  filledQuantity: '0.5',
  reduceOnly: false,
  stopOrderType: null,
  triggerPrice: null,
  status: 'New',
  ...part,
});

test('levels are listed from the highest price down, by value and not by spelling', () => {
  const names = levelsOf({ ...row, markPrice: '99.5' }, []).map(({ name }) => name);
  expect(names).toEqual(['TP2', 'TP1', 'Entry', 'Mark', 'Stop', 'Liquidation']);
});

test('an entry order is one that adds to this very position, not a take-profit, stop or another leg', () => {
  const others = [
    order({ reduceOnly: true, side: 'Sell' }),
    order({ stopOrderType: 'StopLoss' }),
    order({ account: 'other' }),
    order({ positionIdx: 2 }),
    order({ side: 'Sell' }),
  ];
  const entries = levelsOf(row, [order({}), ...others]).filter(
    ({ kind }) => kind === 'entry-order',
  );
  expect(entries).toMatchObject([{ price: '80', quantity: '2', filled: '0.5' }]);
});

test('what is not known has no level: no stop, no liquidation of 0', () => {
  const names = levelsOf({ ...row, stop: null, liquidationPrice: '0', markPrice: null }, []).map(
    ({ name }) => name,
  );
  expect(names).toEqual(['TP2', 'TP1', 'Entry']);
});

test('P24 the ladder is held against the size exactly, and a difference is said', () => {
  expect(ladderAgainstSize(row)).toEqual({ text: '= size', left: '1' });
  expect(ladderAgainstSize({ ...row, size: '1.000001' }).text).toBe('below size');
  expect(ladderAgainstSize({ ...row, size: '0.9' }).text).toBe('above size');
  expect(ladderAgainstSize({ ...row, takeProfits: [] }).text).toBe('none');
});
