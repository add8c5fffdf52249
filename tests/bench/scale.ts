import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCache } from '../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../src-main/cache/kinds.ts';
import { createPositionRows } from '../../src-main/desk/slices/positions.ts';
import { settingsFrom } from '../../src-main/desk/state/settings.ts';
import { type Clock, systemClock } from '../../src-main/domain/clock.ts';
import type { Ticker } from '../../src-main/domain/instrument.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import type { Order } from '../../src-main/domain/order.ts';
import type { Position } from '../../src-main/domain/position.ts';
import { answered, rowsOf } from '../../src-main/domain/read.ts';
import { takeMessage } from '../../src-main/exchange/account/take-message.ts';
import type { Market } from '../../src-main/exchange/gateway.ts';
import { readFrame } from '../../src-main/exchange/stream/read-frame.ts';
import { createLoop } from '../../src-main/monitor/loop/create-loop.ts';
import { defaultPlaybook } from '../../src-main/monitor/rules/playbook-goals.ts';
import { openStore } from '../../src-main/persistence/open.ts';
import { anOrder, aPosition } from '../cache/rows.ts';
import { aMarket, aVenue, type Venue } from '../cache/venue.ts';
import { positionRow } from '../support/loopback-venue.ts';
import { atMost, median, type Run } from '../support/report.ts';
import { untold } from '../support/untold.ts';

const SIZES = [30, 100, 400, 1_000, 2_000, 5_000];
/** Below this what a cycle costs anyway flatters the slope. */
const FITTED_FROM = 400;
const CYCLES = 25;
/** Rows of one frame. */
const FRAME_ROWS = 100;
const ACCOUNTS = { few: 2, many: 20 };

/**
 * From frames to rows at growing numbers of monitors, each with four take-profits, two entries and a
 * stop, on a real database, with rules, fees and prices known: before every cycle the text of a frame
 * tells a new entry price of each position, so that each is read, believed, judged, planned for and saved
 * in full, and the rows that changed are made for a screen; then each contract has a new price. CPU is the process's own of all of it (saves go on beside); the event-loop delay
 * too; `adoptDelayMaxMs` is the longest while all monitors are first adopted from one snapshot per
 * account. `exponent` is the slope of CPU over the number of monitors from 400 on, both as logarithms,
 * with two accounts; `exponent20` with twenty.
 */
export const run: Run = async ({ progress }) => {
  const figures: Record<string, number> = {};
  progress('K6 from frames to rows, on few accounts and on many');
  await at(30, ACCOUNTS.few);
  const measure = async (sizes: number[], accounts: number): Promise<[number, Seen][]> => {
    const points: [number, Seen][] = [];
    for (const size of sizes) {
      const seen = await at(size, accounts);
      points.push([size, seen]);
      progress(
        `${size} monitors on ${accounts} accounts: ${(seen.cpuUs / size).toFixed(1)} us CPU each, ` +
          `event-loop delay p99 ${seen.delayP99Ms.toFixed(1)} ms, longest ${seen.delayMaxMs.toFixed(1)} ms`,
      );
    }
    return points;
  };
  const few = await measure(SIZES, ACCOUNTS.few);
  for (const [size, seen] of few) {
    figures[`cpuUsPerCycle${size}`] = seen.cpuUs;
    figures[`cycleMs${size}`] = seen.cycleMs;
    figures[`loopDelayP99Ms${size}`] = seen.delayP99Ms;
    figures['usPerMonitor'] = seen.cpuUs / size;
    figures['loopDelayP99Ms'] = seen.delayP99Ms;
    figures['loopDelayMaxMs'] = seen.delayMaxMs;
    figures['adoptDelayMaxMs'] = seen.adoptDelayMaxMs;
    figures['rssMB5000'] = seen.rssMB;
  }
  figures['exponent'] = exponentOf(few);
  const many = await measure([400, 1_000, 5_000], ACCOUNTS.many);
  figures['exponent20'] = exponentOf(many);
  const [lastSize, last] = many.at(-1) as [number, Seen];
  figures['usPerMonitor20'] = last.cpuUs / lastSize;
  return {
    name: 'scale',
    figures,
    aims: [
      atMost(figures, 'exponent', 1),
      atMost(figures, 'exponent20', 1),
      atMost(figures, 'usPerMonitor', 20),
      atMost(figures, 'loopDelayP99Ms', 10),
    ],
  };
};

/** The slope from the size on from which what a cycle costs anyway no longer counts. */
export const exponentOf = (points: readonly [number, Pick<Seen, 'cpuUs'>][]): number =>
  slope(
    points
      .filter(([size]) => size >= FITTED_FROM)
      .map(([size, { cpuUs }]) => [Math.log(size), Math.log(cpuUs)]),
  );

interface Seen {
  cpuUs: number;
  cycleMs: number;
  delayP99Ms: number;
  delayMaxMs: number;
  adoptDelayMaxMs: number;
  rssMB: number;
}

async function at(size: number, accounts: number): Promise<Seen> {
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
  const names = Array.from({ length: accounts }, (_, n) => `account-${n}`);
  const each = Math.ceil(size / accounts);
  const symbols = Array.from({ length: each }, (_, n) => `S${n}USDT`);
  const venues = new Map(names.map((name) => [name, aVenueWith(symbols, name, clock)]));
  const cache = createCache({
    accounts: [...venues].map(([account, gateway]) => ({ account, gateway })),
    market: aMarketOf(symbols),
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  const loop = createLoop({
    begin: untold,
    cache,
    gateways: venues,
    clock,
    log: silentLog,
    monitors: [],
    intents: [],
    save: (reason, change) => store.save(reason, change),
    modeOf: () => 'watch',
    playbookOf: () => defaultPlaybook,
    onCycle: (cycle) => void store.save('cycle', { cycles: [cycle] }),
    onChange() {},
    onAlert() {},
  });
  const rows = createPositionRows({ cache, loop, clock, settings: () => settingsFrom({}) });
  await cache.readShared('instruments');
  for (const account of cache.accounts) await cache.read(account, 'feeRates');
  const prices = (seq: number): void =>
    cache.takeMarket({ kind: 'tickers', rows: tickersOf(symbols, seq), asOf: clock.now() });
  prices(0);
  const adopting = monitorEventLoopDelay({ resolution: 1 });
  adopting.enable();
  loop.start();
  for (const [account, venue] of venues) {
    const positions = Array.from({ length: each }, (_, n) => positionAt(account, n));
    venue.holds = { ...venue.holds, positions, orders: positions.flatMap(ordersOf) };
    cache.take(account, venue.snapshot(Date.now()));
    cache.take(account, { kind: 'stream', state: 'ready', reason: null, asOf: Date.now() });
  }
  while (loop.monitors().length < each * accounts) await sleep(5);
  adopting.disable();
  await sleep(200);
  const screen = new Map<object, string>();
  /** What the publisher does: only a row that is another object is written anew. */
  const show = (): void => {
    for (const row of rows()) if (!screen.has(row)) screen.set(row, JSON.stringify(row));
  };
  show();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu: number[] = [];
  const times: number[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle += 1) {
    screen.clear();
    const frames = framesOf(names, each, cycle + 2);
    const before = process.cpuUsage();
    for (const { account, text } of frames) {
      const { topic, creationTime, data } = JSON.parse(text) as Told;
      const venue = venues.get(account);
      if (venue === undefined) throw new Error(`no account ${account}`);
      const message = readFrame(account, { type: null, topic, at: creationTime, data });
      takeMessage(venue.book, message, (event) => cache.take(account, event));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    shift += 10_000;
    prices(cycle);
    const { durationMs } = await loop.cycle();
    show();
    const { user, system } = process.cpuUsage(before);
    if (screen.size < each * accounts) throw new Error('Not every row is new.');
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

/** An account that trades these at known fees. */
function aVenueWith(symbols: string[], name: string, clock: Clock): Venue {
  const fees = symbols.map((symbol) => ({ symbol, maker: '0.0002', taker: '0.00055' }));
  const feeRates = () => Promise.resolve(answered(fees, clock.now(), 'rest'));
  return Object.assign(aVenue(name, clock.now), { feeRates });
}

/** The rules of these contracts. */
function aMarketOf(symbols: string[]): Market {
  const market = aMarket();
  return {
    ...market,
    async instruments() {
      const known = await market.instruments();
      if (known.state === 'unknown') return known;
      const rows = symbols.flatMap((symbol) => rowsOf(known).map((row) => ({ ...row, symbol })));
      return answered(rows, 0, 'rest');
    },
  };
}

/** A price of each that is far from every level, and another than the last. */
const tickersOf = (symbols: string[], seq: number): Ticker[] =>
  symbols.map((symbol) => ({
    symbol,
    lastPrice: `100.${seq % 10}`,
    markPrice: `100.${seq % 10}`,
    indexPrice: '100',
    bidPrice: null,
    askPrice: null,
    fundingRate: null,
    nextFundingAt: null,
    change24h: null,
  }));

interface Told {
  topic: string;
  creationTime: number;
  data: object[];
}

/** The frames that tell a new entry price of every position, as texts. */
function framesOf(names: string[], each: number, seq: number): { account: string; text: string }[] {
  const creationTime = Date.now();
  const rows = Array.from({ length: each }, (_, n) =>
    positionRow({
      symbol: `S${n}USDT`,
      size: '1',
      avgPrice: `100.${seq % 10}`,
      stopLoss: '95',
      updatedTime: String(creationTime),
      seq,
    }),
  );
  return names.flatMap((account) =>
    Array.from({ length: Math.ceil(each / FRAME_ROWS) }, (_, at) => {
      const data = rows.slice(at * FRAME_ROWS, (at + 1) * FRAME_ROWS);
      return { account, text: JSON.stringify({ topic: 'position', creationTime, data }) };
    }),
  );
}

const positionAt = (account: string, n: number): Position =>
  aPosition({ account, symbol: `S${n}USDT`, stopLoss: '95', seq: 1, updatedAt: 1 });

const ordersOf = ({ account, symbol }: Position): Order[] => [
  ...['102', '104', '106', '108'].map((price, n) =>
    anOrder({
      account,
      symbol,
      orderId: `${symbol}-tp${n}`,
      price,
      quantity: n === 0 ? '0.85' : '0.05',
    }),
  ),
  ...['98', '97'].map((price, n) =>
    anOrder({ account, symbol, orderId: `${symbol}-e${n}`, price, side: 'Buy', reduceOnly: false }),
  ),
  anOrder({
    account,
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

/** Least squares. */
function slope(points: [number, number][]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}
