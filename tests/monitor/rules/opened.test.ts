import { expect, test } from 'vitest';
import { sinceFlat } from '../../../src-main/monitor/rules/opened.ts';
import { aFill } from '../../cache/rows.ts';
import { anEntry, aTakeProfit } from '../rows.ts';

const entry = anEntry('e', '100', '3');
const buys = (quantity: string, filled: string) =>
  aFill(entry, quantity, filled, { closedSize: '0' });
const sells = (quantity: string, id: string) =>
  aFill(aTakeProfit(id, '102', '1'), quantity, quantity);
const long = (size: string) => ({ side: 'long', size }) as const;

test('H8 what opened a position is everything since it was flat, and nothing of the trade before', () => {
  const before = [buys('1', '1'), sells('1', 'tp')];
  const since = [buys('1', '2'), buys('0.5', '2.5'), sells('0.2', 'tp2')];
  expect(sinceFlat(long('1.3'), [...before, ...since])).toEqual(since);
});

test('H8 executions that do not account for the size did not open it', () => {
  expect(sinceFlat(long('2'), [buys('1', '1')])).toBeNull();
  expect(sinceFlat(long('1'), [])).toBeNull();
  expect(sinceFlat({ side: 'short', size: '1' }, [buys('1', '1')])).toBeNull();
});
