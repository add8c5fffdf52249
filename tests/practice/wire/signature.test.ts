import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newAccount } from '../../../src-main/practice/engine/state/state.ts';
import { type Practice, startPractice } from '../../../src-main/practice/server.ts';
import {
  authenticate,
  authenticateStream,
  signatureOf,
} from '../../../src-main/practice/wire/signature.ts';
import { clientOf, noon, refusalOf } from '../support.ts';

const vectors = {
  query: 'e8f05a855a217a230eb42446a000df754183049715aa02e714bd3d15ce1ded6e',
  body: '7ae2c200f03351f5be998e02f15c98117b50508ce7bfeadbf85029bca9d11f50',
  empty: 'd8c8f44c27ad78c5db4eb82faa6f0b83949f5a3ca3f10408aa6a3fbdee7b8fd8',
  stream: '606bc5b5adc10525c27290f2eae0046b6b51dfa92b3d514625eaad9ccf2ce6be',
};
const account = newAccount(
  { name: 'main', role: 'main' },
  1,
  { apiKey: 'k123', apiSecret: 's456' },
  noon,
);
const at = 1_700_000_000_000;
const signed = (signature: string, timestamp = String(at), window = '5000') => ({
  apiKey: 'k123',
  timestamp,
  window,
  signature,
});

describe('signatures', () => {
  it.each([
    ['a query string', 'category=linear&symbol=BTCUSDT', vectors.query],
    [
      'a body',
      '{"category":"linear","symbol":"BTCUSDT","buyLeverage":"10","sellLeverage":"10"}',
      vectors.body,
    ],
    ['nothing', '', vectors.empty],
  ])('accepts the known signature of %s, and of nothing else', (_name, payload, signature) => {
    expect(authenticate([account], signed(signature), payload, at)).toBe(account);
    expect(refusalOf(() => authenticate([account], signed(signature), `${payload} `, at))).toBe(
      `10004 error sign! origin_string[${at}k1235000${payload} ]`,
    );
  });

  it('accepts the known signature of a stream, with the time as number or text', () => {
    const args = ['k123', 1_700_000_001_000, vectors.stream];
    expect(authenticateStream([account], args, at)).toBe(account);
    expect(authenticateStream([account], ['k123', '1700000001000', vectors.stream], at)).toBe(
      account,
    );
    expect(authenticateStream([account], args, at + 1000)).toBeNull();
    expect(
      authenticateStream([account], ['other', 1_700_000_001_000, vectors.stream], at),
    ).toBeNull();
    expect(authenticateStream([account], 'k123', at)).toBeNull();
  });

  it.each([
    [-5000, true],
    [-5001, false],
    [999, true],
    [1000, false],
  ])('P61 a request stamped %i ms from the venue clock is in time: %s', (offset, inTime) => {
    const timestamp = String(at + offset);
    const signature = signatureOf('s456', `${timestamp}k1235000`);
    const outcome = refusalOf(() => authenticate([account], signed(signature, timestamp), '', at));
    expect(outcome).toBe(
      inTime
        ? 'accepted'
        : `10002 invalid request, please check your server timestamp or recv_window param. req_timestamp[${timestamp}],server_timestamp[${at}],recv_window[5000]`,
    );
  });
});

describe('a signed request over HTTP', () => {
  let practice: Practice;
  beforeAll(async () => {
    practice = await startPractice({ scenario: 'empty' });
  });
  afterAll(() => practice.stop());

  it('is verified over the raw query, whatever its order and encoding', async () => {
    const reply = await clientOf(practice).get(
      '/v5/position/list',
      'settleCoin=USDT&cursor=A%252CB%252C0&category=linear&limit=5',
    );
    expect(reply.body.retCode).toBe(0);
  });

  it('carries the headers of the venue, and an envelope with the code repeated in one', async () => {
    const reply = await clientOf(practice).get('/v5/account/info');
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.headers.get('x-bapi-limit')).toBe('50');
    expect(reply.headers.get('x-bapi-limit-status')).toBe('49');
    expect(reply.headers.get('ret_code')).toBe('0');
    expect(reply.headers.get('traceid')).toMatch(/^[0-9a-f]{32}$/);
    expect(Object.keys(reply.body)).toEqual(['retCode', 'retMsg', 'result', 'retExtInfo', 'time']);
    const publicReply = await fetch(`${practice.rest}/v5/market/time`);
    expect(publicReply.headers.get('x-bapi-limit')).toBeNull();
  });

  it('with a wrong key, a wrong secret or no signature is refused in the venue’s words', async () => {
    const client = clientOf(practice);
    const send = async (headers: Record<string, string>) => {
      const response = await fetch(`${practice.rest}/v5/account/info`, { headers });
      return { status: response.status, text: await response.text() };
    };
    const stamp = String(Date.now());
    const base = { 'X-BAPI-TIMESTAMP': stamp, 'X-BAPI-RECV-WINDOW': '5000' };
    const wrongKey = await send({ ...base, 'X-BAPI-API-KEY': 'nobody', 'X-BAPI-SIGN': 'ff' });
    expect(JSON.parse(wrongKey.text)).toMatchObject({
      retCode: 10003,
      retMsg: 'API key is invalid.',
    });
    const wrongSecret = createHmac('sha256', 'guess').update(stamp).digest('hex');
    const badSign = await send({
      ...base,
      'X-BAPI-API-KEY': client.apiKey,
      'X-BAPI-SIGN': wrongSecret,
    });
    expect(JSON.parse(badSign.text)).toMatchObject({
      retCode: 10004,
      retMsg: `error sign! origin_string[${stamp}${client.apiKey}5000]`,
    });
    expect((await send({})).status).toBe(401);
  });

  it('to an unknown path or with the wrong method gets 404 and 400', async () => {
    expect((await fetch(`${practice.rest}/v5/position/nothing`)).status).toBe(404);
    expect((await fetch(`${practice.rest}/v5/market/time`, { method: 'POST' })).status).toBe(400);
  });

  it('beyond the second’s limit is refused with 10006 and says when to come back', async () => {
    const client = clientOf(practice, 'mirror');
    const replies = await Promise.all(
      Array.from({ length: 14 }, () => client.get('/v5/user/query-api')),
    );
    const refused = replies.filter((reply) => reply.body.retCode === 10006);
    expect(refused.length).toBeGreaterThan(0);
    const reset = Number(refused[0]?.headers.get('x-bapi-limit-reset-timestamp'));
    expect(reset).toBeGreaterThan(Number(refused[0]?.body.time));
    expect(refused[0]?.headers.get('x-bapi-limit-status')).toBe('0');
  });
});
