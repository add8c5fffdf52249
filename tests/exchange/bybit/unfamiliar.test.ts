import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MalformedRow } from '../../../src-main/exchange/bybit/fields.ts';
import { mapExecution } from '../../../src-main/exchange/bybit/map-execution.ts';
import { mapOrder } from '../../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../../src-main/exchange/bybit/map-position.ts';
import { roleOf } from '../../../src-main/monitor/rules/roles.ts';
import { executionShape } from '../../../src-main/persistence/rows/shapes.ts';

type Row = Record<string, unknown>;
const rowsOf = (file: string): Row[] =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'payloads', file), 'utf8')).result.list;
const [limit, stop] = rowsOf('orders.json') as [Row, Row];
const [fill] = rowsOf('executions.json') as [Row];
const [open] = rowsOf('positions.json') as [Row];

test('a kind of stop nobody knows is carried as other with its raw value, and protects nothing', () => {
  const order = mapOrder('main', { ...stop, reduceOnly: true, stopOrderType: 'GridStop' });
  expect(order).toMatchObject({ stopOrderType: 'other', others: { stopOrderType: 'GridStop' } });
  expect(roleOf(order, 'long')).toBe('other');
  // The same order, of a kind that is known, is this long's stop.
  expect(roleOf(mapOrder('main', stop), 'long')).toBe('stop');
});

test('an order type and a time in force nobody knows are carried, and raw', () => {
  const order = mapOrder('main', { ...limit, orderType: 'Iceberg', timeInForce: 'GTD' });
  expect(order).toMatchObject({
    type: 'other',
    timeInForce: 'other',
    others: { orderType: 'Iceberg', timeInForce: 'GTD' },
  });
  expect(roleOf(order, 'long')).toBe('other');
  expect(mapOrder('main', limit)).not.toHaveProperty('others');
});

test('what decides is never guessed: side, status, position index', () => {
  for (const unknown of [
    { side: 'Both' },
    { orderStatus: 'Frozen' },
    { orderStatus: 'constructor' },
    { positionIdx: 3 },
  ]) {
    expect(() => mapOrder('main', { ...limit, ...unknown }), JSON.stringify(unknown)).toThrow(
      MalformedRow,
    );
  }
});

test('an execution of a kind nobody knows is no trade, and is saved with its raw value', () => {
  const execution = mapExecution('main', { ...fill, execType: 'Merge' });
  expect(execution).toMatchObject({ type: 'other', others: { execType: 'Merge' } });
  expect(executionShape.parse(structuredClone(execution))).toEqual(execution);
});

test('E3 the fee holds every extra fee, in whatever shape it comes', () => {
  const gst = { feeCoin: 'USDT', feeType: 'GST', fee: '0.004613796' };
  const fee = (extraFees: unknown): string | null =>
    mapExecution('main', { ...fill, execFee: '0.0256322', extraFees }).fee;
  for (const none of ['', null, undefined, [], '[]']) expect(fee(none)).toBe('0.0256322');
  for (const one of [[gst], gst, JSON.stringify([gst]), [{ fee: 0.004613796 }]]) {
    expect(fee(one)).toBe('0.030245996');
  }
  expect(fee([gst, { fee: '-0.01' }])).toBe('0.020245996');
  // A fee that cannot be read is unknown, not smaller.
  for (const odd of ['nonsense', [{}], [null], 7, [{ fee: 'x' }]]) expect(fee(odd)).toBeNull();
});

test('E5 a position without a size is not flat but unknown', () => {
  for (const size of ['', null, undefined]) {
    expect(() => mapPosition('main', { ...open, size })).toThrow(MalformedRow);
  }
});

test('E2 a quantity spelled .1 is a quantity', () => {
  expect(mapPosition('main', { ...open, size: '.1' }).size).toBe('0.1');
  expect(mapOrder('main', { ...limit, qty: '1.', cumExecQty: '-0' })).toMatchObject({
    quantity: '1',
    filledQuantity: '0',
  });
});
