import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../../src-main/practice/server.ts';
import { clientOf, practiceCall, privateSocket, type Row, type Rows, socketTo } from './support.ts';

let practice: Practice;
const sockets: { close: () => void }[] = [];
const kept = <T extends { close: () => void }>(socket: T): T => {
  sockets.push(socket);
  return socket;
};
beforeEach(async () => {
  practice = await startPractice({ scenario: 'empty', clock: 'stepped' });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await practice.stop();
});

const arm = (fault: Row) => practiceCall(practice, 'fault', fault);
const info = () => clientOf(practice).get('/v5/account/info');
const buy = { category: 'linear', symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '1' };

describe('faults on requests', () => {
  it.each([
    ['http500', (reply: Awaited<ReturnType<typeof info>>) => reply.status === 500],
    ['ban403', (reply) => reply.status === 403 && reply.text === 'access too frequent'],
    ['rateLimit', (reply) => reply.body.retCode === 10006],
    ['garbage', (reply) => reply.status === 200 && reply.text.startsWith('<html>')],
  ] as [string, (reply: Awaited<ReturnType<typeof info>>) => boolean][])(
    '%s strikes as often as told, then no more',
    async (kind, shows) => {
      await arm({ kind, count: 2 });
      expect(shows(await info())).toBe(true);
      expect(shows(await info())).toBe(true);
      expect((await info()).body.retCode).toBe(0);
    },
  );

  it('strike only the path and the account they name', async () => {
    await arm({ kind: 'http500', path: '/v5/order', account: 'mirror' });
    expect((await info()).status).toBe(200);
    expect((await clientOf(practice).post('/v5/order/create', buy)).status).toBe(200);
    expect((await clientOf(practice, 'mirror').post('/v5/order/create', buy)).status).toBe(500);
  });

  it('acceptThenDrop takes the order and loses the answer', async () => {
    await arm({ kind: 'acceptThenDrop', path: '/v5/order/create' });
    const client = clientOf(practice);
    await expect(
      client.post('/v5/order/create', { ...buy, orderLinkId: 'once' }),
    ).rejects.toThrow();
    const again = await client.post('/v5/order/create', { ...buy, orderLinkId: 'once' });
    expect(again.body.retCode).toBe(110072);
    const found = await client.get('/v5/order/realtime', 'category=linear&orderLinkId=once');
    expect(found.body.result.list).toMatchObject([{ orderStatus: 'Filled' }]);
  });

  it('P61 clockSkew moves the venue’s clock: in its answers and in what it accepts', async () => {
    await arm({ kind: 'clockSkew', ms: 20_000 });
    const late = await info();
    expect(late.body.retCode).toBe(10002);
    const time = (await (await fetch(`${practice.rest}/v5/market/time`)).json()) as Row;
    const offset = Number(time.time) - Date.now();
    expect(offset).toBeGreaterThan(15_000);
    const corrected = await clientOf(practice).get('/v5/account/info', '', Date.now() + offset);
    expect(corrected.body.retCode).toBe(0);
    await arm({ kind: 'clear' });
    expect((await info()).body.retCode).toBe(0);
  });

  it('P59 missingPage fails a page that is asked for by cursor', async () => {
    await arm({ kind: 'missingPage' });
    const client = clientOf(practice);
    const query = 'category=linear&settleCoin=USDT';
    expect((await client.get('/v5/order/realtime', query)).body.retCode).toBe(0);
    const second = await client.get('/v5/order/realtime', `${query}&cursor=a%253A1%252Cb%253A1`);
    expect(second.body.retCode).toBe(10016);
  });

  it('P65 forgetClosed empties realtime of ended orders, history keeps them', async () => {
    const client = clientOf(practice);
    await client.post('/v5/order/create', { ...buy, orderLinkId: 'gone' });
    const named = 'category=linear&orderLinkId=gone';
    const before = await client.get('/v5/order/realtime', named);
    expect(before.body.result.list).toHaveLength(1);
    await arm({ kind: 'forgetClosed' });
    const after = await client.get('/v5/order/realtime', named);
    expect(after.body.result.list).toEqual([]);
    const history = await client.get('/v5/order/history', named);
    expect(history.body.result.list).toMatchObject([{ orderStatus: 'Filled' }]);
  });

  it('order history may lag behind', async () => {
    const slow = await startPractice({ scenario: 'empty', clock: 'stepped', historyLagMs: 2500 });
    const client = clientOf(slow);
    await client.post('/v5/order/create', buy);
    const seen = async () =>
      (await client.get('/v5/order/history', 'category=linear')).body.result.list?.length;
    expect(await seen()).toBe(0);
    await practiceCall(slow, 'clock', { advanceMs: 2500 });
    expect(await seen()).toBe(1);
    await slow.stop();
  });

  it('latency holds a request back; everything else goes on', async () => {
    await arm({ kind: 'latency', ms: 150, path: '/v5/account/info' });
    const order: string[] = [];
    await Promise.all([
      info().then(() => order.push('slow')),
      clientOf(practice, 'mirror')
        .get('/v5/user/query-api')
        .then(() => order.push('quick')),
    ]);
    expect(order).toEqual(['quick', 'slow']);
  });

  it('that do not exist are refused with the list of those that do', async () => {
    expect(await arm({ kind: 'gremlins' })).toEqual({
      error: expect.stringContaining('acceptThenDrop'),
    });
  });
});

describe('faults on the stream', () => {
  const topics = ['execution', 'order', 'position', 'wallet'];
  const framesAfter = async (fault: Row): Promise<string[]> => {
    const socket = kept(await privateSocket(practice, topics));
    const from = socket.texts.length;
    await arm(fault);
    await clientOf(practice).post('/v5/order/create', buy);
    await clientOf(practice).post('/v5/order/create', { ...buy, orderLinkId: 'last' });
    await socket.until(
      (message) => message.topic === 'order' && (message.data as Rows)[0]?.orderLinkId === 'last',
      from,
    );
    return socket.texts.slice(from).map((text) => String((JSON.parse(text) as Row).topic));
  };

  it('duplicate sends frames twice', async () => {
    expect((await framesAfter({ kind: 'duplicate', count: 2 })).slice(0, 4)).toEqual([
      'execution',
      'execution',
      'order',
      'order',
    ]);
  });

  it('reorder turns a group of frames round', async () => {
    expect((await framesAfter({ kind: 'reorder' })).slice(0, 4)).toEqual([
      'wallet',
      'position',
      'order',
      'execution',
    ]);
  });

  it('dropSocket cuts at once, or after so many frames; the rest is lost', async () => {
    const first = kept(await privateSocket(practice, topics));
    await arm({ kind: 'dropSocket' });
    await first.whenClosed();
    const second = kept(await privateSocket(practice, topics));
    const from = second.texts.length;
    await arm({ kind: 'dropSocket', afterFrames: 2 });
    await clientOf(practice).post('/v5/order/create', buy);
    await second.whenClosed();
    expect(second.texts.length - from).toBe(2);
  });
});

describe('the practice calls', () => {
  it('truth shows what both accounts hold, requests what was asked, without secrets', async () => {
    await clientOf(practice).post('/v5/order/create', { ...buy, orderLinkId: 'seen' });
    const truth = (await practiceCall(practice, 'truth')) as { accounts: Row[] };
    expect(truth.accounts.map((one) => (one.positions as Rows).length)).toEqual([1, 0]);
    const seen = (await practiceCall(practice, 'requests')) as { requests: Row[]; total: number };
    expect(seen.requests).toMatchObject([
      { method: 'POST', path: '/v5/order/create', account: 'main', status: 200, retCode: 0 },
    ]);
    expect(seen.requests[0]?.body).toContain('"orderLinkId":"seen"');
    expect(JSON.stringify(seen)).not.toContain(clientOf(practice).apiSecret);
  });

  it('fill, price, close and clock move things, and refuse in plain words', async () => {
    const client = clientOf(practice);
    const { body } = await client.post('/v5/order/create', {
      ...buy,
      orderType: 'Limit',
      price: '2000',
      qty: '2',
    });
    const { orderId } = body.result;
    const fill = (quantity?: string) =>
      practiceCall(practice, 'fill', {
        account: 'main',
        orderId,
        ...(quantity ? { quantity } : {}),
      });
    expect(await fill('0.5')).toEqual({ filled: '0.5', status: 'PartiallyFilled' });
    expect(await fill()).toMatchObject({ status: 'Filled' });
    expect(await fill()).toEqual({ error: 'no open order with this orderId' });
    expect(await practiceCall(practice, 'price', { symbol: 'ETHUSDT', price: '2100' })).toEqual({
      symbol: 'ETHUSDT',
      price: '2100.00',
    });
    expect(await practiceCall(practice, 'price', { symbol: 'ETHUSDT', price: 'x' })).toEqual({
      error: 'price is not a price',
    });
    const close = { account: 'main', symbol: 'ETHUSDT', side: 'long' };
    expect(await practiceCall(practice, 'close', close)).toMatchObject({ status: 'Filled' });
    expect(await practiceCall(practice, 'close', close)).toEqual({ error: 'no such position' });
    const clock = await practiceCall(practice, 'clock', { advanceMs: 60_000 });
    const later = await practiceCall(practice, 'clock', { advanceMs: 500 });
    expect(Number(later.now) - Number(clock.now)).toBe(500);
  });

  it('P20 a close by hand is marked as such', async () => {
    const client = clientOf(practice);
    await client.post('/v5/order/create', buy);
    await practiceCall(practice, 'close', { account: 'main', symbol: 'ETHUSDT', side: 'Buy' });
    const history = await client.get('/v5/order/history', 'category=linear&symbol=ETHUSDT');
    expect(history.body.result.list?.map((row) => row.createType).sort()).toEqual([
      'CreateByClosing',
      'CreateByUser',
    ]);
  });

  it('are closed to web pages from elsewhere', async () => {
    const response = await fetch(`${practice.rest}/practice/truth`, {
      headers: { Origin: 'https://example.org' },
    });
    expect(response.status).toBe(403);
  });

  it('a socket to an unknown path is refused', async () => {
    await expect(socketTo(practice.wsPublic.replace('public/linear', 'nowhere'))).rejects.toThrow();
  });
});
