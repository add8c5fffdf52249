import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../../../src-main/practice/server.ts';
import { idleOf } from '../../../src-main/practice/wire/connection.ts';
import {
  clientOf,
  practiceCall,
  privateSocket,
  type Row,
  type Rows,
  socketTo,
} from '../support.ts';

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

const buy = { category: 'linear', symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '1' };

describe('idle lines', () => {
  it.each([
    [null, 600_000],
    ['45s', 45_000],
    ['1m', 60_000],
    ['5s', 30_000],
    ['1h', 600_000],
    ['90m', 600_000],
  ])('with max_active_time %s end after %i ms', (text, ms) => {
    expect(idleOf(text)).toBe(ms);
  });
});

describe('acknowledgements', () => {
  it('of a public line: compact, with req_id of the same type, "" when there was none', async () => {
    const socket = kept(await socketTo(practice.wsPublic));
    socket.say({ op: 'subscribe', args: ['tickers.BTCUSDT'], req_id: 7 });
    const ack = await socket.until((message) => message.op === 'subscribe');
    expect(ack).toMatchObject({ success: true, ret_msg: '', req_id: 7 });
    expect(Object.keys(ack)).toEqual(['success', 'ret_msg', 'conn_id', 'req_id', 'op']);
    socket.say({ op: 'ping' });
    const pong = await socket.until((message) => message.op === 'ping');
    expect(pong).toMatchObject({ success: true, ret_msg: 'pong', req_id: '' });
    expect(socket.texts.some((text) => text.includes('ret_msg":"pong"'))).toBe(true);
  });

  it('of a private line: pong carries the time, and req_id only when sent', async () => {
    const socket = kept(await privateSocket(practice, ['order']));
    socket.say({ op: 'ping', req_id: 'x' });
    const pong = await socket.until((message) => message.op === 'pong');
    expect(pong).toMatchObject({ req_id: 'x', args: [expect.stringMatching(/^\d{13}$/)] });
    expect(socket.texts[0]).toMatch(
      /^\{"success":true,"ret_msg":"","op":"auth","conn_id":"[^"]+"\}$/,
    );
  });

  it('of a bad subscription: the whole request is refused and the line stays open', async () => {
    const socket = kept(await socketTo(practice.wsPublic));
    const refusal = async (args: unknown): Promise<unknown> => {
      const from = socket.texts.length;
      socket.say({ op: 'subscribe', args });
      return (await socket.until((message) => message.op === 'subscribe', from)).ret_msg;
    };
    expect(await refusal(['tickers.ETHUSDT', 'foo.BTCUSDT'])).toBe(
      'error:handler not found,topic:foo.BTCUSDT',
    );
    expect(await refusal(['tickers.ETHUSDT'])).toBe('');
    expect(await refusal(['tickers.ETHUSDT'])).toBe(
      'error:already subscribed,topic:tickers.ETHUSDT',
    );
    expect(await refusal('tickers.ETHUSDT')).toBe('Params Error');
    expect(socket.isClosed()).toBe(false);
  });

  it('of private topics need a key, and one form of name per request', async () => {
    const stranger = kept(await socketTo(practice.wsPrivate));
    stranger.say({ op: 'subscribe', args: ['order'] });
    expect(await stranger.until((message) => message.op === 'subscribe')).toMatchObject({
      success: false,
    });
    stranger.say({ op: 'auth', args: ['nobody', Date.now() + 1000, 'ff'] });
    expect(await stranger.until((message) => message.op === 'auth')).toMatchObject({
      success: false,
    });
    const known = kept(await privateSocket(practice, ['order']));
    const from = known.texts.length;
    known.say({ op: 'subscribe', args: ['wallet', 'position.linear'] });
    expect(await known.until((message) => message.op === 'subscribe', from)).toMatchObject({
      ret_msg: 'Params Error',
    });
  });
});

describe('private frames', () => {
  it('follow the answer, in the order execution.fast, execution, order, position, wallet', async () => {
    const topics = ['wallet', 'position', 'order', 'execution', 'execution.fast'];
    const socket = kept(await privateSocket(practice, topics));
    const from = socket.texts.length;
    const reply = await clientOf(practice).post('/v5/order/create', { ...buy, orderLinkId: 'a1' });
    expect(reply.body.result).toEqual({ orderId: expect.any(String), orderLinkId: 'a1' });
    await socket.until((message) => message.topic === 'wallet', from);
    const frames = socket.texts.slice(from).map((text) => JSON.parse(text) as Row);
    expect(frames.map((frame) => frame.topic)).toEqual([
      'execution.fast',
      'execution',
      'order',
      'position',
      'wallet',
    ]);
    expect(frames[0]).not.toHaveProperty('id');
    const seqs = frames.slice(0, 4).flatMap((frame) => (frame.data as Rows).map((row) => row.seq));
    expect(new Set(seqs.filter((seq) => seq !== undefined)).size).toBe(1);
    const orderId = reply.body.result.orderId;
    expect(frames[2]?.data).toMatchObject([{ orderId, orderStatus: 'Filled' }]);
    expect(frames[4]?.data).toMatchObject([{ coin: [{ coin: 'USDT' }] }]);
  });

  it('come without a snapshot, and only for the account that asked', async () => {
    const socket = kept(await privateSocket(practice, ['order', 'position'], 'mirror'));
    const from = socket.texts.length;
    await clientOf(practice, 'main').post('/v5/order/create', buy);
    await clientOf(practice, 'mirror').post('/v5/order/create', buy);
    await socket.until((message) => message.topic === 'position', from);
    const orders = socket.texts
      .slice(from)
      .map((text) => JSON.parse(text) as { topic: string; data: Rows })
      .filter((frame) => frame.topic === 'order');
    expect(orders.flatMap((frame) => frame.data)).toHaveLength(1);
  });

  it('may be asked for by category', async () => {
    const socket = kept(await privateSocket(practice, ['order.linear']));
    await clientOf(practice).post('/v5/order/create', buy);
    const frame = await socket.until((message) => message.topic === 'order.linear');
    expect((frame.data as Rows)[0]).toMatchObject({ category: 'linear' });
  });
});

describe('tickers', () => {
  it('begin with a full snapshot and go on with what changed, cs growing', async () => {
    const socket = kept(await socketTo(practice.wsPublic));
    socket.say({ op: 'subscribe', args: ['tickers.ETHUSDT'] });
    const snapshot = await socket.until((message) => message.type === 'snapshot');
    expect(Object.keys(snapshot.data as Row).length).toBeGreaterThan(20);
    await practiceCall(practice, 'price', { symbol: 'ETHUSDT', price: '2444.44' });
    const delta = await socket.until((message) => message.type === 'delta');
    expect(delta.data).toMatchObject({
      symbol: 'ETHUSDT',
      lastPrice: '2444.44',
      markPrice: '2444.44',
      bid1Price: '2444.44',
      ask1Price: '2444.45',
    });
    expect(delta.data).not.toHaveProperty('prevPrice24h');
    expect(Number(delta.cs)).toBeGreaterThan(Number(snapshot.cs));
  });

  it('of other symbols are not sent', async () => {
    const socket = kept(await socketTo(practice.wsPublic));
    socket.say({ op: 'subscribe', args: ['tickers.ETHUSDT'] });
    await socket.until((message) => message.type === 'snapshot');
    await practiceCall(practice, 'price', { symbol: 'BTCUSDT', price: '100000' });
    await practiceCall(practice, 'price', { symbol: 'ETHUSDT', price: '2400' });
    await socket.until((message) => message.type === 'delta');
    expect(socket.texts.some((text) => text.includes('BTCUSDT'))).toBe(false);
  });

  it('of a candle end with a confirmed one', async () => {
    const socket = kept(await socketTo(practice.wsPublic));
    socket.say({ op: 'subscribe', args: ['kline.1.ETHUSDT'] });
    await practiceCall(practice, 'price', { symbol: 'ETHUSDT', price: '2400' });
    const running = await socket.until(
      (message) => String(message.data).length > 0 && message.topic !== undefined,
    );
    expect(running.data).toMatchObject([{ confirm: false, interval: '1' }]);
    const confirmed = socket.until(
      (message) => (message.data as Rows | undefined)?.[0]?.confirm === true,
    );
    await socket.until((message) => (message.data as Rows | undefined)?.[0]?.close === '2400');
    await practiceCall(practice, 'clock', { advanceMs: 60_000 });
    await practiceCall(practice, 'price', { symbol: 'ETHUSDT', price: '2410' });
    expect((await confirmed).data).toMatchObject([{ close: '2400' }]);
  });

  it('stop when no longer wanted; candles, trades and the book can be had too', async () => {
    const socket = kept(await socketTo(practice.wsPublic));
    const topics = ['kline.1.ETHUSDT', 'publicTrade.ETHUSDT', 'orderbook.50.ETHUSDT'];
    socket.say({ op: 'subscribe', args: topics });
    await practiceCall(practice, 'price', { symbol: 'ETHUSDT', price: '2400' });
    for (const topic of topics) {
      const frame = await socket.until((message) => message.topic === topic);
      expect(frame.type).toBe('snapshot');
    }
    socket.say({ op: 'unsubscribe', args: topics });
    expect(await socket.until((message) => message.op === 'unsubscribe')).toMatchObject({
      success: true,
    });
  });
});

describe('order entry over the stream', () => {
  it('places, refuses and cancels under the same rules', async () => {
    const url = practice.wsPrivate.replace('/v5/private', '/v5/trade');
    const { apiKey, apiSecret } = clientOf(practice);
    const socket = kept(await socketTo(url));
    const { signatureOf } = await import('../../../src-main/practice/wire/signature.ts');
    const expires = Date.now() + 5000;
    socket.say({
      op: 'auth',
      args: [apiKey, expires, signatureOf(apiSecret, `GET/realtime${expires}`)],
    });
    expect(await socket.until((message) => message.op === 'auth')).toMatchObject({ retCode: 0 });
    const order = { ...buy, orderType: 'Limit', price: '2000' };
    socket.say({ reqId: 'r1', op: 'order.create', args: [order] });
    const made = await socket.until((message) => message.reqId === 'r1');
    expect(made).toMatchObject({ retCode: 0, op: 'order.create' });
    const { orderId } = made.data as { orderId: string };
    socket.say({ reqId: 'r2', op: 'order.cancel', args: [{ ...order, orderId }] });
    expect(await socket.until((message) => message.reqId === 'r2')).toMatchObject({ retCode: 0 });
    socket.say({ reqId: 'r3', op: 'order.cancel', args: [{ ...order, orderId }] });
    expect(await socket.until((message) => message.reqId === 'r3')).toMatchObject({
      retCode: 110001,
    });
    socket.say({ reqId: 'r4', op: 'order.nothing', args: [order] });
    expect(await socket.until((message) => message.reqId === 'r4')).toMatchObject({
      retCode: 10404,
    });
  });
});
