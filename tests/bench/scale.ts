import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCache } from '../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../src-main/cache/kinds.ts';
import { type Clock, systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { Order } from '../../src-main/domain/order.ts';
import type { Position } from '../../src-main/domain/position.ts';
import { createLoop } from '../../src-main/monitor/loop/create-loop.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import { anOrder, aPosition } from '../cache/rows.ts';
import { aMarket, aVenue } from '../cache/venue.ts';
import { atMost, median, type Run } from '../support/report.ts';
import { untold } from '../support/untold.ts';

const SIZES = [30, 100, 400, 1_000, 5_000];
const CYCLES = 25;
const PUSH_ROWS = 100;

/**
 * The loop alone at growing numbers of monitors, each with four take-profits, two entries and a stop, on
 * a real database: before every cycle each position is pushed anew, so that each monitor is judged in
 * full in each cycle. CPU is the process's own, of the cycles; the event-loop delay is of the cycles and
 * the pushes; `adoptDelayMaxMs` is the longest while all monitors are first adopted from one snapshot. `exponent` is the slope of CPU per cycle over
 * the number of monitors, both as logarithms.
 */
export const run: Run = async ({ progress }) => {
  const figures: Record<string, number> = {};
  await at(30);
  const points: { size: number; cpuUs: number }[] = [];
  for (const size of SIZES) {
    const seen = await at(size);
    points.push({ size, cpuUs: seen.cpuUs });
    figures[`cpuUsPerCycle${size}`] = seen.cpuUs;
    figures[`cycleMs${size}`] = seen.cycleMs;
    figures[`loopDelayP99Ms${size}`] = seen.delayP99Ms;
    progress(
      `${size} monitors: ${(seen.cpuUs / size).toFixed(1)} us CPU each, cycle ${seen.cycleMs.toFixed(2)} ms, ` +
        `event-loop delay p99 ${seen.delayP99Ms.toFixed(1)} ms, longest ${seen.delayMaxMs.toFixed(1)} ms`,
    );
    figures['usPerMonitor'] = seen.cpuUs / size;
    figures['loopDelayP99Ms'] = seen.delayP99Ms;
    figures['loopDelayMaxMs'] = seen.delayMaxMs;
    figures['adoptDelayMaxMs'] = seen.adoptDelayMaxMs;
    figures['rssMB5000'] = seen.rssMB;
  }
  figures['exponent'] = slope(points.map(({ size, cpuUs }) => [Math.log(size), Math.log(cpuUs)]));
  return {
    name: 'scale',
    figures,
    aims: [
      atMost(figures, 'exponent', 1),
      atMost(figures, 'usPerMonitor', 20),
      atMost(figures, 'loopDelayP99Ms', 10),
    ],
  };
};

interface Seen {
  cpuUs: number;
  cycleMs: number;
  delayP99Ms: number;
  delayMaxMs: number;
  adoptDelayMaxMs: number;
  rssMB: number;
}

async function at(size: number): Promise<Seen> {
  // Every cycle ten seconds later than the last: each monitor, changed of late, is due in each.
  let shift = 0;
  const clock: Clock = { ...systemClock, now: () => Date.now() + shift };
  const folder = mkdtempSync(join(tmpdir(), 'holdfast scale '));
  let ids = 0;
  const store = await openStore({
    dataDir: folder,
    clock,
    log: silentLog,
    routineMs: () => 30_000,
    programVersion: '0.0.0',
    newId: () => `id-${(ids += 1)}`,
    beforeMigration() {},
    onTrouble() {},
  });
  store.load();
  const venue = aVenue('main', clock.now);
  const cache = createCache({
    accounts: [{ account: 'main', gateway: venue }],
    market: aMarket(),
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  const loop = createLoop({
    begin: untold,
    cache,
    gateways: new Map([['main', venue]]),
    clock,
    log: silentLog,
    monitors: [],
    intents: [],
    save: (reason, change) => store.save(reason, change),
    modeOf: () => 'watch',
    onCycle: (cycle) => void store.save('cycle', { cycles: [cycle] }),
    onChange() {},
    onAlert() {},
  });
  const positions = Array.from({ length: size }, (_, n) => positionAt(n, 1));
  venue.holds = { ...venue.holds, positions, orders: positions.flatMap(ordersOf) };
  const adopting = monitorEventLoopDelay({ resolution: 1 });
  adopting.enable();
  loop.start();
  cache.take('main', venue.snapshot(Date.now()));
  cache.take('main', { kind: 'stream', state: 'ready', reason: null, asOf: Date.now() });
  while (loop.monitors().length < size) await sleep(5);
  adopting.disable();
  await sleep(200);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu: number[] = [];
  const times: number[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    await pushAll(size, cycle + 2, (rows) =>
      cache.take('main', { kind: 'positions', rows, asOf: Date.now() }),
    );
    shift += 10_000;
    const before = process.cpuUsage();
    const { durationMs } = await loop.cycle();
    const { user, system } = process.cpuUsage(before);
    cpu.push(user + system);
    times.push(durationMs);
    await sleep(20);
  }
  delay.disable();
  const rssMB = process.memoryUsage.rss() / 1e6;
  await loop.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
  return {
    cpuUs: median(cpu),
    cycleMs: median(times),
    delayP99Ms: delay.percentile(99) / 1e6,
    delayMaxMs: delay.max / 1e6,
    adoptDelayMaxMs: adopting.max / 1e6,
    rssMB,
  };
}

const positionAt = (n: number, seq: number): Position =>
  aPosition({ symbol: `S${n}USDT`, stopLoss: '95', seq, updatedAt: seq });

const ordersOf = ({ symbol }: Position): Order[] => [
  ...['102', '104', '106', '108'].map((price, n) =>
    anOrder({ symbol, orderId: `${symbol}-tp${n}`, price, quantity: n === 0 ? '0.85' : '0.05' }),
  ),
  ...['98', '97'].map((price, n) =>
    anOrder({ symbol, orderId: `${symbol}-e${n}`, price, side: 'Buy', reduceOnly: false }),
  ),
  anOrder({
    symbol,
    orderId: `${symbol}-sl`,
    type: 'Market',
    price: null,
    triggerPrice: '95',
    triggerDirection: 2,
    stopOrderType: 'StopLoss',
    status: 'Untriggered',
  }),
];

async function pushAll(size: number, seq: number, push: (rows: Position[]) => void): Promise<void> {
  for (let from = 0; from < size; from += PUSH_ROWS) {
    const count = Math.min(PUSH_ROWS, size - from);
    push(Array.from({ length: count }, (_, n) => positionAt(from + n, seq)));
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}

/** Least squares. */
function slope(points: [number, number][]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
