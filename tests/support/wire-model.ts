import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../src-main/domain/clock.ts';
import { silentLog } from '../../src-main/domain/log.ts';
import { dividedBy, rounded, times, toStep } from '../../src-main/domain/numbers.ts';
import { createGateway } from '../../src-main/exchange/create-gateway.ts';
import type { Gateway } from '../../src-main/exchange/gateway.ts';
import { pause } from '../../src-main/exchange/rest/rest-client.ts';
import { type Practice, startPractice } from '../../src-main/practice/server.ts';
import { listen, type Picture, type Told, truthOf } from './told.ts';
import { virtualTime } from './virtual-time.ts';

/** A line under test: a practice exchange, a gateway on it, and what its events told. */
export interface Wire {
  practice: Practice;
  gateway: Gateway;
  told: Told;
  /** Calls one of the exchange's own calls. */
  control(call: string, body: object): Promise<Record<string, unknown>>;
  truth(): Promise<Picture>;
  /** Waits until the stream is ready. */
  ready(): Promise<void>;
  /** Waits until the line is ready and tells the truth; the difference when it never does. */
  settled(within?: number): Promise<string | null>;
  stop(): Promise<void>;
}

const ACCOUNT = 'main';
/** Longer ago than any scenario's first execution, ms. */
const HOLIDAY = 6 * 86_400_000;

/** Exchange and gateway are on the clock given: on a virtual one, whoever holds it must let time pass. */
export async function openWire(
  clock: Clock,
  options: Parameters<typeof startPractice>[0],
): Promise<Wire> {
  const practice = await startPractice({ speed: 0, ...options, timers: clock });
  const keys = practice.accounts.find(({ role }) => role === ACCOUNT);
  if (keys === undefined) throw new Error('The practice exchange has no main account.');
  const told = listen();
  const gateway = createGateway({
    line: {
      account: ACCOUNT,
      restUrl: practice.rest,
      wsPrivateUrl: practice.wsPrivate,
      wsPublicUrl: practice.wsPublic,
      apiKey: keys.apiKey,
      apiSecret: keys.apiSecret,
    },
    clock,
    log: silentLog,
    random: seeded(options?.seed ?? 1),
    // As after a holiday: everything since then is to be told.
    lastExecution: { executedAt: clock.now() - HOLIDAY },
    listener: (event) => told.hear(event),
    timings: {
      answerWithin: 2_000,
      streamStepWithin: 1_000,
      echoWithin: 1_000,
      reconnectFirst: 10,
      reconnectCeiling: 200,
      retryFirst: 5,
      breakerRest: 50,
      ban: 100,
      refusedRetry: 100,
      lateLook: 100,
    },
  });
  const truth = (): Promise<Picture> => truthOf(practice.rest, ACCOUNT);
  return {
    practice,
    gateway,
    told,
    truth,
    async ready() {
      while (gateway.status().stream !== 'ready') await pause(clock, 5);
    },
    async control(call, body) {
      const answer = await fetch(`${practice.rest}/practice/${call}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return (await answer.json()) as Record<string, unknown>;
    },
    // Only a line that never settles waits for it.
    async settled(within = 30_000) {
      const until = clock.ticks() + within;
      let difference = 'The line never became ready.';
      while (clock.ticks() < until) {
        if (gateway.status().stream === 'ready') {
          const [is, believed] = [await truth(), told.picture()];
          if (isDeepStrictEqual(believed, is)) {
            return told.repeated.length === 0 ? null : `told twice: ${told.repeated.join(', ')}`;
          }
          difference = describeDifference(believed, is);
        }
        await pause(clock, 10);
      }
      return `${difference} (stream ${JSON.stringify(gateway.status().stream)})`;
    },
    async stop() {
      await gateway.stop();
      await practice.stop();
    },
  };
}

/**
 * One random run: commands, fills, price moves and faults, then the truth against what was told. On a
 * clock of its own, so that a seed gives the same run each time, on a machine at work too.
 */
export function runSequence(seed: number): Promise<string | null> {
  const time = virtualTime();
  return time.during(sequence(seed, time.clock));
}

async function sequence(seed: number, clock: Clock): Promise<string | null> {
  const random = seeded(seed);
  const pick = <Item>(items: readonly Item[]): Item | undefined =>
    items[Math.floor(random() * items.length)];
  const scenario = pick(SCENARIOS) ?? 'empty';
  const wire = await openWire(clock, { seed, scenario });
  const { gateway, control } = wire;
  const running: Promise<unknown>[] = [];
  try {
    gateway.start();
    if (random() < 0.7) await wire.ready();
    const steps = 4 + Math.floor(random() * 12);
    for (let n = 0; n < steps; n++) {
      const { positions, orders } = wire.told.picture();
      const position = pick(Object.values(positions)) as
        | { symbol: string; side: string; size: string; entryPrice: string; positionIdx: 0 | 1 | 2 }
        | undefined;
      const order = pick(Object.values(orders)) as
        | { orderId: string; symbol: string; quantity: string; price: string | null }
        | undefined;
      const moved = (price: string): string =>
        rounded(times(price, String(0.95 + random() * 0.1)), 1);
      const what = pick(STEPS);
      if (what === 'fill' && order !== undefined) {
        const share = random() < 0.5 ? {} : { quantity: half(order.quantity) };
        running.push(control('fill', { account: ACCOUNT, orderId: order.orderId, ...share }));
      } else if (what === 'price' && position !== undefined) {
        running.push(
          control('price', { symbol: position.symbol, price: moved(position.entryPrice) }),
        );
      } else if (what === 'close' && position !== undefined) {
        const { symbol, side } = position;
        running.push(control('close', { account: ACCOUNT, symbol, side }));
      } else if (what === 'place') {
        const symbol = position?.symbol ?? 'BTCUSDT';
        running.push(
          gateway.place(
            {
              symbol,
              positionIdx: position?.positionIdx ?? 0,
              side: position?.positionIdx === 2 ? 'Sell' : 'Buy',
              type: pick(['Limit', 'Limit', 'Market'] as const) ?? 'Limit',
              quantity: position === undefined ? '0.01' : half(position.size),
              price: moved(position?.entryPrice ?? '100000'),
              orderLinkId: `model-${seed}-${n}`,
            },
            'manual',
          ),
        );
      } else if (what === 'amend' && order !== undefined && order.price !== null) {
        const { symbol, orderId } = order;
        running.push(gateway.amend({ symbol, orderId, price: moved(order.price) }, 'manual'));
      } else if (what === 'cancel' && order !== undefined) {
        running.push(gateway.cancel(order, 'cancel'));
      } else if (what === 'stop' && position !== undefined) {
        const { symbol, positionIdx, entryPrice, side } = position;
        const stopLoss = rounded(times(entryPrice, side === 'long' ? '0.9' : '1.1'), 1);
        running.push(gateway.setTradingStop({ symbol, positionIdx, stopLoss }, 'protect'));
      } else if (what === 'fault') {
        const kind = pick(FAULTS);
        const fault = {
          kind,
          count: 1 + Math.floor(random() * 3),
          afterFrames: Math.floor(random() * 5),
          ms: kind === 'clockSkew' ? Math.round((random() - 0.5) * 40_000) : 50,
          ...(kind === 'clockSkew' ? { forMs: 200 } : {}),
        };
        running.push(control('fault', fault));
      }
      if (random() < 0.5) await running.at(-1);
      if (random() < 0.3) await pause(clock, random() * 30);
    }
    await Promise.all(running);
    await control('fault', { kind: 'clear' });
    const difference = await wire.settled();
    return difference === null ? null : `seed ${seed} (${scenario}): ${difference}`;
  } finally {
    await wire.stop();
  }
}

/** Mostly the small one: what goes wrong does not need many positions, which cost most of the time. */
const SCENARIOS = [...Array<'empty'>(9).fill('empty'), 'desk', 'hedge', 'building'] as const;

const STEPS = [
  'fill',
  'fill',
  'price',
  'close',
  'place',
  'amend',
  'cancel',
  'stop',
  'fault',
  'fault',
] as const;

const FAULTS = [
  'latency',
  'dropSocket',
  'dropSocket',
  'duplicate',
  'reorder',
  'http500',
  'rateLimit',
  'ban403',
  'garbage',
  'acceptThenDrop',
  'clockSkew',
  'missingPage',
  'forgetClosed',
] as const;

const half = (quantity: string): string => {
  const halved = toStep(dividedBy(quantity, '2'), '0.001', 'down');
  return Number(halved) > 0 ? halved : quantity;
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
  return differences.slice(0, 4).join('; ') || 'executions differ';
}
