import { expect, test } from 'vitest';
import { plainTable } from '../../../src-preload/contract/preferences.ts';
import {
  chosenColumns,
  givesWay,
  movedTo,
  orderedColumns,
} from '../../../src-renderer/parts/data-table/columns.ts';
import { positionColumns } from '../../../src-renderer/views/positions/columns.tsx';

const ids = (columns: readonly { id: string }[]): string[] => columns.map(({ id }) => id);
const chosen = (layout: object, room: number): string[] =>
  ids(chosenColumns(positionColumns, { ...plainTable, ...layout }, room));

test('where there is no room, what tells whether a position is safe stays', () => {
  // Beside the panel of a position at 1,024 px, and at 640 px (1,280 px at 200 %).
  expect(chosen({}, 620)).toEqual(['symbol', 'account', 'nearest', 'stop', 'protection']);
  expect(chosen({}, 580)).toEqual(['symbol', 'account', 'nearest', 'stop', 'protection']);
  expect(chosen({}, 968)).toEqual(expect.arrayContaining(['mark', 'pnl', 'age', 'account']));
  expect(chosen({}, 4000)).toContain('leverage');
});

test('a column the operator chose never gives way, one hidden never shows', () => {
  const columns = chosen({ shown: { leverage: true, mark: false } }, 400);
  expect(columns).toContain('leverage');
  expect(columns).not.toContain('mark');
});

test('a column drawn wider takes its room from those that give way', () => {
  const room = 1100;
  const before = chosen({}, room);
  const wide = chosen({ widths: { symbol: 148 + 300 } }, room);
  expect(wide.length).toBeLessThan(before.length);
});

test('the position stays first however the others are moved', () => {
  const moved = ids(orderedColumns(positionColumns, ['age', 'stop', 'symbol']));
  expect(moved.slice(0, 3)).toEqual(['symbol', 'age', 'stop']);
  expect(moved.toSorted()).toEqual(ids(orderedColumns(positionColumns, [])).toSorted());
  expect(movedTo(positionColumns, [], 'age', 'symbol')).toEqual([]);
  expect(movedTo(positionColumns, [], 'symbol', 'age')).toEqual([]);
});

test('a column goes where it is put, to the left and to the right, and nothing is lost', () => {
  const columns = ['a', 'b', 'c', 'd'].map((id) => ({ id, width: 10 }));
  expect(movedTo(columns, [], 'a', 'c')).toEqual(['b', 'c', 'a', 'd']);
  expect(movedTo(columns, ['b', 'c', 'a', 'd'], 'd', 'b')).toEqual(['d', 'b', 'c', 'a']);
  expect(movedTo(columns, [], 'a', 'not there')).toEqual([]);
});

test('a column that is there only where there is room is said to be, until the operator chooses it', () => {
  const leverage = positionColumns.find(({ id }) => id === 'leverage');
  const stop = positionColumns.find(({ id }) => id === 'stop');
  if (!leverage || !stop) throw new Error('The columns have other names.');
  expect(givesWay(leverage, { shown: {} })).toBe(true);
  expect(givesWay(leverage, { shown: { leverage: true } })).toBe(false);
  expect(givesWay(stop, { shown: {} })).toBe(false);
});
