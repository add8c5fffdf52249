import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src-main/domain/clock.ts';
import { createMeasures } from '../../../src-main/exchange/rest/venue-clock.ts';
import { usualTimings } from '../../../src-main/exchange/timings.ts';
import { type WatchedGateway, watchGateway } from '../../support/gateway-watch.ts';
import {
  KEY,
  type LoopbackVenue,
  listReply as list,
  positionRow,
  SECRET,
  startLoopbackVenue,
} from '../../support/loopback-venue.ts';
import { manualClock } from '../../support/manual-clock.ts';

let venue: LoopbackVenue;
const open: WatchedGateway[] = [];

function watch(options: Parameters<typeof watchGateway>[1] = {}): WatchedGateway {
  const watched = watchGateway(venue.line, options);
  open.push(watched);
  return watched;
}

beforeEach(async () => {
  venue = await startLoopbackVenue();
  venue.on('/v5/position/list', list([positionRow()]));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ gateway }) => gateway.stop()));
  await venue.stop();
});

const count = (path: string): number => venue.requests.filter((one) => one.path === path).length;

describe('the venue’s clock', () => {
  test.each([90_000, -90_000])(
    'P61 a clock off by %d ms is measured and corrected',
    async (skew) => {
      venue.skew = skew;
      const { gateway, logged, ready } = watch();
      gateway.start();
      await ready();
      expect((await gateway.position('BTCUSDT')).state).toBe('ok');
      const { clockOffsetMs, clockUncertaintyMs, clockTrusted } = gateway.status();
      expect(Math.abs((clockOffsetMs ?? 0) - skew)).toBeLessThanOrEqual(clockUncertaintyMs ?? 0);
      expect(clockTrusted).toBe(true);
      expect(logged.some((line) => line.includes('90 s'))).toBe(true);
    },
  );

  test('lines that start together measure it once between them; a doubt is each one’s own', async () => {
    const measures = createMeasures(systemClock);
    const [one, other] = [watch({ measures }), watch({ measures })];
    for (const { gateway } of [one, other]) gateway.start();
    await Promise.all([one.ready(), other.ready()]);
    expect(count('/v5/market/time')).toBe(5);
    expect(other.gateway.status().clockTrusted).toBe(true);
    venue.on('/v5/user/query-api', { retCode: 10002, retMsg: 'invalid request' });
    await one.gateway.checkKey();
    expect(one.gateway.status().clockTrusted).toBe(false);
    expect(other.gateway.status().clockTrusted).toBe(true);
  });

  test('P61 a clock that jumps is measured again and the request repeated', async () => {
    const { gateway } = watch();
    expect((await gateway.position('BTCUSDT')).state).toBe('ok');
    venue.skew = -60_000;
    expect((await gateway.position('BTCUSDT')).state).toBe('ok');
    expect(Math.round((gateway.status().clockOffsetMs ?? 0) / 1000)).toBe(-60);
  });

  test('P61 nothing is signed while the venue’s time cannot be measured, and it is said', async () => {
    venue.on('/v5/market/time', { status: 500 });
    const { gateway, event } = watch();
    gateway.start();
    const down = await event('stream', ({ state }) => state === 'down');
    expect(down.reason).toContain('could not be measured');
    const read = await gateway.positions();
    expect(read.state === 'unknown' && read.reason).toContain('no request is signed');
    expect(gateway.status().clockTrusted).toBe(false);
    expect(venue.requests.filter(({ headers }) => 'x-bapi-sign' in headers)).toEqual([]);
  });

  test('P61 a stamp refused right after a measurement blocks signing', async () => {
    venue.on('/v5/user/query-api', { retCode: 10002, retMsg: 'invalid request' });
    const { gateway } = watch();
    const read = await gateway.checkKey();
    expect(read.state === 'unknown' && read.reason).toContain('clock');
    expect(count('/v5/user/query-api')).toBe(2);
    expect(gateway.status().clockTrusted).toBe(false);
  });
});

describe('limits and failures', () => {
  test('a limit that was hit is waited out by the venue’s own reset time', async () => {
    let hits = 1;
    let freeAt = 0;
    venue.on('/v5/position/list', () => {
      if (hits-- <= 0) {
        expect(venue.time()).toBeGreaterThanOrEqual(freeAt);
        return list([positionRow()]);
      }
      freeAt = venue.time() + 250;
      return {
        retCode: 10006,
        retMsg: 'Too many visits.',
        headers: { 'X-Bapi-Limit-Status': '0', 'X-Bapi-Limit-Reset-Timestamp': String(freeAt) },
      };
    });
    const { gateway } = watch();
    const reading = gateway.position('BTCUSDT');
    expect((await reading).state).toBe('ok');
    expect(count('/v5/position/list')).toBe(2);
  });

  test('the budget left is the headers’', async () => {
    venue.on('/v5/position/list', {
      retCode: 0,
      retMsg: 'OK',
      headers: { 'X-Bapi-Limit-Status': '10' },
    });
    const { gateway } = watch();
    expect(gateway.status().budgetFree).toBe(1);
    await gateway.position('BTCUSDT');
    expect(gateway.status().budgetFree).toBe(0.2);
  });

  test('HTTP 403 stops every request until the venue’s ten minutes are over', async () => {
    venue.on('/v5/position/list', { status: 403, body: 'access too frequent' });
    const clock = manualClock();
    const { gateway } = watch({ clock, timings: { ban: usualTimings.ban } });
    expect((await gateway.position('BTCUSDT')).state).toBe('unknown');
    const sentBefore = venue.requests.length;
    venue.on('/v5/position/list', list([positionRow()]));
    const held = await gateway.wallet();
    expect(held.state === 'unknown' && held.reason).toContain('no requests are sent until');
    expect(venue.requests.length).toBe(sentBefore);
    expect(gateway.status().stoppedUntil).not.toBeNull();
    const stop = await gateway.setTradingStop(
      { symbol: 'BTCUSDT', positionIdx: 0, stopLoss: '1' },
      'protect',
    );
    expect(stop.state).toBe('refused');
    clock.advance(599_000);
    expect((await gateway.wallet()).state).toBe('unknown');
    expect(venue.requests.length).toBe(sentBefore);
    clock.advance(1_000);
    expect((await gateway.position('BTCUSDT')).state).toBe('ok');
  });

  test('HTTP 403 also stops the requests that wait for their turn', async () => {
    venue.on('/v5/account/wallet-balance', { status: 403 });
    const { gateway } = watch({ timings: { ban: 5_000 } });
    const reads = await Promise.all(Array.from({ length: 60 }, () => gateway.wallet()));
    expect(reads.every(({ state }) => state === 'unknown')).toBe(true);
    expect(count('/v5/account/wallet-balance')).toBeLessThanOrEqual(45);
  });

  test('a kind of call that keeps failing is left alone, then probed, and the others go on', async () => {
    venue.on('/v5/position/list', { status: 500 });
    const { gateway, logged } = watch({ timings: { breakerRest: 800 } });
    await gateway.position('BTCUSDT');
    await gateway.position('BTCUSDT');
    const breaker = () =>
      gateway.status().breakers.find(({ kind }) => kind === '/v5/position/list')?.state;
    expect(breaker()).toBe('open');
    const sentBefore = count('/v5/position/list');
    const held = await gateway.position('BTCUSDT');
    expect(held.state === 'unknown' && held.reason).toContain(
      'list of positions has failed several times',
    );
    expect(held.state === 'unknown' && held.reason).not.toContain('/v5/');
    expect(logged.filter((line) => line.includes('/v5/'))).toEqual([]);
    expect(count('/v5/position/list')).toBe(sentBefore);
    expect((await gateway.wallet()).state).toBe('ok');
    venue.on('/v5/position/list', list([positionRow()]));
    await new Promise<void>((done) => {
      systemClock.after(850, done);
    });
    expect((await gateway.position('BTCUSDT')).state).toBe('ok');
    expect(breaker()).toBe('closed');
  });

  test('a key the venue refuses stops the line with a sentence for the operator', async () => {
    const watched = watchGateway({ ...venue.line, apiKey: 'of-another-place' });
    open.push(watched);
    const read = await watched.gateway.checkKey();
    expect(read.state === 'unknown' && read.reason).toContain('another environment');
    venue.on('/v5/position/list', { retCode: 33004, retMsg: 'expired' });
    const expired = watch();
    expired.gateway.start();
    const refused = await expired.event('stream', ({ state }) => state === 'refused');
    expect(refused.reason).toContain('expired');
  });
});

describe('P54 secrets', () => {
  test('P54 nothing a faulty run produced holds a key, a secret or a signature', async () => {
    const watched = watch({ timings: { ban: 20 } });
    const { gateway, events, logged, ready } = watched;
    gateway.start();
    await ready();
    const produced: unknown[] = [];
    const wrong = watchGateway({ ...venue.line, apiSecret: `${SECRET}-wrong` });
    open.push(wrong);
    produced.push(await wrong.gateway.positions(), wrong.logged, wrong.gateway.status());
    for (const reply of [
      { status: 500, body: SECRET },
      { cut: true },
      { hang: true },
      { text: `{"retCode":10001,"retMsg":"bad ${KEY} ${SECRET}"}` },
      { retCode: 10004, retMsg: `error sign! origin_string[1700000000000${KEY}5000{}]` },
      { retCode: 99999, retMsg: `unheard of: apiKey=${KEY}&sign=${'ab'.repeat(32)}` },
      { status: 403 },
    ] as const) {
      venue.on('/v5/position/list', reply);
      venue.on('/v5/order/cancel', reply);
      produced.push(await gateway.positions());
      produced.push(await gateway.cancel({ symbol: 'X', orderId: 'y' }, 'cancel'));
      await new Promise<void>((done) => {
        systemClock.after(25, done);
      });
    }
    venue.stream.answerAuth = 'refuse';
    venue.pushText(`{"topic":"order","data":[{"symbol":"${SECRET}"}]}`);
    venue.cut();
    await watched.event('stream', ({ state }) => state === 'refused');
    const everything = JSON.stringify([produced, events, logged, gateway.status()]);
    expect(everything).toContain('unheard of');
    expect(everything).not.toContain(KEY);
    expect(everything).not.toContain(SECRET);
    expect(everything).not.toMatch(/[0-9a-f]{64}/i);
  });
});
