import { isDeepStrictEqual } from 'node:util';
import { silentLog } from '../../src-main/domain/log.ts';
import { createGateway } from '../../src-main/exchange/create-gateway.ts';
import type { Gateway } from '../../src-main/exchange/gateway.ts';
import { fault } from '../../src-main/practice/control/fault.ts';
import { cancel, close, fill, order, price, stop } from '../../src-main/practice/control/hands.ts';
import type { Frame } from '../../src-main/practice/engine/state/venue.ts';
import { openExchange, type PracticeOptions } from '../../src-main/practice/open.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import { type ProcessTime, processTime } from './in-process/time.ts';
import { openWires } from './in-process/wires.ts';
import { listen, type Picture, pictureOfFrame, pictureOfVenue, type Told } from './told.ts';
import { createTruth, type Truth } from './truth.ts';

/** A line under test on virtual time: a practice exchange, a gateway on it, and what it told. */
export interface Wire {
  gateway: Gateway;
  time: ProcessTime;
  told: Told;
  truth: Truth;
  /** The first falsehood there was, if any. */
  falsehood(): string | null;
  /** One of the exchange's own calls; a refusal is answered as its text. */
  hand(call: keyof typeof calls, body: object): Record<string, unknown>;
  pass(ms: number): Promise<void>;
  /** Lets a promise come true while time goes on. */
  until<Value>(work: Promise<Value>): Promise<Value>;
  /** Waits until the stream is ready. */
  ready(): Promise<void>;
  /** Waits until everything under way has come; what is believed then must be all there is. */
  settled(): Promise<string | null>;
  stop(): Promise<void>;
}

/** The exchange's own calls, past the network. */
const calls = { fault, fill, price, close, stop, cancel, order };

const ACCOUNT = 'main';
const START = Date.UTC(2025, 5, 1);
/** Longer ago than any scenario's first execution, ms. */
const HOLIDAY = 6 * 86_400_000;
/** When a client looks at its lists once more, ms: no list lags behind so far. */
const LATE_LOOK = 5_500;
/** What it may take to find out what its lists lagged behind, ms. */
const SETTLES_WITHIN = LATE_LOOK + 3_000;
/** The longest anything takes: a ban, a back-off, a lag, a late look. */
const LONG = 60_000;

export async function openWire(
  options: PracticeOptions & { prepare?: (wire: Pick<Wire, 'hand'>) => void },
): Promise<Wire> {
  const time = processTime(START);
  const wires = openWires(time);
  const told = listen();
  const lag = options.lagMs ?? 0;
  let truth: Truth | null = null;
  let dirty = true;
  let lookAgainAt = 0;
  let wrong: string | null = null;
  let listeningSince = 0;
  /** Written to a socket at this moment; lost when it is cut at the same one. */
  let arriving: Frame[] = [];
  const exchange = await openExchange({
    scenario: 'empty',
    speed: 0,
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

  const hand: Wire['hand'] = (call, body) => {
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

  const gateway = createGateway({
    line: {
      account: ACCOUNT,
      restUrl: `http://127.0.0.1:${port}`,
      wsPrivateUrl: `ws://127.0.0.1:${port}/v5/private`,
      wsPublicUrl: `ws://127.0.0.1:${port}/v5/public/linear`,
      apiKey: keys.apiKey,
      apiSecret: keys.apiSecret,
    },
    clock: time,
    log: silentLog,
    random: seeded(options.seed ?? 1),
    // As after a holiday: everything since then is to be told.
    lastExecution: { executedAt: START - HOLIDAY },
    listener(event) {
      dirty = true;
      told.hear(event);
      if (event.kind !== 'stream') return;
      if (event.state === 'down') arriving = [];
      if (event.state === 'syncing') listeningSince = time.now();
      if (event.state === 'ready') known.ready(time.now(), listeningSince, lag);
    },
    timings: { ban: 5_000, refusedRetry: 5_000, lateLook: LATE_LOOK },
  });

  const look = (): void => {
    for (const frame of arriving.splice(0)) known.reached(frame);
    const isReady = gateway.status().stream === 'ready';
    if (wrong !== null || !isReady || (!dirty && time.now() < lookAgainAt)) return;
    dirty = false;
    lookAgainAt = time.now() + 1_000;
    const found = known.falsehoods(told.picture(), time.now());
    if (told.repeated.length > 0) found.push(`told twice: ${told.repeated.join(', ')}`);
    if (found.length > 0) wrong = `at ${time.now() - START} ms: ${found.slice(0, 3).join('; ')}`;
  };
  const pass = (ms: number): Promise<void> => time.advance(ms, look);
  const ready = async (): Promise<void> => {
    for (let waited = 0; gateway.status().stream !== 'ready'; waited += 50) {
      if (waited > LONG) throw new Error('The line never became ready.');
      await pass(50);
    }
  };

  return {
    gateway,
    time,
    told,
    truth: known,
    falsehood: () => wrong,
    hand,
    pass,
    ready,
    async until(work) {
      const end = { come: false };
      const result = work.finally(() => {
        end.come = true;
      });
      result.catch(() => undefined);
      for (let waited = 0; !end.come && waited < LONG; waited += 20) await pass(20);
      return result;
    },
    async settled() {
      await ready();
      await pass(SETTLES_WITHIN + 2_000);
      await ready();
      dirty = true;
      look();
      if (wrong !== null) return wrong;
      const [believed, true_] = [told.picture(), is()];
      return isDeepStrictEqual(believed, true_) ? null : describeDifference(believed, true_);
    },
    async stop() {
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
