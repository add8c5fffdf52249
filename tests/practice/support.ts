import { createHmac } from 'node:crypto';
import WebSocket from 'ws';
import { cancelOrder } from '../../src-main/practice/engine/orders/change.ts';
import { placeOrder } from '../../src-main/practice/engine/orders/place.ts';
import type { Account, Order, Position } from '../../src-main/practice/engine/state/state.ts';
import type { Frame } from '../../src-main/practice/engine/state/venue.ts';
import { Refusal } from '../../src-main/practice/refusal.ts';
import type { ScenarioName } from '../../src-main/practice/scenario/names.ts';
import type { Practice } from '../../src-main/practice/server.ts';
import { World } from '../../src-main/practice/world.ts';

export type Row = Record<string, unknown>;
export type Rows = Row[];

/** 2025-06-01 00:00 UTC: where stepped clocks begin. */
export const noon = 1_748_736_000_000;

/** A venue without a server: stepped clock, frames collected. */
export function bareWorld(
  options: { scenario?: ScenarioName; seed?: number; accounts?: number } = {},
) {
  const frames: Frame[] = [];
  const world = new World({
    seed: options.seed ?? 7,
    accounts: options.accounts ?? 2,
    scenario: options.scenario ?? 'empty',
    clock: 'stepped',
    beatMs: 100,
    speed: 1,
    startAt: noon,
    timers: { now: () => noon, after: () => () => undefined },
    latencyMs: 0,
    jitterMs: 0,
    lagMs: 0,
    historyLagMs: 0,
    tape: null,
    send: (frame) => frames.push(frame),
    changed: () => undefined,
    told: () => undefined,
    onFault: () => undefined,
  });
  world.populate();
  const [main, mirror] = world.venue.accounts as [Account, Account];
  const place = (request: Row): Order =>
    placeOrder(world.venue, main, { category: 'linear', ...request });
  const cancel = (order: Order): Order =>
    cancelOrder(world.venue, main, { symbol: order.symbol, orderId: order.orderId });
  const price = (
    symbol: string,
    value: string,
    own: { mark?: number; index?: number } = {},
  ): void => {
    const quote = world.venue.market.quote(symbol);
    if (quote === undefined) throw new Error(symbol);
    world.setPrice(quote, quote.contract.grid.ticks(value), own, 3_600_000);
  };
  const position = (symbol: string, idx = 0): Position | undefined =>
    main.positions.get(`${symbol}|${idx}`);
  /** Rows pushed on a topic since the last call of `seen`. */
  const rowsOf = (topic: string): Rows =>
    frames.filter((frame) => frame.topic === topic).flatMap((frame) => frame.data as Rows);
  return {
    world,
    venue: world.venue,
    main,
    mirror,
    frames,
    place,
    cancel,
    price,
    position,
    rowsOf,
  };
}

/** What a refusal says: `"110017 current position is zero…"`. */
export function refusalOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    if (thrown instanceof Refusal) return `${thrown.code} ${thrown.message}`;
    throw thrown;
  }
  return 'accepted';
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  body: {
    retCode: number;
    retMsg: string;
    result: Row & { list?: Rows; nextPageCursor?: string };
    retExtInfo: Row & { list?: Rows };
    time: number;
  };
}

/** A signed client of our own: nothing of the exchange's code in it but the address. */
export function clientOf(practice: Practice, role: 'main' | 'mirror' = 'main') {
  const account = practice.accounts.find((one) => one.role === role);
  if (account === undefined) throw new Error(role);
  const { apiKey, apiSecret } = account;
  const headers = (payload: string, at: number, window = '5000') => ({
    'X-BAPI-API-KEY': apiKey,
    'X-BAPI-TIMESTAMP': String(at),
    'X-BAPI-RECV-WINDOW': window,
    'X-BAPI-SIGN': createHmac('sha256', apiSecret)
      .update(`${at}${apiKey}${window}${payload}`)
      .digest('hex'),
  });
  const read = async (response: Response): Promise<Reply> => {
    const text = await response.text();
    let body = {} as Reply['body'];
    try {
      body = JSON.parse(text) as Reply['body'];
    } catch {
      // not every answer is JSON
    }
    return { status: response.status, headers: response.headers, text, body };
  };
  return {
    apiKey,
    apiSecret,
    get: async (path: string, query = '', at = Date.now()): Promise<Reply> => {
      const url = query === '' ? path : `${path}?${query}`;
      return read(await fetch(practice.rest + url, { headers: headers(query, at) }));
    },
    post: async (path: string, body: Row, at = Date.now()): Promise<Reply> => {
      const payload = JSON.stringify(body);
      return read(
        await fetch(practice.rest + path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', ...headers(payload, at) },
          body: payload,
        }),
      );
    },
  };
}

export async function practiceCall(practice: Practice, path: string, body?: Row): Promise<Row> {
  const response = await fetch(
    `${practice.rest}/practice/${path}`,
    body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) },
  );
  return (await response.json()) as Row;
}

/** A plain socket that remembers what it was told. */
export async function socketTo(url: string) {
  const socket = new WebSocket(url);
  const texts: string[] = [];
  const waiting: (() => void)[] = [];
  let closed = false;
  socket.on('message', (data: Buffer) => {
    texts.push(data.toString('utf8'));
    for (const wake of waiting.splice(0)) wake();
  });
  socket.on('close', () => {
    closed = true;
    for (const wake of waiting.splice(0)) wake();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    texts,
    isClosed: () => closed,
    say: (value: object) => socket.send(JSON.stringify(value)),
    close: () => socket.terminate(),
    /** The first message from `from` on that fits, waited for. */
    until: async (fits: (message: Row) => boolean, from = 0): Promise<Row> => {
      for (let at = from; ; at += 1) {
        while (at >= texts.length) {
          if (closed) throw new Error('the socket was closed');
          await new Promise<void>((resolve) => waiting.push(resolve));
        }
        const message = JSON.parse(texts[at] ?? '{}') as Row;
        if (fits(message)) return message;
      }
    },
    whenClosed: async (): Promise<void> => {
      if (!closed) await new Promise<void>((resolve) => socket.once('close', () => resolve()));
    },
  };
}

/** A private socket, authenticated and subscribed. */
export async function privateSocket(
  practice: Practice,
  topics: string[],
  role: 'main' | 'mirror' = 'main',
) {
  const { apiKey, apiSecret } = clientOf(practice, role);
  const socket = await socketTo(practice.wsPrivate);
  const expires = Date.now() + 10_000;
  const signature = createHmac('sha256', apiSecret).update(`GET/realtime${expires}`).digest('hex');
  socket.say({ op: 'auth', args: [apiKey, expires, signature] });
  await socket.until((message) => message.op === 'auth');
  socket.say({ op: 'subscribe', args: topics });
  await socket.until((message) => message.op === 'subscribe');
  return socket;
}
