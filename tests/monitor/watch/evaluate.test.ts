import { expect, test } from 'vitest';
import type { Look } from '../../../src-main/cache/cache.ts';
import { evaluate } from '../../../src-main/monitor/watch/evaluate.ts';
import { enqueue, newWatch } from '../../../src-main/monitor/watch/watch.ts';
import { aFill, aPosition } from '../../cache/rows.ts';
import { anEntry, aStop, aTakeProfit, found, ladder } from '../rows.ts';

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

for (const told of ['stop first', 'entry first'])
  test(`M1 a stop and an entry filled by one jump of the price are an end and a new position (${told})`, () => {
    const stopOrder = aStop('stop', '95', '1');
    const watch = newWatch(found(position, [stopOrder]), look, 1_000);
    const at = { executedAt: 5_000, seq: 5 };
    const stop = aFill(stopOrder, '1', '1', { ...at, price: '94', closedSize: '1' });
    const entry = aFill(anEntry('e', '94.5', '2'), '2', '2', { ...at, price: '94.5' });
    for (const fill of told === 'stop first' ? [stop, entry] : [entry, stop])
      enqueue(watch, fill, { at: 5_000, ticks: 1 });
    // The push of the stream does not say that it was opened anew.
    const anew = aPosition({ size: '2', entryPrice: '94.5', updatedAt: 5_000, seq: 5 });
    const result = evaluate(
      watch,
      { ...look, version: 2, position: anew, orders: [] },
      5_100,
      () => null,
    );
    expect(result.findings).toContainEqual({ kind: 'closed', reason: 'stop', size: '1' });
    expect(result.over).toBe(true);
  });

test('M1 an entry and a target filled by one jump of the price leave the position what it was', () => {
  const target = aTakeProfit('tp', '103', '1');
  const watch = newWatch(found(position, [target]), look, 1_000);
  const at = { executedAt: 5_000, seq: 5 };
  const entry = aFill(anEntry('e', '101', '2'), '2', '2', { ...at, price: '101' });
  const exit = aFill(target, '1', '1', { ...at, price: '103', closedSize: '1' });
  for (const fill of [entry, exit]) enqueue(watch, fill, { at: 5_000, ticks: 1 });
  const grown = aPosition({ size: '2', entryPrice: '100.66666667', updatedAt: 5_000, seq: 5 });
  const result = evaluate(
    watch,
    { ...look, version: 2, position: grown, orders: [] },
    5_100,
    () => null,
  );
  expect(result.findings.map(({ kind }) => kind)).not.toContain('closed');
  expect(watch.monitor.size).toBe('2');
});
