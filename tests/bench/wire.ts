import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { systemClock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { createBook } from '../../src-main/exchange/account/book.ts';
import { mapOrder } from '../../src-main/exchange/bybit/map-order.ts';
import { mapPosition } from '../../src-main/exchange/bybit/map-position.ts';
import { createGateway } from '../../src-main/exchange/create-gateway.ts';
import { readFrame } from '../../src-main/exchange/stream/read-frame.ts';
import { usualTimings } from '../../src-main/exchange/timings.ts';
import {
  executionRow,
  type LoopbackVenue,
  listReply,
  orderRow,
  positionRow,
  startLoopbackVenue,
} from '../support/loopback-venue.ts';
import { atMost, median, type Run } from '../support/report.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** One way of a wide-area line, both together, ms. */
const LATENCY = 40;
const SIZES = [30, 400, 2_000] as const;
/** Per position: an entry and four take-profits on the book, and a stop that waits. */
const LIMITS_PER_POSITION = 5;
const EVENTS = 1_000_000;
const WARM_UP = 100_000;

/**
 * The line's costs: a whole read of positions and orders against the floor (the pages that must
 * follow one another, times the latency), CPU per position and per stream event, and what is kept
 * in memory after a million events.
 */
export const run: Run = async ({ progress }) => {
  const figures: Record<string, number> = {};
  for (const size of SIZES) {
    const walk = await measureWalk(size);
    figures[`floorRatio${size}`] = walk.ratio;
    figures[`requests${size}`] = walk.requests;
    figures[`wallMs${size}`] = walk.wallMs;
    progress(
      `${size} positions: ${walk.requests} requests, ${Math.round(walk.wallMs)} ms, floor ${walk.floorMs} ms`,
    );
  }
  progress('CPU per position');
  figures['usPerPosition'] = median(Array.from({ length: 9 }, positionCost));
  progress(`${EVENTS} stream events`);
  Object.assign(figures, eventCost());
  return {
    name: 'wire',
    figures,
    aims: [
      atMost(figures, 'floorRatio30', 1.5),
      atMost(figures, 'floorRatio400', 1.3),
      atMost(figures, 'floorRatio2000', 1.3),
      atMost(figures, 'usPerPosition', 50),
      atMost(figures, 'usPerEvent', 50),
      atMost(figures, 'heapGrowthMB', 5),
    ],
  };
};

/** The whole read of an account, on warm connections: positions and orders at once. */
async function measureWalk(positions: number) {
  const venue = await startLoopbackVenue();
  serve(venue, positions);
  const gateway = createGateway({
    line: venue.line,
    clock: systemClock,
    log: silentLog,
    listener() {},
    timings: usualTimings,
  });
  await Promise.all([gateway.positions(), gateway.openOrders()]);
  await new Promise<void>((done) => void systemClock.after(5_200, done)); // a fresh rate budget
  const before = venue.requests.length;
  const times: number[] = [];
  // More than once where the rate budget has room for it.
  const rounds = positions <= 400 ? 3 : 1;
  for (let round = 0; round < rounds; round++) {
    const startedAt = systemClock.ticks();
    const [read, orders] = await Promise.all([gateway.positions(), gateway.openOrders()]);
    times.push(systemClock.ticks() - startedAt);
    const whole =
      read.state === 'ok' &&
      read.rows.length === positions &&
      orders.state === 'ok' &&
      orders.rows.length === positions * (LIMITS_PER_POSITION + 1);
    if (!whole) throw new Error('The walk did not read everything.');
  }
  const requests = (venue.requests.length - before) / rounds;
  const wallMs = median(times);
  await gateway.stop();
  await venue.stop();
  const longest = Math.max(pagesOf(positions, 200), pagesOf(positions * LIMITS_PER_POSITION, 50));
  const floorMs = longest * LATENCY;
  return { requests, wallMs, floorMs, ratio: wallMs / floorMs };
}

/** A list that fills its last page exactly is only known to end by one more. */
const pagesOf = (rows: number, limit: number): number => Math.floor(rows / limit) + 1;

function serve(venue: LoopbackVenue, count: number): void {
  const symbols = Array.from({ length: count }, (_, i) => `S${i}USDT`);
  const positions = symbols.map((symbol, i) => positionRow({ symbol, seq: i }));
  const limits = symbols.flatMap((symbol) =>
    Array.from({ length: LIMITS_PER_POSITION }, (_, n) =>
      orderRow({ symbol, orderId: `${symbol}-${n}` }),
    ),
  );
  const stops = symbols.map((symbol) => orderRow({ symbol, orderId: `${symbol}-stop` }));
  const page = (rows: unknown[], cursor: string | null, limit: number) => {
    const from = Number(cursor ?? 0);
    return listReply(rows.slice(from, from + limit), String(from + limit));
  };
  const late = <Value>(value: Value): Promise<Value> =>
    new Promise((done) => void systemClock.after(LATENCY, () => done(value)));
  venue.on('/v5/market/instruments-info', listReply([{ settleCoin: 'USDT' }]));
  venue.on('/v5/position/list', ({ query }) => late(page(positions, query.get('cursor'), 200)));
  venue.on('/v5/order/realtime', ({ query }) =>
    late(page(query.get('orderFilter') === 'Order' ? limits : stops, query.get('cursor'), 50)),
  );
}

/** CPU from parsed JSON to domain values of one position with its orders, µs. */
function positionCost(): number {
  const rows = Array.from({ length: 2_000 }, (_, i) => positionRow({ symbol: `S${i}USDT` }));
  const orders = rows.flatMap(({ symbol }) =>
    Array.from({ length: LIMITS_PER_POSITION + 1 }, (_, n) =>
      orderRow({ symbol, orderId: `${String(symbol)}-${n}` }),
    ),
  );
  const startedAt = process.cpuUsage();
  for (const row of rows) mapPosition('main', row);
  for (const row of orders) mapOrder('main', row);
  const { user, system } = process.cpuUsage(startedAt);
  return (user + system) / rows.length;
}

/** A busy account: fills on orders that come and go, each with its order, position and execution. */
function eventCost(): { usPerEvent: number; heapGrowthMB: number } {
  const book = createBook('main', () => performance.now());
  let spent = 0;
  let heapBefore = 0;
  const start = 1_700_000_000_000;
  for (let i = 0; i < EVENTS; i++) {
    if (i === WARM_UP) heapBefore = heapUsed();
    const text = messageText(i, start);
    const startedAt = performance.now();
    const { topic, creationTime, data } = JSON.parse(text) as {
      topic: string;
      creationTime: number;
      data: unknown;
    };
    const news = readFrame('main', { topic, type: null, at: creationTime, data });
    book.takeExecutions(news.executions);
    book.takeOrders(news.orders, { pushedAt: news.at });
    book.takePositions(news.positions, { pushedAt: news.at });
    if (i >= WARM_UP) spent += performance.now() - startedAt;
  }
  return {
    usPerEvent: (spent * 1_000) / (EVENTS - WARM_UP),
    heapGrowthMB: (heapUsed() - heapBefore) / 2 ** 20,
  };
}

function messageText(i: number, start: number): string {
  const at = start + i;
  const order = Math.floor(i / 6);
  const symbol = `S${order % 400}USDT`;
  const orderId = `order-${order}`;
  const done = i % 6 >= 3;
  const time = String(at);
  const row = [
    () => executionRow({ symbol, orderId, execId: `exec-${i}`, execTime: time, seq: i }),
    () =>
      orderRow({
        symbol,
        orderId,
        cumExecQty: done ? '0.01' : '0.005',
        orderStatus: done ? 'Filled' : 'PartiallyFilled',
        updatedTime: time,
      }),
    () => positionRow({ symbol, entryPrice: '50000', seq: i, updatedTime: time }),
  ][i % 3] as () => object;
  const topic = ['execution', 'order', 'position'][i % 3];
  return JSON.stringify({ id: String(i), topic, creationTime: at, data: [row()] });
}

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
