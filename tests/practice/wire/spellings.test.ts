import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Practice, startPractice } from '../../../src-main/practice/server.ts';
import { sharedPath } from '../../support/shared.ts';
import {
  clientOf,
  practiceCall,
  privateSocket,
  type Row,
  type Rows,
  socketTo,
} from '../support.ts';

/**
 * Our answers against recorded ones, field by field: the same names, the same types. What differs
 * on purpose is listed with its reason; anything else fails.
 */
type Shape = Record<string, string>;

function shapeOf(value: unknown, path = ''): Shape {
  if (Array.isArray(value)) {
    const shapes = value.map((one) => shapeOf(one, `${path}[]`));
    return Object.assign({ [path]: 'array' }, ...shapes) as Shape;
  }
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, one]) => shapeOf(one, `${path}.${name}`));
    return Object.assign({}, ...parts) as Shape;
  }
  return { [path]: value === null ? 'null' : typeof value };
}

/** Every difference of names or types, as `+ours`, `-theirs`, `name: ours/theirs`. */
function differences(ours: unknown, theirs: unknown): string[] {
  const [a, b] = [shapeOf(ours), shapeOf(theirs)];
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const found = names.flatMap((name) => {
    if (a[name] === b[name]) return [];
    if (a[name] === undefined) return [`-${name}`];
    return b[name] === undefined ? [`+${name}`] : [`${name}: ${a[name]}/${b[name]}`];
  });
  return found.sort();
}

const recordings = sharedPath('recordings');
const recorded = (path: string): Row =>
  JSON.parse(readFileSync(`${recordings}/${path}`, 'utf8')) as Row;
/** The payload of the present documentation. */
const documented = (file: string, at = 0): Row =>
  (recorded(`bybit-docs/${file}`) as unknown as { current: boolean; payload: Row }[]).filter(
    (one) => one.current,
  )[at]?.payload ?? {};
const firstOf = (body: Row): Row => (body.result as { list: Rows }).list[0] ?? {};
const bodyOf = (path: string): Row => recorded(`wss-bybitapi/${path}`).body as Row;

let practice: Practice;
beforeAll(async () => {
  if (recordings === null) console.log('Spellings not compared: the recordings are not here.');
  practice = await startPractice({ scenario: 'desk', clock: 'stepped' });
});
afterAll(() => practice.stop());

/** Newer fields (documented 2026) that the capture of early 2025 does not have yet. */
const newerPosition = ['.breakEvenPrice', '.openTime', '.positionIMByMp', '.positionMMByMp'].map(
  (name) => `+${name}`,
);

describe.skipIf(recordings === null)('REST answers', () => {
  const get = async (path: string, query = ''): Promise<Row> =>
    (await clientOf(practice).get(path, query)).body;

  it('positions, open and flat', async () => {
    const capture = bodyOf('rest-position-list.hedge.BTCUSDT.json');
    const [theirOpen, theirFlat] = (capture.result as { list: Rows }).list;
    const open = await get('/v5/position/list', 'category=linear&symbol=BTCUSDT');
    const flat = await get('/v5/position/list', 'category=linear&symbol=GALAUSDT');
    expect(differences(firstOf(open), theirOpen)).toEqual(newerPosition);
    expect(differences(firstOf(flat), theirFlat)).toEqual(newerPosition);
    const same = ['side', 'size', 'avgPrice', 'positionValue', 'unrealisedPnl', 'positionIM'];
    for (const name of [
      ...same,
      'positionMM',
      'takeProfit',
      'stopLoss',
      'trailingStop',
      'liqPrice',
    ])
      expect([name, firstOf(flat)[name]]).toEqual([name, theirFlat?.[name]]);
    const envelope = (body: Row) => ({ ...body, result: { ...(body.result as Row), list: [] } });
    expect(differences(envelope(open), envelope(capture))).toEqual([]);
  });

  it('orders', async () => {
    const theirs = firstOf(recorded('ccxt-comments/rest-fetchOpenOrders-1.json'));
    const ours = firstOf(
      await get('/v5/order/history', 'category=linear&orderStatus=Filled&symbol=BTCUSDT'),
    );
    expect(differences(ours, theirs)).toEqual(
      [
        // Documented since 2026 or seen in other captures (options, spot, TP/SL), absent in this one.
        '+.marketUnit',
        '+.ocoTriggerBy',
        '+.parentOrderLinkId',
        '+.rpiMatchedQty',
        '+.rpiTakerAccess',
      ].sort(),
    );
    for (const name of [
      'tpslMode',
      'slLimitPrice',
      'triggerPrice',
      'stopOrderType',
      'leavesQty',
      'isLeverage',
    ])
      expect([name, ours[name]]).toEqual([name, theirs[name]]);
  });

  it('executions', async () => {
    const theirs = (documented('websocket__private__execution.json', 1).data as Rows)[0] ?? {};
    const ours = firstOf(await get('/v5/execution/list', 'category=linear&symbol=BTCUSDT'));
    expect(differences(ours, theirs)).toEqual(
      [
        // Stream only.
        '-.category',
        '-.execPnl',
        // Empty text, or the Indian taxes of that capture.
        '.extraFees: string/array',
        '-.extraFees[].fee',
        '-.extraFees[].feeCoin',
        '-.extraFees[].feeRate',
        '-.extraFees[].feeType',
        '-.extraFees[].subFeeType',
        '-.isLeverage',
      ].sort(),
    );
  });

  it('a funding execution', async () => {
    const { nextPageCursor: _, ...theirs } = recorded('ccxt-comments/rest-parseIncome-1.json');
    await practiceCall(practice, 'clock', { advanceMs: 8 * 3_600_000 });
    const ours = firstOf(await get('/v5/execution/list', 'category=linear&execType=Funding'));
    expect(differences(ours, theirs)).toEqual([
      '+.extraFees', // newer
      '.seq: number/string', // text only in that one capture of 2024; a number everywhere else
    ]);
    for (const name of [
      'orderType',
      'orderQty',
      'orderPrice',
      'createType',
      'stopOrderType',
      'closedSize',
      'execType',
    ])
      expect([name, ours[name]]).toEqual([name, theirs[name]]);
  });

  it('closed P&L', async () => {
    const capture = bodyOf('rest-position-closed-pnl.json');
    const ours = await get('/v5/position/closed-pnl', 'category=linear');
    // The fees are documented since 2025-06, after the capture.
    expect(differences(firstOf(ours), firstOf(capture))).toEqual(['+.closeFee', '+.openFee']);
    expect((ours.result as Row).nextPageCursor).toMatch(
      /^[0-9a-f-]{36}%3A\d{13}%2C[0-9a-f-]{36}%3A\d{13}$/,
    );
  });

  it('wallet, account, key, fee rate, time', async () => {
    const wallet = await get('/v5/account/wallet-balance', 'accountType=UNIFIED');
    expect(differences(wallet, documented('account__wallet-balance.json'))).toEqual([
      '+.result.list[].coin[].colRes', // documented since 2026-08
    ]);
    expect(
      differences(await get('/v5/account/info'), bodyOf('rest-account-info.isolated.json')),
    ).toEqual([]);
    const key = await get('/v5/user/query-api');
    const theirKey = bodyOf('rest-user-query-api.json');
    expect(differences(key, theirKey).filter((one) => !one.includes('.permissions.'))).toEqual([]);
    expect(Object.keys((key.result as Row).permissions as Row)).toEqual(
      Object.keys((theirKey.result as Row).permissions as Row),
    );
    const fee = await get('/v5/account/fee-rate', 'category=linear&symbol=BTCUSDT');
    expect(differences(fee, bodyOf('rest-fee-rate.linear.json'))).toEqual([]);
    expect(differences(await get('/v5/market/time'), bodyOf('rest-time.json'))).toEqual([]);
  });

  it('the transaction log', async () => {
    const ours = await get('/v5/account/transaction-log', 'accountType=UNIFIED');
    expect(differences(ours, documented('account__transaction-log.json'))).toEqual([]);
  });

  it('writes: the envelope, the ids, the refusals', async () => {
    const client = clientOf(practice);
    const order = {
      category: 'linear',
      symbol: 'GALAUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '1000',
    };
    const made = await client.post('/v5/order/create', order);
    expect(differences(made.body, bodyOf('rest-order-create.ok.json'))).toEqual([]);
    const batch = await client.post('/v5/order/create-batch', {
      category: 'linear',
      request: [{ ...order, qty: '0' }, order],
    });
    expect(
      differences(batch.body, bodyOf('rest-order-create-batch.one-ok-one-error.json')),
    ).toEqual([]);
    const pairs: [string, Row, string][] = [
      ['/v5/position/switch-mode', { symbol: 'GALAUSDT', mode: 0 }, 'rest-switch-mode.110025.json'],
      [
        '/v5/position/set-leverage',
        { symbol: 'GALAUSDT', buyLeverage: '10', sellLeverage: '10' },
        'rest-set-leverage.110043.json',
      ],
      [
        '/v5/position/trading-stop',
        { symbol: 'GALAUSDT', tpslMode: 'Full', positionIdx: 0, takeProfit: '0' },
        'rest-trading-stop.34040.json',
      ],
      [
        '/v5/position/set-auto-add-margin',
        { symbol: 'GALAUSDT', autoAddMargin: 0 },
        'rest-set-auto-add-margin.not-modified.json',
      ],
    ];
    for (const [path, body, file] of pairs) {
      const { time: _, ...theirs } = bodyOf(file);
      const reply = await client.post(path, { category: 'linear', ...body });
      expect([path, reply.body]).toMatchObject([path, theirs]);
      expect(Object.keys(reply.body).sort()).toEqual([...Object.keys(theirs), 'time'].sort());
    }
  });

  it('instruments: every field of every perpetual, equal in value', async () => {
    const ours = (await get('/v5/market/instruments-info', 'category=linear&limit=1000'))
      .result as { list: Rows };
    const capture = recorded('cryptofeed-v3/rest-instruments-info-linear.json').result as {
      list: Rows;
    };
    const theirs = new Map(capture.list.map((row) => [row.symbol, row]));
    // Not in the table of facts that ships: shown with a plausible value.
    const invented = new Set([
      'launchTime',
      'copyTrading',
      'upperFundingRate',
      'lowerFundingRate',
      'displayName',
      'forbidUplWithdrawal',
      'symbolId',
    ]);
    for (const row of ours.list) {
      const their = theirs.get(row.symbol) ?? {};
      expect(differences(row, their)).toEqual([]);
      for (const [name, value] of Object.entries(row)) {
        const oneOff = row.symbol === 'YFIUSDT' && name === 'priceScale';
        if (invented.has(name) || oneOff) continue;
        expect([row.symbol, name, value]).toEqual([row.symbol, name, their[name]]);
      }
    }
    expect(ours.list.length).toBe(586);
  });

  it('tickers', async () => {
    const ours = firstOf(await get('/v5/market/tickers', 'category=linear&symbol=BTCUSDT'));
    const capture = firstOf(bodyOf('rest-tickers.linear-single.json'));
    const newer = [
      'basisRateYear',
      'fundingCap',
      'fundingIntervalHour',
      'singleOpenInterest',
      'singleOpenInterestValue',
    ];
    expect(differences(ours, capture)).toEqual(newer.map((name) => `+.${name}`));
  });
});

describe.skipIf(recordings === null)('stream messages', () => {
  it('tickers: snapshot and delta', async () => {
    const [snapshot, delta] = recorded('cryptofeed-v3/ws-tickers.DOGEUSDT.json') as unknown as Rows;
    const socket = await socketTo(practice.wsPublic);
    socket.say({
      op: 'subscribe',
      args: ['tickers.DOGEUSDT', 'kline.1.DOGEUSDT', 'publicTrade.DOGEUSDT'],
    });
    const ours = await socket.until(
      (message) => message.type === 'snapshot' && message.topic === 'tickers.DOGEUSDT',
    );
    expect(differences(ours, snapshot)).toEqual([]);
    await practiceCall(practice, 'price', { symbol: 'DOGEUSDT', price: '0.19999' });
    const change = await socket.until((message) => message.type === 'delta');
    expect(Object.keys(change)).toEqual(Object.keys(delta ?? {}));
    const candle = await socket.until((message) => String(message.topic).startsWith('kline'));
    const theirs = (recorded('cryptofeed-v3/ws-kline.1.DOGEUSDT.json') as unknown as Rows)[0];
    expect(differences(candle, theirs)).toEqual([]);
    const trade = await socket.until((message) => String(message.topic).startsWith('publicTrade'));
    const theirTrade = (
      recorded('cryptofeed-v3/ws-publicTrade.DOGEUSDT.json') as unknown as Rows
    )[0];
    expect(differences(trade, theirTrade)).toEqual([]);
    socket.close();
  });

  it('X8 order, execution, position and wallet', async () => {
    const topics = ['order', 'execution', 'execution.fast', 'position', 'wallet'];
    const socket = await privateSocket(practice, topics, 'mirror');
    await clientOf(practice, 'mirror').post('/v5/order/create', {
      category: 'linear',
      symbol: 'GALAUSDT',
      side: 'Buy',
      orderType: 'Market',
      qty: '1000',
    });
    await socket.until((message) => message.topic === 'wallet');
    const frames = new Map(
      socket.texts.map((text) => JSON.parse(text) as Row).map((frame) => [frame.topic, frame]),
    );
    const against = (topic: string, file: string, only = (name: string) => name !== ''): string[] =>
      differences(frames.get(topic), documented(file, 1)).filter(only);
    const theirFee = (name: string) =>
      !name.includes('extraFees') && !name.includes('cumFeeDetail');
    expect(against('execution', 'websocket__private__execution.json', theirFee)).toEqual([]);
    expect(against('execution.fast', 'websocket__private__fast-execution.json')).toEqual([]);
    expect(against('position', 'websocket__private__position.json')).toEqual([]);
    expect(against('wallet', 'websocket__private__wallet.json')).toEqual([
      '+.data[].coin[].colRes',
    ]);
    expect(against('order', 'websocket__private__order.json', theirFee)).toEqual(
      [
        // Of the option in the documentation's example; linear rows have these (see the REST capture).
        '+.data[].createType',
        '+.data[].extraFees',
        '+.data[].isLeverage',
        '+.data[].marketUnit',
        '+.data[].ocoTriggerBy',
        '+.data[].parentOrderLinkId',
        '+.data[].slippageTolerance',
        '+.data[].slippageToleranceType',
      ].filter((name) => !name.includes('extraFees')),
    );
    socket.close();
  });
});
