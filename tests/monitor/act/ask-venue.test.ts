import { expect, test } from 'vitest';
import type { Cache } from '../../../src-main/cache/cache.ts';
import type { Action } from '../../../src-main/domain/action.ts';
import type { Order } from '../../../src-main/domain/order.ts';
import { answered } from '../../../src-main/domain/read.ts';
import type { Gateway } from '../../../src-main/exchange/gateway.ts';
import { askFor } from '../../../src-main/monitor/act/ask-venue.ts';
import type { Intent } from '../../../src-main/monitor/act/intent.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { aStop } from '../rows.ts';

const STOP: Action = {
  do: 'place-stop',
  symbol: 'BTCUSDT',
  positionIdx: 0,
  side: 'Sell',
  quantity: '2',
  price: '95',
  triggerDirection: 2,
};
const CLOSE: Action = {
  do: 'close',
  symbol: 'BTCUSDT',
  positionIdx: 0,
  side: 'Sell',
  quantity: '2',
};

/** What asking makes of an action when the exchange shows this order under its link id. */
function asked(action: Action, shown: Partial<Order> | null) {
  const rows = shown === null ? [] : [aStop('s', '95', '2', shown)];
  const cache = { askOrder: async () => answered(rows, 1, 'rest') } as unknown as Cache;
  const gateway = { account: 'main' } as Gateway;
  const intent = { account: 'main', data: { action, orderLinkId: 'hf-1' } } as Intent;
  return askFor({ cache, gateway, clock: manualClock() }, intent);
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
