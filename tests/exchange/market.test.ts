import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { createMarket } from '../../src-main/exchange/create-market.ts';
import type { Market, MarketEvent } from '../../src-main/exchange/gateway.ts';
import {
  type LoopbackVenue,
  listReply as list,
  startLoopbackVenue,
} from '../support/loopback-venue.ts';

let venue: LoopbackVenue;
let market: Market;
let events: MarketEvent[];
let heard: () => void;

beforeEach(async () => {
  venue = await startLoopbackVenue();
  events = [];
  heard = () => {};
  market = createMarket({
    line: venue.line,
    clock: systemClock,
    log: silentLog,
    listener(event) {
      events.push(event);
      heard();
    },
    timings: { reconnectFirst: 10, retryFirst: 5, streamStepWithin: 1_000 },
  });
});
afterEach(async () => {
  await market.stop();
  await venue.stop();
});

const until = (fits: () => boolean): Promise<void> =>
  new Promise((done) => {
    heard = () => {
      if (fits()) done();
    };
    heard();
  });
const states = (): string[] => events.flatMap((one) => (one.kind === 'stream' ? [one.state] : []));
const tickers = () => events.flatMap((one) => (one.kind === 'tickers' ? one.rows : []));
const troubles = () =>
  new Map(events.flatMap((one) => (one.kind === 'prices' ? [[one.symbol, one.trouble]] : [])));
const snapshot = (symbol: string) => ({
  symbol,
  lastPrice: '50000',
  markPrice: '50001',
  bid1Price: '49999',
  price24hPcnt: '0.012',
});

describe('the market', () => {
  test('E10 a symbol the exchange has no prices for is set aside, and the others go on', async () => {
    venue.noTopics.add('tickers.GONEUSDT').add('tickers.OLDUSDT');
    market.watch(new Set(['BTCUSDT', 'GONEUSDT', 'ETHUSDT', 'OLDUSDT']));
    market.start();
    await until(() => states().includes('ready'));
    expect(venue.publicTopics.toSorted()).toEqual(['tickers.BTCUSDT', 'tickers.ETHUSDT']);
    venue.pushPublic('tickers.BTCUSDT', 'snapshot', snapshot('BTCUSDT'));
    await until(() => tickers().length === 1);
    // One that turns up while the stream runs does not even interrupt it.
    venue.noTopics.add('tickers.LATEUSDT');
    market.watch(new Set(['BTCUSDT', 'ETHUSDT', 'LATEUSDT']));
    await until(() => troubles().has('LATEUSDT'));
    expect([...troubles().keys()].sort()).toEqual(['GONEUSDT', 'LATEUSDT', 'OLDUSDT']);
    expect(troubles().get('LATEUSDT')).toContain('may have been delisted or renamed');
    expect(venue.connections()).toBe(1);
    expect(states()).not.toContain('down');
    venue.pushPublic('tickers.ETHUSDT', 'snapshot', snapshot('ETHUSDT'));
    await until(() => tickers().some(({ symbol }) => symbol === 'ETHUSDT'));
  });

  test('E10 a refusal that names no topic is narrowed down on the same connection', async () => {
    venue.refusesInWords = 'Subscription failed.';
    venue.noTopics.add('tickers.GONEUSDT');
    const watched = ['AUSDT', 'BUSDT', 'CUSDT', 'GONEUSDT', 'DUSDT', 'EUSDT', 'FUSDT'];
    market.watch(new Set(watched));
    market.start();
    await until(() => troubles().has('GONEUSDT'));
    for (let i = 0; i < 200 && venue.publicTopics.length < 6; i++) {
      await new Promise<void>((done) => void systemClock.after(5, done));
    }
    expect(venue.publicTopics.toSorted()).toEqual(
      watched
        .filter((symbol) => symbol !== 'GONEUSDT')
        .map((symbol) => `tickers.${symbol}`)
        .sort(),
    );
    expect([...troubles().keys()]).toEqual(['GONEUSDT']);
    expect(venue.connections()).toBe(1);
  });

  test('E10 a ticker that is not understood leaves that price unknown and the stream alone', async () => {
    market.watch(new Set(['BTCUSDT', 'ETHUSDT']));
    market.start();
    await until(() => states().includes('ready'));
    venue.pushPublic('tickers.BTCUSDT', 'snapshot', snapshot('BTCUSDT'));
    await until(() => tickers().length === 1);
    for (const odd of [null, 'x', [], {}, { ...snapshot('ETHUSDT') }, { symbol: 5 }])
      venue.pushPublic('tickers.BTCUSDT', 'snapshot', odd);
    venue.pushPublic('tickers.ETHUSDT', 'snapshot', { ...snapshot('ETHUSDT'), markPrice: 'high' });
    await until(() => tickers().length === 2);
    expect(tickers()[1]).toMatchObject({ symbol: 'ETHUSDT', lastPrice: '50000', markPrice: null });
    expect(troubles().get('BTCUSDT')).toContain('not understood');
    venue.pushPublic('tickers.BTCUSDT', 'snapshot', snapshot('BTCUSDT'));
    await until(() => tickers().length === 3);
    expect(troubles().get('BTCUSDT')).toBeNull();
    expect(venue.connections()).toBe(1);
  });

  test('a delta changes only what it names, and a new connection starts from a snapshot', async () => {
    market.watch(new Set(['BTCUSDT']));
    market.start();
    await until(() => states().includes('ready'));
    venue.pushPublic('tickers.BTCUSDT', 'delta', { symbol: 'BTCUSDT', lastPrice: '1' });
    venue.pushPublic('tickers.BTCUSDT', 'snapshot', snapshot('BTCUSDT'));
    venue.pushPublic('tickers.BTCUSDT', 'delta', { symbol: 'BTCUSDT', markPrice: '50002' });
    await until(() => tickers().length === 2);
    expect(tickers().at(-1)).toMatchObject({
      lastPrice: '50000',
      markPrice: '50002',
      bidPrice: '49999',
      change24h: '0.012',
    });
    venue.cut();
    await until(() => states().filter((state) => state === 'ready').length === 2);
    venue.pushPublic('tickers.BTCUSDT', 'delta', { symbol: 'BTCUSDT', markPrice: '9' });
    venue.pushPublic('tickers.BTCUSDT', 'snapshot', snapshot('BTCUSDT'));
    await until(() => tickers().length === 3);
    expect(tickers().at(-1)?.markPrice).toBe('50001');
  });

  test('watching another set subscribes to what is new and leaves what is gone', async () => {
    market.start();
    expect(states()).toEqual([]);
    market.watch(new Set(['BTCUSDT', 'ETHUSDT']));
    await until(() => states().includes('ready'));
    market.watch(new Set(['ETHUSDT', 'SOLUSDT']));
    await until(() => true);
    for (let i = 0; i < 50 && venue.publicTopics.length !== 2; i++) {
      await new Promise<void>((done) => void systemClock.after(5, done));
    }
    await new Promise<void>((done) => void systemClock.after(20, done));
    expect(venue.publicTopics.sort()).toEqual(['tickers.ETHUSDT', 'tickers.SOLUSDT']);
  });

  test('watching nothing closes the stream, watching again opens it', async () => {
    market.watch(new Set(['BTCUSDT']));
    market.start();
    await until(() => states().includes('ready'));
    market.watch(new Set());
    expect(states().at(-1)).toBe('off');
    market.watch(new Set(['ETHUSDT']));
    await until(() => states().at(-1) === 'ready');
    expect(venue.publicTopics).toContain('tickers.ETHUSDT');
  });

  test('all tickers and instruments are whole answers or none', async () => {
    venue.on('/v5/market/tickers', list([snapshot('BTCUSDT'), snapshot('ETHUSDT')]));
    const read = await market.tickers();
    expect(read.state === 'ok' && read.rows.length).toBe(2);
    venue.on('/v5/market/instruments-info', list([{ symbol: 'BTCUSDT' }]));
    expect(await market.instruments()).toMatchObject({
      rows: [],
      odd: [{ symbol: 'BTCUSDT', kind: 'instrument' }],
    });
    venue.on('/v5/market/instruments-info', list([{ status: 'Trading' }]));
    expect((await market.instruments()).state).toBe('unknown');
  });
});
