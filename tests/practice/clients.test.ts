import { RestClientV5, WebsocketClient } from 'bybit-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../../src-main/practice/server.ts';
import { practiceCall } from './support.ts';

const quietLogger = { trace() {}, info() {}, error() {} };

describe('bybit-api', () => {
  let practice: Practice;
  let rest: RestClientV5;
  const streams: WebsocketClient[] = [];
  beforeAll(async () => {
    practice = await startPractice({ scenario: 'desk' });
    const { apiKey, apiSecret } = practice.accounts[0] ?? { apiKey: '', apiSecret: '' };
    rest = new RestClientV5(
      { key: apiKey, secret: apiSecret, baseUrl: practice.rest, parseAPIRateLimits: true },
      { timeout: 5000, proxy: false },
    );
  });
  afterAll(async () => {
    for (const stream of streams) stream.closeAll(true);
    await practice.stop();
  });

  it('reads everything an account and the market have', async () => {
    const answers = {
      time: await rest.getServerTime(),
      instruments: await rest.getInstrumentsInfo({ category: 'linear', limit: 1000 }),
      tickers: await rest.getTickers({ category: 'linear' }),
      kline: await rest.getKline({
        category: 'linear',
        symbol: 'BTCUSDT',
        interval: '5',
        limit: 50,
      }),
      risk: await rest.getRiskLimit({ category: 'linear', symbol: 'BTCUSDT' }),
      funding: await rest.getFundingRateHistory({ category: 'linear', symbol: 'BTCUSDT' }),
      positions: await rest.getPositionInfo({ category: 'linear', settleCoin: 'USDT', limit: 200 }),
      orders: await rest.getActiveOrders({ category: 'linear', settleCoin: 'USDT', limit: 50 }),
      history: await rest.getHistoricOrders({ category: 'linear' }),
      executions: await rest.getExecutionList({ category: 'linear' }),
      closed: await rest.getClosedPnL({ category: 'linear' }),
      wallet: await rest.getWalletBalance({ accountType: 'UNIFIED' }),
      account: await rest.getAccountInfo(),
      fees: await rest.getFeeRate({ category: 'linear' }),
      log: await rest.getTransactionLog(),
      key: await rest.getQueryApiKey(),
    };
    const codes = Object.entries(answers).map(([name, answer]) => [name, answer.retCode]);
    expect(codes).toEqual(Object.keys(answers).map((name) => [name, 0]));
    expect(answers.positions.result.list).toHaveLength(30);
    expect(answers.positions.rateLimitApi).toMatchObject({ maxRequests: 50 });
    expect(answers.kline.result.list).toHaveLength(50);
    const starts = answers.kline.result.list.map((candle) => Number(candle[0]));
    expect(starts).toEqual([...starts].sort((a, b) => b - a));
  });

  it('walks pages with the cursor it was given', async () => {
    const ids = new Set<string>();
    let cursor: string | undefined;
    for (let page = 0; page < 5; page += 1) {
      const { result } = await rest.getActiveOrders({
        category: 'linear',
        settleCoin: 'USDT',
        limit: 50,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const order of result.list) ids.add(order.orderId);
      cursor = result.nextPageCursor;
      if (result.list.length < 50) break;
    }
    const truth = (await practiceCall(practice, 'truth')) as { accounts: { orders: unknown[] }[] };
    expect(ids.size).toBe(truth.accounts[0]?.orders.length);
  });

  it('places, amends, cancels, batches, sets leverage, mode and stops', async () => {
    const order = { category: 'linear', symbol: 'GALAUSDT', side: 'Buy', qty: '2000' } as const;
    const placed = await rest.submitOrder({ ...order, orderType: 'Limit', price: '0.0124' });
    const named = {
      category: 'linear',
      symbol: 'GALAUSDT',
      orderId: placed.result.orderId,
    } as const;
    expect((await rest.amendOrder({ ...named, qty: '3000' })).retCode).toBe(0);
    expect((await rest.cancelOrder(named)).retCode).toBe(0);
    const batch = await rest.batchSubmitOrders('linear', [
      { ...order, orderType: 'Limit', price: '0.0123' },
      { ...order, orderType: 'Limit', price: '0.0122' },
    ]);
    expect(batch.result.list.map((row) => row.orderId.length)).toEqual([36, 36]);
    const [first, second] = batch.result.list;
    const amended = await rest.batchAmendOrders('linear', [
      { symbol: 'GALAUSDT', orderId: first?.orderId ?? '', qty: '4000' },
    ]);
    expect((amended.retExtInfo as { list: unknown[] }).list).toEqual([{ code: 0, msg: 'OK' }]);
    const cancelled = await rest.batchCancelOrders('linear', [
      { symbol: 'GALAUSDT', orderId: second?.orderId ?? '' },
    ]);
    expect(cancelled.retCode).toBe(0);
    expect(
      (await rest.cancelAllOrders({ category: 'linear', symbol: 'GALAUSDT' })).result.list,
    ).toHaveLength(1);
    expect((await rest.submitOrder({ ...order, orderType: 'Market' })).retCode).toBe(0);
    const stop = {
      category: 'linear',
      symbol: 'GALAUSDT',
      positionIdx: 0,
      tpslMode: 'Full',
    } as const;
    expect((await rest.setTradingStop({ ...stop, stopLoss: '0.012' })).retCode).toBe(0);
    const leverage = {
      category: 'linear',
      symbol: 'GALAUSDT',
      buyLeverage: '5',
      sellLeverage: '5',
    } as const;
    expect((await rest.setLeverage(leverage)).retCode).toBe(0);
    expect((await rest.setLeverage(leverage)).retCode).toBe(110043);
    const mode = { category: 'linear', symbol: 'SANDUSDT', mode: 3 } as const;
    expect((await rest.switchPositionMode(mode)).retCode).toBe(0);
  });

  it('hears of its orders, and of prices, on its streams', async () => {
    const { apiKey, apiSecret } = practice.accounts[1] ?? { apiKey: '', apiSecret: '' };
    const mine = new WebsocketClient(
      { key: apiKey, secret: apiSecret, wsUrl: practice.wsPrivate },
      quietLogger,
    );
    const open = new WebsocketClient({ wsUrl: practice.wsPublic }, quietLogger);
    streams.push(mine, open);
    const topics = new Set<string>();
    let wake = (): void => undefined;
    for (const stream of [mine, open]) {
      stream.on('update', (message: { topic?: string }) => {
        topics.add(message.topic ?? '');
        wake();
      });
      stream.on('exception', () => undefined);
    }
    const subscribed = new Promise<void>((resolve) => {
      mine.on('response', (message) => {
        if ((message as { op?: string }).op === 'subscribe') resolve();
      });
    });
    void Promise.allSettled(
      mine.subscribeV5(['order', 'execution', 'position', 'wallet'], 'linear', true),
    );
    void Promise.allSettled(open.subscribeV5(['tickers.BTCUSDT', 'kline.1.BTCUSDT'], 'linear'));
    await subscribed;
    const trader = new RestClientV5(
      { key: apiKey, secret: apiSecret, baseUrl: practice.rest },
      { timeout: 5000, proxy: false },
    );
    const order = { category: 'linear', symbol: 'GALAUSDT', side: 'Buy', qty: '2000' } as const;
    await trader.submitOrder({ ...order, orderType: 'Market' });
    const wanted = [
      'order',
      'execution',
      'position',
      'wallet',
      'tickers.BTCUSDT',
      'kline.1.BTCUSDT',
    ];
    while (!wanted.every((topic) => topics.has(topic))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    expect([...topics].sort()).toEqual([...wanted].sort());
  });
});
