import { setTimeout as sleep } from 'node:timers/promises';
import { ccxtOptions, loadCcxt } from '../ccxt/load.ts';
import type { DeskRig, PracticePlace } from '../support/desk-rig.ts';
import { deskOn } from '../support/desk-rig.ts';
import { practiceProcess } from '../support/practice-process.ts';
import { type Aim, atLeast, atMost, median, quantile, type Run } from '../support/report.ts';

const LATENCY_MS = 40;
/** Open orders of each account, as the issue has it: 30 positions, 91 orders, three pages. */
const ORDERS = 91;
/** Until what a start brings, first judgements and reads, is well over. */
const SETTLE_MS = 62_000;
const STEADY_MS = 65_000;
const CROWD_MS = 40_000;
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
    progress(`steady with the stream, ${STEADY_MS / 1_000} s`);
    Object.assign(figures, await steady(exchange));
    progress(`steady without the stream, ${TTL_MS / 1_000} s`);
    Object.assign(figures, await ttlOnly(exchange));
  } finally {
    exchange.stop();
  }
  progress(`400 positions on each account, ${CROWD_MS / 1_000} s`);
  figures['steadyP99Ms400'] = await crowd();
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
    atMost(figures, 'steadyP99Ms30', 2),
    atMost(figures, 'steadyP99Ms400', 5),
    atMost(figures, 'callsPerMinute', 20),
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
  const desk = await quietDesk(place);
  await Promise.all(
    [...desk.gateways.values()].map(async (gateway) => {
      const read = await gateway.openOrders();
      if (read.state !== 'ok') throw new Error('The orders could not be read.');
      const plain = read.rows.filter((order) => order.stopOrderType === null);
      const entries = plain.filter((order) => !order.reduceOnly);
      const rungs = plain.filter((order) => order.reduceOnly);
      const surplus = [...entries, ...rungs.toReversed()].slice(0, read.rows.length - ORDERS);
      for (const { symbol, orderId } of surplus)
        await gateway.cancel({ symbol, orderId }, 'cancel');
    }),
  );
  await desk.stop();
}

async function cold(place: PracticePlace): Promise<Record<string, number>> {
  const times: number[] = [];
  let calls = 0;
  let chain = 0;
  for (let round = 0; round < ROUNDS.cold; round += 1) {
    const desk = await quietDesk(place);
    desk.loop.start();
    const before = requestsOf(desk);
    const ordersBefore = requestsOf(desk, '/v5/order/realtime');
    const from = performance.now();
    await desk.cache.refreshDue();
    calls = requestsOf(desk) - before;
    await desk.loop.cycle();
    times.push(performance.now() - from);
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
  const before = questions(desk);
  await sleep(forMs);
  const cycles = desk.cycles.slice(cyclesBefore);
  const durations = cycles.map((cycle) => cycle.durationMs);
  const calls = desk.cache.requests() - callsBefore;
  const after = questions(desk);
  return {
    median: median(durations),
    p99: quantile(durations, 0.99),
    callsPerCycle: calls / cycles.length,
    callsPerMinute: (calls * 60_000) / forMs,
    hitRate: (after.hits - before.hits) / (after.all - before.all),
  };
}

function questions(desk: DeskRig): { hits: number; all: number } {
  const totals = { hits: 0, all: 0 };
  for (const row of desk.cache.statistics().kinds) {
    totals.hits += row.hits;
    totals.all += row.hits + row.misses + row.coalesced;
  }
  return totals;
}

async function steady(place: PracticePlace): Promise<Record<string, number>> {
  const desk = deskOn(place);
  await desk.ready();
  await sleep(SETTLE_MS);
  const seen = await measure(desk, STEADY_MS);
  await desk.stop();
  return {
    steadyMs30: seen['median'] ?? Number.NaN,
    steadyP99Ms30: seen['p99'] ?? Number.NaN,
    steadyCallsPerCycle: seen['callsPerCycle'] ?? Number.NaN,
    callsPerMinute: seen['callsPerMinute'] ?? Number.NaN,
    hitRateStream: seen['hitRate'] ?? Number.NaN,
  };
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

async function crowd(): Promise<number> {
  const exchange = await practiceProcess({ scenario: 'crowd', latencyMs: LATENCY_MS, speed: 1 });
  try {
    const desk = deskOn(exchange);
    await desk.ready();
    await sleep(SETTLE_MS);
    const seen = await measure(desk, CROWD_MS);
    await desk.stop();
    return seen['p99'] ?? Number.NaN;
  } finally {
    exchange.stop();
  }
}
