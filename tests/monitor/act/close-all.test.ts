import { expect, test } from 'vitest';
import { type VirtualDesk, virtualDesk } from '../../support/virtual-desk.ts';

interface Truth {
  accounts: {
    account: string;
    positions: { symbol: string; positionIdx: number; size: string }[];
    orders: { symbol: string; orderId: string; reduceOnly: boolean }[];
  }[];
}
interface Request {
  method: string;
  path: string;
  body: string;
  account: string | null;
  retCode: number | null;
}

async function leftOn({ ask }: VirtualDesk, account: string) {
  const { accounts } = await ask<Truth>('truth');
  const found = accounts.find((one) => one.account === account);
  if (!found) throw new Error(`no ${account}`);
  return found;
}

async function writesOf({ ask }: VirtualDesk): Promise<Request[]> {
  const { requests } = await ask<{ requests: Request[] }>('requests');
  return requests.filter(({ method, path }) => method === 'POST' && path.startsWith('/v5/'));
}

const linkIds = (writes: readonly Request[]): string[] =>
  writes
    .filter(({ path }) => path === '/v5/order/create')
    .map(({ body }) => (JSON.parse(body) as { orderLinkId: string }).orderLinkId);

test('P62 P27 P56 thirty positions and all their orders are closed and read back as 0 and 0; the other account is not touched', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time } = on;
  const mirror = await leftOn(on, 'mirror');
  const before = await leftOn(on, 'main');
  expect(before.positions).toHaveLength(30);
  const receipt = await time.during(desk.loop.closeAll('main'));
  expect(receipt).toEqual({
    account: 'main',
    positions: 0,
    orders: 0,
    text: 'main is closed: the exchange shows 0 positions and 0 orders.',
  });
  const after = await leftOn(on, 'main');
  expect([after.positions, after.orders]).toEqual([[], []]);
  expect(await leftOn(on, 'mirror')).toEqual(mirror);
  const writes = await writesOf(on);
  expect(new Set(writes.map(({ account }) => account))).toEqual(new Set(['main']));
  // One reduce-only market order per position and none against a flat one.
  expect(new Set(linkIds(writes)).size).toBe(30);
  // What the rate limit held up is sent again by the line, under the same id.
  const taken = writes.filter(({ retCode }) => retCode === 0);
  expect(writes.filter(({ retCode }) => retCode !== 0 && retCode !== 10006)).toEqual([]);
  // Each write was on the disk before it was sent, and none is left open.
  const saved = new Map(desk.intents().map((intent) => [intent.id, intent]));
  expect(saved.size).toBe(taken.length);
  expect([...saved.values()].filter((intent) => intent.pending)).toEqual([]);
});

test('P62 P30 P56 hedge mode with lost answers, a lost stream and a full rate limit: both legs are closed all the same, each wish sent under one id', async () => {
  const on = await virtualDesk(
    { mode: 'armed', timings: { reconnectFirst: 50 } },
    { scenario: 'hedge' },
  );
  const { desk, time } = on;
  const before = await leftOn(on, 'mirror');
  expect(new Set(before.positions.map((row) => row.positionIdx))).toEqual(new Set([1, 2]));
  const at = { account: 'mirror' };
  await on.ask('fault', { kind: 'dropSocket', ...at });
  await on.ask('fault', { kind: 'acceptThenDrop', path: 'order/create', count: 3, ...at });
  await on.ask('fault', { kind: 'acceptThenDrop', path: 'order/cancel', count: 2, ...at });
  await on.ask('fault', { kind: 'rateLimit', path: 'order/create', count: 2, ...at });
  const receipt = await time.during(desk.loop.closeAll('mirror'));
  const after = await leftOn(on, 'mirror');
  expect([after.positions, after.orders]).toEqual([[], []]);
  expect(receipt).toMatchObject({ positions: 0, orders: 0 });
  const taken = linkIds((await writesOf(on)).filter(({ retCode }) => retCode !== 10006));
  expect(new Set(taken).size).toBe(taken.length);
});

test('P37 an account that only watches is refused and nothing is sent', async () => {
  const on = await virtualDesk({ mode: 'watch' });
  const { desk, time } = on;
  await expect(time.during(desk.loop.closeAll('main'))).rejects.toMatchObject({
    code: 'REFUSED',
    message: 'main is in watch mode. Arm it first, or close on Bybit.',
  });
  expect(await writesOf(on)).toEqual([]);
  expect(desk.intents()).toEqual([]);
});
