import { expect, test } from 'vitest';
import type { Cache } from '../../../src-main/cache/cache.ts';
import type { Order } from '../../../src-main/domain/order.ts';
import { answered } from '../../../src-main/domain/read.ts';
import { askFor } from '../../../src-main/monitor/act/effect.ts';
import { intentFrom, newIntent } from '../../../src-main/monitor/act/intent.ts';
import type { Write } from '../../../src-main/monitor/goals/step.ts';
import { aStop } from '../rows.ts';

const STOP: Write = {
  do: 'place',
  as: 'stop',
  side: 'Sell',
  type: 'Market',
  quantity: '2',
  reduceOnly: true,
  closeOnTrigger: true,
  triggerPrice: '95',
  triggerBy: 'MarkPrice',
  triggerDirection: 2,
};
const CLOSE: Write = { do: 'close', side: 'Sell', quantity: '2' };
const AMEND: Write = { do: 'amend', orderId: 's', triggerPrice: '95', quantity: '2' };
const place = { account: 'main', symbol: 'BTCUSDT', positionIdx: 0 } as const;
const intentOf = (write: Write) =>
  newIntent(place, { wish: 'w', write, text: 'do it' }, { stampedBy: 'stream', asOf: 1 }, 2);

/** What asking makes of a write when the exchange shows this order. */
function asked(write: Write, shown: Partial<Order> | null) {
  const rows = shown === null ? [] : [aStop('s', '95', '2', shown)];
  const cache = { askOrder: async () => answered(rows, 1, 'rest') } as unknown as Cache;
  return askFor({ cache }, intentOf(write));
}

test('E8 a stop counts as placed only in the state and with the trigger and quantity asked for', async () => {
  expect(await asked(STOP, { status: 'Untriggered' })).toBe('done');
  expect(await asked(STOP, { status: 'Filled', filledQuantity: '2' })).toBe('done');
  expect(await asked(STOP, { status: 'Rejected' })).toBe('not-done');
  expect(await asked(STOP, { status: 'Cancelled' })).toBe('not-done');
  expect(await asked(STOP, { status: 'Deactivated' })).toBe('not-done');
  expect(await asked(STOP, { status: 'Untriggered', triggerPrice: '94' })).toBe('not-done');
  expect(await asked(STOP, { status: 'Untriggered', quantity: '1' })).toBe('not-done');
  expect(await asked(STOP, null)).toBe('not-done');
});

test('E8 a close counts as done only when something of it was filled', async () => {
  expect(await asked(CLOSE, { status: 'Filled', filledQuantity: '2' })).toBe('done');
  expect(await asked(CLOSE, { status: 'Cancelled', filledQuantity: '1' })).toBe('done');
  expect(await asked(CLOSE, { status: 'Rejected' })).toBe('not-done');
});

test('E8 an order counts as amended when each field that was to change is as it was asked for', async () => {
  expect(await asked(AMEND, {})).toBe('done');
  expect(await asked(AMEND, { quantity: '1' })).toBe('not-done');
  expect(await asked({ ...AMEND, triggerBy: 'MarkPrice' }, { triggerBy: 'LastPrice' })).toBe(
    'not-done',
  );
  expect(await asked({ ...AMEND, stopLoss: '90' }, { stopLoss: '91' })).toBe('not-done');
});

test('P16 a pending intent of the first version is still read, as what it wrote', () => {
  const { data, ...record } = intentOf(STOP);
  const facts = { stampedBy: 'stream', asOf: 1 };
  const saved = (action: object) => {
    const old = { version: 1, action: { ...action, symbol: 'BTCUSDT', positionIdx: 0 } };
    return intentFrom({ ...record, data: { ...old, text: 'x', orderLinkId: 'hf-1', facts } })?.data;
  };
  expect(saved({ do: 'set-stop', price: '95' })).toEqual({
    version: 2,
    symbol: 'BTCUSDT',
    positionIdx: 0,
    write: { do: 'set-stop', stopLoss: '95', triggerBy: 'LastPrice' },
    text: 'x',
    orderLinkId: 'hf-1',
    facts,
  });
  expect(saved({ do: 'amend-stop', orderId: 's', price: '95', quantity: '2' })?.write).toEqual(
    AMEND,
  );
  const old = { do: 'place-stop', side: 'Sell', quantity: '2', price: '95', triggerDirection: 2 };
  expect(saved({ ...old, triggerBy: 'MarkPrice' })?.write).toEqual(STOP);
  expect(saved(CLOSE)?.write).toEqual(CLOSE);
  expect(saved({ do: 'cancel', orderId: 'o' })?.write).toEqual({ do: 'cancel', orderId: 'o' });
  expect(intentFrom({ ...record, data })?.data).toEqual(data);
  expect(intentFrom({ ...record, data: { version: 3 } })).toBeNull();
});
