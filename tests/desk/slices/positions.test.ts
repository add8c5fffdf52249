import { expect, test } from 'vitest';
import { createCache } from '../../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../../src-main/cache/kinds.ts';
import { createPositionRows } from '../../../src-main/desk/slices/positions.ts';
import { settingsFrom } from '../../../src-main/desk/state/settings.ts';
import { silentLog } from '../../../src-main/domain/log.ts';
import { createLoop } from '../../../src-main/monitor/loop/create-loop.ts';
import { defaultPlaybook } from '../../../src-main/monitor/rules/playbook-goals.ts';
import { anOrder, aPosition } from '../../cache/rows.ts';
import { aMarket, aVenue } from '../../cache/venue.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { untold } from '../../support/untold.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Two positions with a stop each, and the rows that a screen is shown of them. */
async function desk() {
  const clock = manualClock();
  const main = aVenue('main', clock.now);
  const cache = createCache({
    accounts: [{ account: 'main', gateway: main }],
    market: aMarket(),
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  const loop = createLoop({
    begin: untold,
    cache,
    gateways: new Map([['main', main]]),
    clock,
    log: silentLog,
    monitors: [],
    intents: [],
    save: () => 'durable',
    modeOf: () => 'watch',
    playbookOf: () => defaultPlaybook,
    onCycle() {},
    onChange() {},
    onAlert() {},
  });
  main.holds.positions = ['AUSDT', 'BUSDT'].map((symbol) => aPosition({ symbol, stopLoss: '95' }));
  loop.start();
  cache.take('main', main.snapshot(clock.now()));
  cache.take('main', { kind: 'stream', state: 'ready', reason: null, asOf: clock.now() });
  cache.takeMarket({ kind: 'stream', state: 'ready', reason: null, asOf: clock.now() });
  const rows = createPositionRows({ cache, loop, clock, settings: () => settingsFrom({}) });
  const priceMoves = (symbol: string, markPrice: string): void =>
    cache.takeMarket({
      kind: 'tickers',
      asOf: clock.now(),
      rows: [
        {
          symbol,
          lastPrice: markPrice,
          markPrice,
          indexPrice: null,
          bidPrice: null,
          askPrice: null,
          fundingRate: null,
          nextFundingAt: null,
          change24h: null,
        },
      ],
    });
  await settle();
  return { cache, main, rows, priceMoves };
}

test('M15 a row nothing changed for is the very same object, however much moved beside it', async () => {
  const { rows, priceMoves } = await desk();
  const [a, b] = rows();
  await settle();
  expect(rows()).toEqual([a, b]);
  priceMoves('BUSDT', '101');
  await settle();
  const [sameA, newB] = rows();
  expect(sameA).toBe(a);
  expect(newB).toMatchObject({ symbol: 'BUSDT', markPrice: '101', unrealisedPnl: '1' });
});

test('what covers a position is told anew as soon as its orders change, whatever the price does', async () => {
  const { cache, main, rows, priceMoves } = await desk();
  const before = rows()[0];
  expect(before).toMatchObject({ protectedSize: '1', takeProfits: [] });
  const order = anOrder({ symbol: 'AUSDT', orderId: 'tp', price: '110', quantity: '0.5' });
  cache.take('main', main.push({ kind: 'orders', rows: [order], asOf: 0 }));
  priceMoves('AUSDT', '101');
  await settle();
  expect(rows()[0]).toMatchObject({
    markPrice: '101',
    takeProfits: [{ orderId: 'tp', price: '110', quantity: '0.5' }],
  });
  const bare = aPosition({ symbol: 'AUSDT', stopLoss: null, seq: 2, updatedAt: 2 });
  cache.take('main', main.push({ kind: 'positions', rows: [bare], asOf: 1 }));
  await settle();
  expect(rows()[0]).toMatchObject({
    stop: null,
    protectedSize: '0',
    protection: { state: 'none' },
  });
});
