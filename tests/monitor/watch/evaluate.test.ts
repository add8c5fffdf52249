import { expect, test } from 'vitest';
import type { Look } from '../../../src-main/cache/cache.ts';
import { evaluate } from '../../../src-main/monitor/watch/evaluate.ts';
import { enqueue, newWatch } from '../../../src-main/monitor/watch/watch.ts';
import { aFill, aPosition } from '../../cache/rows.ts';
import { aTakeProfit, found, ladder } from '../rows.ts';

const position = aPosition({ stopLoss: '95' });
const look: Look = {
  known: true,
  position,
  flat: null,
  orders: ladder(),
  version: 1,
  asOf: 0,
  wholeAsOf: 0,
  executionsAsOf: 0,
  source: 'stream',
  confirmed: true,
};

test('M16 executions that could not be judged are judged at the next look, the same rows or not', () => {
  const watch = newWatch(found(position, ladder()), look, 1_000);
  enqueue(watch, aFill(aTakeProfit('tp1', '102', '0.85'), '0.85', '0.85'), { at: 1, ticks: 1 });
  const fails = (): never => {
    throw new Error('not to be judged');
  };
  expect(() => evaluate(watch, look, 2_000, fails)).toThrow('not to be judged');
  const kinds = () => evaluate(watch, look, 3_000, () => null).findings.map(({ kind }) => kind);
  expect(kinds()).toEqual(['take-profit-filled']);
  expect(kinds()).toEqual([]);
});
