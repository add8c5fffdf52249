import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../src-main/domain/clock.ts';
import { ccxtOptions, loadCcxt } from '../ccxt/load.ts';
import type { DeskRig, PracticePlace } from '../support/desk-rig.ts';
import { deskOn, until } from '../support/desk-rig.ts';
import { practiceProcess } from '../support/practice-process.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Aim, atLeast, atMost, median, quantile, type Run } from '../support/report.ts';
import { ORDERS, trim } from './open-orders.ts';
import { hitRateOf, type Steady, TooQuick, wholeDesk } from './whole-desk.ts';

const LATENCY_MS = 40;
/** Cycles measured of the whole desk, one a second of its own time. */
const CYCLES = 1_000;
/** How many times as fast what would only wait lives: the whole desk at both sizes, and without stream. */
const FACTORS = { desk: 25, crowd: 14, ttl: 10 };
const TTL_MS = 50_000;
const ROUNDS = { naive: 2, ccxt: 8, cold: 7 };

/**
 * One cycle over both accounts, side by side on one practice exchange that answers each request after
 * 40 ms: (a) *naive*, every monitor in turn asks for its own position and the whole order list; (b)
 * *ccxt*, fetchPositions + fetchOpenOrders; (c) Holdfast with an empty cache, its lines open; (d) with
 * the stream; (e) with the stream off. `Ms` figures are medians unless they say p99; the floor of (c) is
 * its deepest chain of pages times the latency.
 */
export const run: Run = async ({ progress }) => {
  const figures: Record<string, number> = {};
  const tell = (seen: Record<string, number>): void => {
    Object.assign(figures, seen);
    const texts = Object.entries(seen).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    progress(`  ${texts.join(', ')}`);
  };
  const exchange = await practiceProcess({ scenario: 'desk', latencyMs: LATENCY_MS, speed: 1 });
  try {
    progress(`leaving ${ORDERS} open orders on each account`);
    await trim(exchange);
    progress('cold: nothing is held');
    tell(await cold(exchange));
    progress('naive: every monitor asks for itself');
    tell(await naive(exchange));
    progress('ccxt: two bulk calls per cycle and account');
    tell(await withCcxt(exchange));
  } finally {
    exchange.stop();
  }
  progress(`without the stream, ${TTL_MS / 1_000} s, ${FACTORS.ttl} times as fast`);
  tell(await ttlOnly());
  progress('K4 the desk as it ships, saving and showing, each question counted once');
  const whole = async (scenario: 'desk' | 'crowd', each: number): Promise<Steady> => {
    for (let factor = FACTORS[scenario]; ; factor /= 2) {
      progress(
        `the whole desk, ${each} positions on each account, ${CYCLES} cycles, ${factor} times as fast`,
      );
      try {
        return await wholeDesk({ scenario, cycles: CYCLES, factor, latencyMs: LATENCY_MS });
      } catch (thrown) {
        if (!(thrown instanceof TooQuick) || factor <= 1) throw thrown;
        progress(`  ${thrown.message}`);
      }
    }
  };
  const few = await whole('desk', 30);
  tell({
    steadyMs30: few.median,
    steadyP99Ms30: few.p99,
    steadyMaxMs30: few.max,
    cpuMsPerCycle30: few.cpuMsPerCycle,
    steadyCycles30: few.cycles,
    steadyCallsPerCycle: few.callsPerCycle,
    callsPerMinute: few.callsPerCycle * 60,
    hitRateStream: few.hitRate,
    speedupNaive: (figures['naiveMs'] ?? 0) / few.median,
    ...(figures['ccxtMs'] === undefined ? {} : { speedupCcxt: figures['ccxtMs'] / few.median }),
  });
  const calls = Object.entries(few.callsBy).map(([what, count]) => `${what} ${count}`);
  progress(`  of its calls: ${calls.join(', ')}`);
  const many = await whole('crowd', 400);
  tell({
    steadyMs400: many.median,
    steadyP99Ms400: many.p99,
    steadyMaxMs400: many.max,
    cpuMsPerCycle400: many.cpuMsPerCycle,
    steadyCycles400: many.cycles,
  });
  return { name: 'cycle', figures, aims: aimsOf(figures) };
};

function aimsOf(figures: Record<string, number>): Aim[] {
  return [
    atMost(figures, 'coldCalls', 12),
    atMost(figures, 'coldFloorRatio', 1.3),
    atMost(figures, 'steadyCallsPerCycle', 0.3),
    atLeast(figures, 'steadyCycles30', CYCLES),
    atLeast(figures, 'steadyCycles400', CYCLES),
    atMost(figures, 'steadyP99Ms30', 1),
    atMost(figures, 'steadyP99Ms400', 3),
    atMost(figures, 'callsPerMinute', 15),
    atLeast(figures, 'hitRateStream', 0.99),
    atLeast(figures, 'hitRateTtl', 0.8),
    atLeast(figures, 'speedupNaive', 1_000),
    ...(figures['speedupCcxt'] === undefined ? [] : [atLeast(figures, 'speedupCcxt', 50)]),
  ];
}

/** A desk without streams, its lines opened: clock measured, connections made, settle coins known. */
async function quietDesk(place: PracticePlace, clock?: Clock): Promise<DeskRig> {
  const desk = deskOn(place, { live: false, ...(clock && { time: { clock, until } }) });
  await Promise.all([...desk.gateways.values()].flatMap((one) => [one.openOrders(), one.wallet()]));
  return desk;
}

const requestsOf = (desk: DeskRig, path?: string): number =>
  [...desk.gateways.values()]
    .flatMap((gateway) => Object.entries(gateway.status().requests))
    .reduce((total, [name, count]) => (path && name !== path ? total : total + count), 0);

async function cold(place: PracticePlace): Promise<Record<string, number>> {
  const times: number[] = [];
  let calls = 0;
  let chain = 0;
  for (let round = 0; round < ROUNDS.cold; round += 1) {
    const desk = await quietDesk(place);
    desk.loop.start();
    const before = desk.cache.requests();
    const ordersBefore = requestsOf(desk, '/v5/order/realtime');
    const from = performance.now();
    await desk.cache.refreshDue();
    await desk.loop.cycle();
    times.push(performance.now() - from);
    await everythingElse(desk);
    calls = desk.cache.requests() - before;
    if (desk.loop.monitors().length !== 60) throw new Error('Not every position was adopted.');
    chain = deepestChain(desk);
    if (requestsOf(desk, '/v5/order/realtime') === ordersBefore)
      throw new Error('Nothing was read.');
    await desk.stop();
  }
  const coldMs = median(times);
  const coldFloorMs = chain * LATENCY_MS;
  return { coldMs, coldCalls: calls, coldFloorMs, coldFloorRatio: coldMs / coldFloorMs };
}

/** What else a desk has to know before it may act: trading rules, prices, fee rates, executions. */
async function everythingElse({ cache }: DeskRig): Promise<void> {
  const reads = await Promise.all([
    cache.readShared('instruments'),
    cache.readShared('tickers'),
    ...cache.accounts.flatMap((account) => [
      cache.read(account, 'feeRates'),
      cache.read(account, 'wallet'),
    ]),
  ]);
  if (reads.some(({ state }) => state === 'unknown')) throw new Error('Not everything was read.');
}

/** Pages of the longest list: one list's pages can only be asked for one after the other. */
function deepestChain(desk: DeskRig): number {
  const lists = desk.cache.accounts.flatMap((account) => {
    const orders = desk.cache.held(account, 'orders').rows;
    const waiting = orders.filter((order) => order.status === 'Untriggered').length;
    return [waiting, orders.length - waiting];
  });
  // A full last page is followed by one more, empty one: only then is it known to be the last.
  return Math.max(...lists.map((rows) => Math.floor(rows / 50) + 1));
}

async function naive(place: PracticePlace): Promise<Record<string, number>> {
  const desk = await quietDesk(place);
  const times: number[] = [];
  const before = requestsOf(desk);
  for (let round = 0; round < ROUNDS.naive; round += 1) {
    const from = performance.now();
    await Promise.all(
      [...desk.gateways.values()].map(async (gateway) => {
        const read = await gateway.positions();
        if (read.state !== 'ok') throw new Error('The positions could not be read.');
        for (const { symbol } of read.rows) {
          await gateway.position(symbol);
          await gateway.openOrders();
        }
      }),
    );
    times.push(performance.now() - from);
  }
  const naiveCalls = (requestsOf(desk) - before) / ROUNDS.naive;
  await desk.stop();
  return { naiveMs: median(times), naiveP99Ms: quantile(times, 0.99), naiveCalls };
}

async function withCcxt(place: PracticePlace): Promise<Record<string, number>> {
  const ccxt = await loadCcxt();
  const clients = await Promise.all(
    place.accounts.map(async (account) => {
      const client = new ccxt.bybit(ccxtOptions({ ...place, ...account }));
      client.has.fetchCurrencies = false;
      await client.loadMarkets();
      return client;
    }),
  );
  const times: number[] = [];
  for (let round = 0; round < ROUNDS.ccxt; round += 1) {
    const from = performance.now();
    const counts = await Promise.all(
      clients.map(async (client): Promise<number> => {
        const [positions] = await Promise.all([
          client.fetchPositions(undefined, { limit: 200 }),
          client.fetchOpenOrders(undefined, undefined, 50, { paginate: true }),
        ]);
        return positions.length as number;
      }),
    );
    if (counts.some((count) => count !== 30)) throw new Error(`ccxt saw ${counts.join(' and ')}.`);
    times.push(performance.now() - from);
  }
  return { ccxtMs: median(times), ccxtP99Ms: quantile(times, 0.99) };
}

/** What the cycles of a stretch of its own time took, and what was asked of the venue meanwhile. */
async function measure(
  desk: DeskRig,
  forMs: number,
  factor: number,
): Promise<Record<string, number>> {
  const cyclesBefore = desk.cycles.length;
  const callsBefore = desk.cache.requests();
  const before = desk.cache.statistics().kinds;
  await sleep(forMs / factor);
  const cycles = desk.cycles.slice(cyclesBefore);
  const durations = cycles.map((cycle) => cycle.durationMs / factor);
  const calls = desk.cache.requests() - callsBefore;
  return {
    ttlMs30: median(durations),
    ttlP99Ms30: quantile(durations, 0.99),
    ttlCallsPerCycle: calls / cycles.length,
    ttlCallsPerMinute: (calls * 60_000) / forMs,
    hitRateTtl: hitRateOf(before, desk.cache.statistics().kinds),
  };
}

async function ttlOnly(): Promise<Record<string, number>> {
  const factor = FACTORS.ttl;
  const epoch = Date.now();
  const exchange = await practiceProcess({
    scenario: 'desk',
    latencyMs: LATENCY_MS * factor,
    speed: 1,
    pace: { factor, epoch },
  });
  try {
    await trim(exchange);
    const desk = await quietDesk(exchange, quickClock(factor, epoch));
    desk.cache.start();
    desk.loop.start();
    await sleep(2_500 / factor);
    const seen = await measure(desk, TTL_MS, factor);
    await desk.stop();
    return seen;
  } finally {
    exchange.stop();
  }
}
