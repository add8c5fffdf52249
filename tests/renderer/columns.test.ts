import { expect, test } from 'vitest';
import { chosenColumns, orderedColumns } from '../../src-renderer/views/positions/columns.tsx';

const ids = (columns: readonly { id: string }[]): string[] => columns.map(({ id }) => id);

test('where there is no room, what tells whether a position is safe stays', () => {
  const narrow = ids(chosenColumns([], {}, 400));
  expect(narrow).toEqual(
    expect.arrayContaining(['symbol', 'mark', 'pnl', 'nearest', 'stop', 'protection', 'age']),
  );
  expect(narrow).not.toContain('leverage');
  expect(ids(chosenColumns([], {}, 4000))).toContain('leverage');
});

test('a column the operator chose never gives way, one hidden never shows', () => {
  const columns = ids(chosenColumns([], { leverage: true, mark: false }, 400));
  expect(columns).toContain('leverage');
  expect(columns).not.toContain('mark');
});

test('the position stays first however the others are moved', () => {
  const moved = ids(orderedColumns(['age', 'stop', 'symbol']));
  expect(moved.slice(0, 3)).toEqual(['symbol', 'age', 'stop']);
  expect(moved.toSorted()).toEqual(ids(orderedColumns([])).toSorted());
});
