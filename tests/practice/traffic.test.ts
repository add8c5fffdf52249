import { afterEach, describe, expect, it } from 'vitest';
import {
  type Practice,
  type PracticeOptions,
  startPractice,
} from '../../src-main/practice/server.ts';
import { Lag } from '../../src-main/practice/traffic/lag.ts';
import { Limits } from '../../src-main/practice/traffic/limits.ts';
import { Network } from '../../src-main/practice/traffic/network.ts';
import { manualClock } from '../support/manual-clock.ts';
import { clientOf, practiceCall, privateSocket, type Row, type Rows } from './support.ts';

const running: Practice[] = [];
afterEach(async () => {
  for (const practice of running.splice(0)) await practice.stop();
});
const started = async (options: PracticeOptions): Promise<Practice> => {
  const practice = await startPractice({ scenario: 'empty', ...options });
  running.push(practice);
  return practice;
};

const buy = { category: 'linear', symbol: 'ETHUSDT', side: 'Buy', orderType: 'Market', qty: '0.1' };

describe('X1 messages under way', () => {
  it('X1 answers and frames overtake each other, and topics too; within a topic order is kept', async () => {
    const practice = await started({ jitterMs: 8, seed: 3 });
    const topics = ['order', 'execution', 'position', 'wallet'];
    const first = { answer: 0, frame: 0, execution: 0, position: 0 };
    // The venue takes ten orders a second of each account.
    const orders = 9;
    for (const role of ['main', 'mirror'] as const) {
      const socket = await privateSocket(practice, topics, role);
      const client = clientOf(practice, role);
      for (let number = 0; number < orders; number += 1) {
        const told = socket.texts.length;
        await client.post('/v5/order/create', buy);
        const walletToldOf = socket.texts.slice(told).some((text) => text.includes('wallet'));
        first[walletToldOf ? 'frame' : 'answer'] += 1;
      }
      const frames: Row[] = [];
      for (let at = 0; frames.length < orders * topics.length; at += 1) {
        const next = socket.texts[at];
        if (next === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
        if (next === undefined) at -= 1;
        else if (next.includes('"topic"')) frames.push(JSON.parse(next) as Row);
      }
      for (const topic of topics) {
        const times = frames.filter((one) => one.topic === topic).map((one) => one.creationTime);
        expect(times).toEqual((times as number[]).toSorted((a, b) => a - b));
      }
      const seen = new Set<unknown>();
      for (const { topic, data } of frames) {
        const { seq } = (data as Rows)[0] ?? {};
        const compared = topic === 'execution' || topic === 'position';
        if (compared && !seen.has(seq)) first[topic] += 1;
        seen.add(seq);
      }
      socket.close();
    }
    for (const [what, times] of Object.entries(first))
      expect([what, times > 1]).toEqual([what, true]);
  });

  it('X1 the same seed draws the same times, whatever happens on other channels', () => {
    const row = (network: Network, channel: string): number[] =>
      Array.from({ length: 50 }, () => network.delay(channel));
    const alone = row(new Network(7, 10), 'main order');
    const busy = new Network(7, 10);
    row(busy, 'main wallet');
    expect(row(busy, 'main order')).toEqual(alone);
    expect(row(new Network(8, 10), 'main order')).not.toEqual(alone);
    expect(Math.max(...alone)).toBeGreaterThan(3 * Math.min(...alone));
  });
});

describe('X2 lists', () => {
  it('X2 order, position, execution and wallet lists show what was a moment ago; fault lag', async () => {
    const practice = await started({ clock: 'stepped' });
    const client = clientOf(practice);
    const shown = async () => {
      const list = async (path: string, query: string): Promise<Rows> =>
        (await client.get(path, query)).body.result.list ?? [];
      const all = 'category=linear&settleCoin=USDT';
      const [wallet] = await list('/v5/account/wallet-balance', 'accountType=UNIFIED');
      return {
        orders: (await list('/v5/order/realtime', all)).map((row) => row.price),
        positions: (await list('/v5/position/list', all)).map((row) => row.size),
        executions: (await list('/v5/execution/list', 'category=linear')).length,
        wallet: (wallet?.coin as Rows | undefined)?.[0]?.walletBalance,
      };
    };
    const rest = { ...buy, orderType: 'Limit', price: '2000', qty: '1' };
    const before = await shown();
    const { orderId } = (await client.post('/v5/order/create', rest)).body.result;
    await client.post('/v5/order/create', buy);
    await practiceCall(practice, 'clock', { advanceMs: 1000 });
    await client.post('/v5/order/amend', { ...rest, orderId, price: '2100', qty: '1' });
    await client.post('/v5/order/create', buy);
    const now = await shown();
    expect(now).toMatchObject({ orders: ['2100'], positions: ['0.2'], executions: 2 });

    const late = await started({ clock: 'stepped' });
    const other = clientOf(late);
    const { orderId: id } = (await other.post('/v5/order/create', rest)).body.result;
    await other.post('/v5/order/create', buy);
    await practiceCall(late, 'clock', { advanceMs: 1000 });
    await other.post('/v5/order/amend', { ...rest, orderId: id, price: '2100', qty: '1' });
    await other.post('/v5/order/create', buy);
    await practiceCall(late, 'fault', { kind: 'lag', ms: 500, count: 4 });
    const seen = async (path: string, query: string): Promise<Rows> =>
      (await other.get(path, query)).body.result.list ?? [];
    const all = 'category=linear&settleCoin=USDT';
    expect((await seen('/v5/order/realtime', all)).map((row) => row.price)).toEqual(['2000']);
    expect((await seen('/v5/position/list', all)).map((row) => row.size)).toEqual(['0.1']);
    expect(await seen('/v5/execution/list', 'category=linear')).toHaveLength(1);
    const [wallet] = await seen('/v5/account/wallet-balance', 'accountType=UNIFIED');
    const balance = (wallet?.coin as Rows | undefined)?.[0]?.walletBalance;
    expect([before.wallet === balance, now.wallet === balance]).toEqual([false, false]);
    // The fault has struck as often as told: the lists are up to date again.
    expect((await seen('/v5/order/realtime', all)).map((row) => row.price)).toEqual(['2100']);
  });

  it('X2 lag is drawn anew for each read, up to the most, and a list never goes back', () => {
    const lag = new Lag(5, 5000);
    const lags: number[] = [];
    let shown = 0;
    for (let now = 100_000; now < 400_000; now += 3000) {
      const at = lag.asOf('main', 'orders', now, 0);
      expect(at).toBeGreaterThanOrEqual(shown);
      shown = at;
      lags.push(now - at);
    }
    expect(Math.max(...lags)).toBeGreaterThan(3000);
    expect(Math.max(...lags)).toBeLessThanOrEqual(5000);
    expect(lags.filter((one) => one === 0).length).toBeGreaterThan(20);
    expect(new Lag(5, 0).asOf('main', 'wallet', 1000, 0)).toBe(1000);
  });
});

it('X7 an address that asked too much is shut out for ten minutes', () => {
  const limits = new Limits();
  for (let n = 0; n < 600; n += 1) expect(limits.allowsIp(1000)).toBe(true);
  expect(limits.allowsIp(1000)).toBe(false);
  expect(limits.allowsIp(1000 + 599_999)).toBe(false);
  expect(limits.allowsIp(1000 + 600_000)).toBe(true);
});

it('X7 disconnect protection: orders go when the stream stays away, and not before', async () => {
  const timers = manualClock(Date.now());
  const practice = await started({ timers });
  const beats = async (seconds: number): Promise<void> => {
    for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
      timers.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const client = clientOf(practice);
  const resting = { ...buy, orderType: 'Limit', price: '2000', qty: '1' };
  const { orderId } = (await client.post('/v5/order/create', resting)).body.result;
  const asked = { product: 'DERIVATIVES', timeWindow: 10 };
  expect((await client.post('/v5/order/disconnected-cancel-all', asked)).body.retCode).toBe(0);
  const account = (await client.get('/v5/account/info')).body.result;
  expect(account).toMatchObject({ dcpStatus: 'ON', timeWindow: 10 });
  const truth = async () => {
    const { accounts } = (await practiceCall(practice, 'truth')) as { accounts: Row[] };
    const { orders, ended } = accounts[0] as { orders: Rows; ended: Rows };
    return [...orders, ...ended].find((row) => row.orderId === orderId);
  };
  const socket = await privateSocket(practice, ['order', 'dcp.future']);
  await beats(12);
  expect(await truth()).toMatchObject({ orderStatus: 'New' });
  socket.close();
  await socket.whenClosed();
  await new Promise((resolve) => setTimeout(resolve, 50));
  await beats(9);
  expect(await truth()).toMatchObject({ orderStatus: 'New' });
  await beats(2);
  expect(await truth()).toMatchObject({ orderStatus: 'Cancelled', cancelType: 'CancelByDCP' });
});

describe('faults', () => {
  it('dropTopic loses one topic’s frames, the others come', async () => {
    const practice = await started({ clock: 'stepped' });
    const socket = await privateSocket(practice, ['order', 'position', 'execution']);
    await practiceCall(practice, 'fault', { kind: 'dropTopic', topic: 'position', count: 1 });
    const client = clientOf(practice);
    await client.post('/v5/order/create', buy);
    await client.post('/v5/order/create', buy);
    await socket.until((message) => message.topic === 'position');
    const topics = socket.texts.map((text) => (JSON.parse(text) as Row).topic).filter(Boolean);
    expect(topics.filter((topic) => topic === 'position')).toHaveLength(1);
    expect(topics.filter((topic) => topic === 'execution')).toHaveLength(2);
    socket.close();
  });
});
