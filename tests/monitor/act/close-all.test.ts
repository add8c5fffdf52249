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

test('E16 one click is one order, sent again after a lost answer and after a restart; two equal orders really wanted are two', async () => {
  const on = await virtualDesk({ mode: 'armed' });
  const { desk, time } = on;
  const held = await leftOn(on, 'main');
  const [first] = held.positions;
  if (!first) throw new Error('nothing held');
  await on.ask('fault', {
    kind: 'acceptThenDrop',
    path: 'order/create',
    count: 4,
    account: 'main',
  });
  const interrupted = desk.loop.closeAll('main', 'click-one').catch(() => null);
  const creates = async (): Promise<Request[]> =>
    (await writesOf(on)).filter(({ path }) => path === '/v5/order/create');
  while ((await creates()).length < 8) await time.pass(20);
  await time.during(desk.stop());
  await time.during(interrupted);
  const intents = desk.intents().filter(({ pending }) => pending);
  const again = await on.another({ mode: 'armed', intents });
  expect(await time.during(again.loop.closeAll('main', 'click-one'))).toMatchObject({
    positions: 0,
    orders: 0,
  });
  // What the first run had decided and not sent is decided again as the very same wish.
  const decided = new Set(desk.intents().map(({ id }) => id));
  const wishes = again
    .intents()
    .filter(({ id, step }) => step === 'sent' && id.includes('"do":"close"'));
  expect(wishes.length).toBeGreaterThan(0);
  expect(wishes.filter(({ id }) => !decided.has(id))).toEqual([]);
  // However often it was sent: one order of each position was taken, under one id.
  const idsOf = (writes: readonly Request[]): Map<string, Set<string>> => {
    const ids = new Map<string, Set<string>>();
    for (const { body } of writes) {
      const { symbol, orderLinkId } = JSON.parse(body) as { symbol: string; orderLinkId: string };
      ids.set(symbol, (ids.get(symbol) ?? new Set()).add(orderLinkId));
    }
    return ids;
  };
  const taken = (await creates()).filter(({ retCode }) => retCode === 0);
  expect(taken).toHaveLength(held.positions.length);
  const ids = idsOf(taken);
  expect([...ids.values()].every(({ size }) => size === 1)).toBe(true);

  // The same position anew, closed by another click: the same words, and another order.
  const { symbol, size, positionIdx, side } = first as typeof first & { side: string };
  const open = { category: 'linear', symbol, side, orderType: 'Market', qty: size, positionIdx };
  await on.ask('order', { account: 'main', ...open });
  const before = (await creates()).length;
  await time.during(again.loop.closeAll('main', 'click-two'));
  const [other] = idsOf((await creates()).slice(before)).get(symbol) ?? [];
  expect(other).toBeDefined();
  expect([...(ids.get(symbol) ?? [])]).not.toContain(other);
});
