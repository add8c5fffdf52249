import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccountConfig } from '../../src-main/desk/accounts/accounts-file.ts';
import { createDesk } from '../../src-main/desk/create-desk.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { CacheKindRow } from '../../src-preload/contract/cache.ts';
import type { SliceName, SliceValue } from '../../src-preload/contract/slices.ts';
import { ccxtOptions, loadCcxt } from '../ccxt/load.ts';
import type { DeskRig, PracticePlace } from '../support/desk-rig.ts';
import { deskOn, practice } from '../support/desk-rig.ts';
import { practiceProcess } from '../support/practice-process.ts';
import { quickClock } from '../support/quick-clock.ts';
import { type Aim, atLeast, atMost, median, quantile, type Run } from '../support/report.ts';

const LATENCY_MS = 40;
/** Open orders of each account, as the issue has it: 30 positions, 91 orders, three pages. */
const ORDERS = 91;
/** Cycles measured of the whole desk, one a second of its own time. */
const CYCLES = 1_000;
/** Until what a start brings, first judgements and reads, is well over: seconds of its own time. */
const SETTLE_S = 62;
/** The whole desk and its venue live so many times as fast: the same work, less waiting between. */
const FACTOR = 10;
const TTL_MS = 50_000;
const ROUNDS = { naive: 3, ccxt: 8, cold: 7 };

/**
 * One cycle over both accounts, side by side on one practice exchange that answers each request after
 * 40 ms: (a) *naive*, every monitor in turn asks for its own position and the whole order list; (b)
 * *ccxt*, fetchPositions + fetchOpenOrders; (c) Holdfast with an empty cache, its lines open; (d) with
 * the stream; (e) with the stream off. `Ms` figures are medians unless they say p99; the floor of (c) is
 * its deepest chain of pages times the latency.
 */
export const run: Run = async ({ progress }) => {
  const figures: Record<string, number> = {};
  const exchange = await practiceProcess({ scenario: 'desk', latencyMs: LATENCY_MS, speed: 1 });
  try {
    progress(`leaving ${ORDERS} open orders on each account`);
    await trim(exchange);
    progress('cold: nothing is held');
    Object.assign(figures, await cold(exchange));
    progress('naive: every monitor asks for itself');
    Object.assign(figures, await naive(exchange));
    progress('ccxt: two bulk calls per cycle and account');
    Object.assign(figures, await withCcxt(exchange));
    progress(`steady without the stream, ${TTL_MS / 1_000} s`);
    Object.assign(figures, await ttlOnly(exchange));
  } finally {
    exchange.stop();
  }
  progress(`the whole desk, 30 positions on each account, ${CYCLES} cycles`);
  const few = await wholeDesk('desk');
  Object.assign(figures, {
    steadyMs30: few.median,
    steadyP99Ms30: few.p99,
    steadyMaxMs30: few.max,
    cpuMsPerCycle30: few.cpuMsPerCycle,
    steadyCycles: few.cycles,
    steadyCallsPerCycle: few.callsPerCycle,
    callsPerMinute: few.callsPerCycle * 60,
    hitRateStream: few.hitRate,
  });
  progress(`the whole desk, 400 positions on each account, ${CYCLES} cycles`);
  const many = await wholeDesk('crowd');
  Object.assign(figures, {
    steadyMs400: many.median,
    steadyP99Ms400: many.p99,
    cpuMsPerCycle400: many.cpuMsPerCycle,
  });
  figures['speedupNaive'] = (figures['naiveMs'] ?? 0) / (figures['steadyMs30'] ?? 1);
  if (figures['ccxtMs'] !== undefined)
    figures['speedupCcxt'] = figures['ccxtMs'] / (figures['steadyMs30'] ?? 1);
  return { name: 'cycle', figures, aims: aimsOf(figures) };
};

function aimsOf(figures: Record<string, number>): Aim[] {
  return [
    atMost(figures, 'coldCalls', 12),
    atMost(figures, 'coldFloorRatio', 1.3),
    atMost(figures, 'steadyCallsPerCycle', 0.3),
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
async function quietDesk(place: PracticePlace): Promise<DeskRig> {
  const desk = deskOn(place, { live: false });
  await Promise.all([...desk.gateways.values()].flatMap((one) => [one.openOrders(), one.wallet()]));
  return desk;
}

const requestsOf = (desk: DeskRig, path?: string): number =>
  [...desk.gateways.values()]
    .flatMap((gateway) => Object.entries(gateway.status().requests))
    .reduce((total, [name, count]) => (path && name !== path ? total : total + count), 0);

/** Cancels entries, then the furthest take-profits, until the wanted number is left. */
async function trim(place: PracticePlace): Promise<void> {
  const { accounts } = await practice<Truth>(place, 'truth');
  for (const { account, orders } of accounts) {
    const plain = orders.filter((order) => order.stopOrderType === '');
    const entries = plain.filter((order) => !order.reduceOnly);
    const rungs = plain.filter((order) => order.reduceOnly);
    const surplus = [...entries, ...rungs.toReversed()].slice(0, orders.length - ORDERS);
    for (const { orderId } of surplus) await practice(place, 'cancel', { account, orderId });
  }
}

interface Truth {
  accounts: {
    account: string;
    orders: { orderId: string; stopOrderType: string; reduceOnly: boolean }[];
  }[];
}

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

/** What the cycles of a stretch of time took, and what was asked of the venue meanwhile. */
async function measure(desk: DeskRig, forMs: number): Promise<Record<string, number>> {
  const cyclesBefore = desk.cycles.length;
  const callsBefore = desk.cache.requests();
  const before = desk.cache.statistics().kinds;
  await sleep(forMs);
  const cycles = desk.cycles.slice(cyclesBefore);
  const durations = cycles.map((cycle) => cycle.durationMs);
  const calls = desk.cache.requests() - callsBefore;
  return {
    median: median(durations),
    p99: quantile(durations, 0.99),
    callsPerCycle: calls / cycles.length,
    callsPerMinute: (calls * 60_000) / forMs,
    hitRate: hitRateOf(before, desk.cache.statistics().kinds),
  };
}

interface Steady {
  median: number;
  p99: number;
  max: number;
  cpuMsPerCycle: number;
  cycles: number;
  callsPerCycle: number;
  hitRate: number;
}

/** The desk as it ships on a venue of its own, in watch mode, with a screen that listens. */
async function wholeDesk(scenario: string): Promise<Steady> {
  const epoch = Date.now();
  const clock = quickClock(FACTOR, epoch);
  const pace = { factor: FACTOR, epoch };
  const exchange = await practiceProcess({
    scenario,
    latencyMs: LATENCY_MS * FACTOR,
    speed: 1,
    pace,
  });
  if (scenario === 'desk') await trim(exchange);
  const dataDir = mkdtempSync(join(tmpdir(), 'holdfast cycle '));
  const desk = await createDesk({
    dataDir,
    accounts: exchange.accounts.map(
      ({ role, apiKey, apiSecret }): AccountConfig => ({
        id: role,
        role: role === 'main' ? 'main' : 'mirror',
        mode: 'watch',
        venue: 'practice',
        restUrl: exchange.rest,
        wsPublicUrl: exchange.wsPublic,
        wsPrivateUrl: exchange.wsPrivate,
        apiKey,
        apiSecret,
      }),
    ),
    recover: false,
    clock,
    log: silentLog,
  });
  const slice = async <Name extends SliceName>(name: Name): Promise<SliceValue<Name>> => {
    const answer = await desk.call('state.get', { slice: name });
    if (!answer.ok) throw new Error(answer.error.message);
    return answer.value as SliceValue<Name>;
  };
  try {
    desk.subscribe(() => undefined);
    await sleep((SETTLE_S * 1_000) / FACTOR);
    const before = (await slice('cache')).kinds;
    const from = clock.now();
    const cpuBefore = process.cpuUsage();
    while ((await slice('cycles')).rows.filter((row) => row.startedAt >= from).length < CYCLES) {
      if (clock.now() - from > 2 * CYCLES * 1_000) break;
      await sleep(2_000);
    }
    const cpu = process.cpuUsage(cpuBefore);
    const cycles = (await slice('cycles')).rows.filter((row) => row.startedAt >= from);
    const seconds = (clock.now() - from) / 1_000;
    const durations = cycles.map((row) => row.durationMs / FACTOR);
    const calls = cycles.reduce((total, row) => total + row.restCalls, 0);
    return {
      median: median(durations),
      p99: quantile(durations, 0.99),
      max: Math.max(...durations),
      cpuMsPerCycle: (cpu.user + cpu.system) / 1_000 / seconds,
      cycles: cycles.length,
      callsPerCycle: calls / cycles.length,
      hitRate: hitRateOf(before, (await slice('cache')).kinds),
    };
  } finally {
    await desk.stop();
    exchange.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** A look at a position and its orders is one question, though the cache counts an answer of each. */
const hitsOf = (row: Pick<CacheKindRow, 'kind' | 'hits'>): number =>
  row.kind === 'orders' ? 0 : row.hits;

const questionsIn = (rows: readonly CacheKindRow[]): { hits: number; all: number } => {
  const hits = rows.reduce((total, row) => total + hitsOf(row), 0);
  return { hits, all: rows.reduce((total, row) => total + row.misses + row.coalesced, hits) };
};

function hitRateOf(before: readonly CacheKindRow[], after: readonly CacheKindRow[]): number {
  const [first, last] = [questionsIn(before), questionsIn(after)];
  return (last.hits - first.hits) / (last.all - first.all);
}

async function ttlOnly(place: PracticePlace): Promise<Record<string, number>> {
  const desk = await quietDesk(place);
  desk.cache.start();
  desk.loop.start();
  await sleep(2_500);
  const seen = await measure(desk, TTL_MS);
  await desk.stop();
  return {
    ttlMs30: seen['median'] ?? Number.NaN,
    ttlP99Ms30: seen['p99'] ?? Number.NaN,
    ttlCallsPerCycle: seen['callsPerCycle'] ?? Number.NaN,
    ttlCallsPerMinute: seen['callsPerMinute'] ?? Number.NaN,
    hitRateTtl: seen['hitRate'] ?? Number.NaN,
  };
}
