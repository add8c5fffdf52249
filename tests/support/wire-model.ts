import { isDeepStrictEqual } from 'node:util';
import type { Cache } from '../../src-main/cache/cache.ts';
import { createCache } from '../../src-main/cache/create-cache.ts';
import { defaultTtlSeconds } from '../../src-main/cache/kinds.ts';
import type { Clock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { unknown } from '../../src-main/domain/read.ts';
import { createGateway } from '../../src-main/exchange/create-gateway.ts';
import type { Gateway, Market } from '../../src-main/exchange/gateway.ts';
import { accountIn, type Handler } from '../../src-main/practice/control/body.ts';
import { fault } from '../../src-main/practice/control/fault.ts';
import { cancel, close, fill, order, price, stop } from '../../src-main/practice/control/hands.ts';
import { switchMode } from '../../src-main/practice/engine/account/settings.ts';
import type { Frame } from '../../src-main/practice/engine/state/venue.ts';
import { openExchange, type PracticeOptions } from '../../src-main/practice/open.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import { type ProcessTime, processTime } from './in-process/time.ts';
import { openWires } from './in-process/wires.ts';
import { type Picture, pictureOfCache, pictureOfFrame, pictureOfVenue } from './told.ts';
import { createTruth, type Part, type Truth } from './truth.ts';

/** A line under test on virtual time: a practice exchange, a gateway on it, and what is shown of it. */
export interface Wire {
  account: string;
  gateway: Gateway;
  cache: Cache;
  time: ProcessTime;
  /** What is shown of the account now. */
  shown(): Picture;
  truth: Truth;
  /** The first falsehood there was, if any. */
  falsehood(): string | null;
  /** One of the exchange's own calls; a refusal is answered as its text. */
  hand(call: keyof typeof calls, body: Record<string, unknown>): Record<string, unknown>;
  pass(ms: number): Promise<void>;
  /** Sets the client's clock, ms ahead of the venue's; nothing else notices. */
  setClock(ahead: number): void;
  /** Lets a promise come true while time goes on. */
  until<Value>(work: Promise<Value>): Promise<Value>;
  /** Waits until the stream is ready. */
  ready(): Promise<void>;
  /** Waits until everything under way has come; what is believed then must be all there is. */
  settled(): Promise<string | null>;
  stop(): Promise<void>;
}

/** One-way (`0`) or hedge (`3`), as an operator sets it on the venue's own screen. */
const mode: Handler = (world, body) => {
  switchMode(world.venue, accountIn(world, body), body);
  return {};
};

/** The exchange's own calls, past the network. */
const calls = { fault, fill, price, close, stop, cancel, order, mode };

const ACCOUNT = 'main';
const START = Date.UTC(2025, 5, 1);
/** Longer ago than any scenario's first execution, ms. */
const HOLIDAY = 6 * 86_400_000;
/** When a client looks at its lists once more, ms: no list lags behind so far. */
const LATE_LOOK = 5_500;
/** What it may take to find out what its lists lagged behind, ms. */
const SETTLES_WITHIN = LATE_LOOK + 3_000;
/** The most by which a fault makes lists lag, ms. */
export const MOST_LAG = 4_000;
/** The longest anything takes: a ban, a back-off, a lag, a late look. */
const LONG = 60_000;

export async function openWire(
  options: PracticeOptions & {
    prepare?: (wire: Pick<Wire, 'hand'>) => void;
    onState?: (state: string, reason: string | null) => void;
  },
): Promise<Wire> {
  const time = processTime(START);
  const wires = openWires(time);
  const executions = new Set<string>();
  const repeated: string[] = [];
  /** The most by which lists lag, ms: always, and while a fault makes them. */
  const lag = { usual: options.lagMs ?? 0, struck: 0, until: 0 };
  let truth: Truth | null = null;
  let dirty = true;
  let lookAgainAt = 0;
  let wrong: string | null = null;
  let listeningSince = 0;
  /** Requests that were looked at. */
  let looked = 0;
  /** Written to a socket at this moment; lost when it is cut at the same one. */
  let arriving: Frame[] = [];
  const exchange = await openExchange({
    scenario: 'empty',
    speed: 0,
    beatMs: 1_000,
    ...options,
    timers: time,
    startAt: START,
    onFrame(frame) {
      options.onFrame?.(frame);
      if (frame.account.name !== ACCOUNT) return;
      truth?.happened(frame, pictureOfFrame(frame), time.now());
    },
    onTold(frame: Frame) {
      dirty = true;
      arriving.push(frame);
    },
  });
  const { world } = exchange;
  const port = wires.serve(exchange.accept);
  const keys = world.venue.accounts.find(({ name }) => name === ACCOUNT);
  if (keys === undefined) throw new Error('The practice exchange has no main account.');

  // What is accepted is what was asked for: a price beyond the limit is refused, not moved.
  keys.movesPrices = false;

  const lagSince = (at: number): number =>
    lag.until >= at ? Math.max(lag.usual, lag.struck) : lag.usual;

  const hand: Wire['hand'] = (call, body: Record<string, unknown>) => {
    if (call === 'fault' && body['kind'] === 'lag') {
      lag.struck = Math.max(lagSince(time.now()), Number(body['ms']));
      lag.until = Math.max(lag.until, time.now() + Number(body['forMs']));
    }
    try {
      return calls[call](world, { account: ACCOUNT, ...body }) as Record<string, unknown>;
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return { error: thrown.message };
    }
  };
  options.prepare?.({ hand });
  // Longer ago than any list lags behind.
  await time.advance(10_000);
  const is = (): Picture => pictureOfVenue(world.venue, keys);
  const known = createTruth(is(), SETTLES_WITHIN);
  truth = known;
  exchange.run();

  let ahead = 0;
  const clock: Clock = { ...time, now: () => time.now() + ahead };
  const gateway = createGateway({
    line: {
      account: ACCOUNT,
      restUrl: `http://127.0.0.1:${port}`,
      wsPrivateUrl: `ws://127.0.0.1:${port}/v5/private`,
      wsPublicUrl: `ws://127.0.0.1:${port}/v5/public/linear`,
      apiKey: keys.apiKey,
      apiSecret: keys.apiSecret,
    },
    clock,
    log: silentLog,
    random: seeded(options.seed ?? 1),
    // As after a holiday: everything since then is to be told.
    lastExecution: { executedAt: START - HOLIDAY },
    listener(event) {
      dirty = true;
      cache.take(ACCOUNT, event);
      if (event.kind !== 'stream') return;
      options.onState?.(event.state, event.reason);
      if (event.state === 'down') arriving = [];
      if (event.state === 'syncing') listeningSince = time.now();
      if (event.state === 'ready')
        known.ready(time.now(), listeningSince, lagSince(listeningSince));
    },
    timings: { ban: 5_000, refusedRetry: 5_000, lateLook: LATE_LOOK, mendCeiling: 5_000 },
  });
  const cache = createCache({
    accounts: [{ account: ACCOUNT, gateway }],
    market: noMarket,
    clock,
    log: silentLog,
    settings: { enabled: true, ttlSeconds: defaultTtlSeconds },
  });
  cache.subscribe((change) => {
    dirty = true;
    if (change.kind !== 'executions') return;
    for (const { execId } of change.rows) {
      if (executions.has(execId)) repeated.push(execId);
      executions.add(execId);
    }
  });
  cache.start();
  const shown = (): Picture => pictureOfCache(cache, ACCOUNT, executions);
  /** What is shown as true now, not as what was known last. */
  const current = (): Part[] =>
    PARTS.filter((part) => cache.held(ACCOUNT, KIND_OF[part]).confirmed);

  const setAside = (): string[] => cache.allSetAside(ACCOUNT).map(({ symbol }) => symbol);

  /** Whether the venue did not answer the client's questions, or is not asked any for a while. */
  const cannotRead = (): boolean => {
    const { stoppedUntil, breakers } = gateway.status();
    const { requests } = world.requests.all();
    const failed = requests
      .slice(looked)
      .some(({ status, retCode }) => status !== 200 || retCode !== 0);
    looked = requests.length;
    return failed || stoppedUntil !== null || breakers.some(({ state }) => state !== 'closed');
  };

  const look = (): void => {
    if (cannotRead()) known.unread(time.now());
    for (const frame of arriving.splice(0)) known.reached(frame);
    if (wrong !== null || (!dirty && time.now() < lookAgainAt)) return;
    dirty = false;
    lookAgainAt = time.now() + 1_000;
    const found = known.falsehoods(shown(), { parts: current(), setAside: setAside() }, time.now());
    if (repeated.length > 0) found.push(`told twice: ${repeated.join(', ')}`);
    if (found.length > 0) wrong = `at ${time.now() - START} ms: ${found.slice(0, 3).join('; ')}`;
  };
  const pass = (ms: number): Promise<void> => time.advance(ms, look);
  const ready = async (): Promise<void> => {
    for (let waited = 0; gateway.status().stream !== 'ready'; waited += 50) {
      if (waited > LONG) throw new Error('The line never became ready.');
      await pass(50);
    }
  };
  const until = async <Value>(work: Promise<Value>): Promise<Value> => {
    const end = { come: false };
    const result = work.finally(() => {
      end.come = true;
    });
    result.catch(() => undefined);
    for (let waited = 0; !end.come && waited < LONG; waited += 20) await pass(20);
    return result;
  };

  return {
    account: ACCOUNT,
    gateway,
    cache,
    time,
    shown,
    truth: known,
    falsehood: () => wrong,
    hand,
    pass,
    ready,
    until,
    setClock(ms) {
      ahead = ms;
    },
    async settled() {
      await ready();
      for (let waited = 0; setAside().length > 0 && waited < LONG; waited += 500) await pass(500);
      await pass(SETTLES_WITHIN);
      // A push that was lost is found by the regular check, and the line made anew.
      await until(cache.sweep());
      await ready();
      await pass(SETTLES_WITHIN);
      await ready();
      dirty = true;
      look();
      if (wrong !== null) return wrong;
      const vague = PARTS.filter((part) => !current().includes(part));
      if (setAside().length > 0) return `at the end: ${setAside().join(', ')} still set aside`;
      if (vague.length > 0) return `at the end: ${vague.join(', ')} not known for certain`;
      const [believed, true_] = [shown(), is()];
      return isDeepStrictEqual(believed, true_) ? null : describeDifference(believed, true_);
    },
    async stop() {
      cache.stop();
      const stopping = gateway.stop();
      await time.settle();
      await stopping;
      const closing = exchange.stop();
      await time.settle();
      await closing;
      await time.settle();
      wires.stop();
      time.stop();
    },
  };
}

/** The kind of the cache that holds each part of a picture. */
const KIND_OF = {
  positions: 'positions',
  orders: 'orders',
  executions: 'executions',
  balances: 'wallet',
} as const satisfies Record<Part, string>;
const PARTS = Object.keys(KIND_OF) as Part[];

/** The account's line is what is tried: there are no prices. */
const noMarket: Market = {
  start() {},
  stop: () => Promise.resolve(),
  instruments: () => Promise.resolve(unknown('There is no market here.')),
  tickers: () => Promise.resolve(unknown('There is no market here.')),
  watch() {},
};

/** Mulberry32: a small generator whose run depends on the seed alone. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function describeDifference(believed: Picture, is: Picture): string {
  const differences: string[] = [];
  for (const part of ['positions', 'orders', 'balances'] as const) {
    const keys = new Set([...Object.keys(believed[part]), ...Object.keys(is[part])]);
    for (const key of keys) {
      if (isDeepStrictEqual(believed[part][key], is[part][key])) continue;
      differences.push(
        `${part} ${key}: believed ${JSON.stringify(believed[part][key])}, is ${JSON.stringify(is[part][key])}`,
      );
    }
  }
  const heard = new Set(believed.executions);
  const missing = is.executions.filter((id) => !heard.has(id));
  if (missing.length > 0) differences.push(`executions never told: ${missing.join(', ')}`);
  return `at the end: ${differences.slice(0, 4).join('; ') || 'executions differ'}`;
}
