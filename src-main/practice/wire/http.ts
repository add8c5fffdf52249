import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerPractice } from '../control/control.ts';
import type { Account } from '../engine/state/state.ts';
import type { Venue } from '../engine/state/venue.ts';
import { invalid, Refusal } from '../refusal.ts';
import { accountRoutes } from '../rest/account.ts';
import { marketRoutes } from '../rest/market.ts';
import { orderRoutes } from '../rest/orders.ts';
import { positionRoutes } from '../rest/positions.ts';
import type { Answer, Call, PrivateRoute } from '../rest/route.ts';
import type { Bucket } from '../traffic/limits.ts';
import type { World } from '../world.ts';
import { isLocal } from './local.ts';
import { authenticate, signedHeaders } from './signature.ts';

const privateRoutes: Record<string, PrivateRoute> = {
  ...orderRoutes,
  ...positionRoutes,
  ...accountRoutes,
};

const tooMany = 'Too many visits. Exceeded the API Rate Limit.';
const largestBody = 1_000_000;

/** Answers one request, whatever becomes of it. */
export async function answer(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const body = await bodyOf(request);
  if (body === null) return plain(response, 413, '');
  if (path.startsWith('/practice/')) {
    if (!isLocal(request)) return plain(response, 403, '');
    return answerPractice(world, request.method ?? 'GET', path, body, response);
  }
  const exchange = new Exchange(world, request, response, path, query, body);
  await exchange.run();
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > largestBody) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, textType);
  response.end(text);
}

/** What goes back; without a text the answer is lost and the connection cut. */
interface Reply {
  status: number;
  headers: Record<string, string>;
  text: string | null;
  /** `null` when the answer has no envelope. */
  retCode: number | null;
}

/** One request of the venue's own API, from arrival to answer. */
class Exchange {
  private readonly world: World;
  private readonly request: IncomingMessage;
  private readonly response: ServerResponse;
  private readonly path: string;
  private readonly query: string;
  private readonly body: string;
  private account: Account | null = null;
  private bucket: Bucket | null = null;
  private readonly arrived: number;

  constructor(
    world: World,
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
    body: string,
  ) {
    this.world = world;
    this.request = request;
    this.response = response;
    this.path = path;
    this.query = query;
    this.body = body;
    this.arrived = world.real();
  }

  async run(): Promise<void> {
    const { world, response } = this;
    await world.arrival(this.where());
    const reply = this.reply(world.real());
    this.record(reply);
    await world.departure(this.path);
    if (reply.text === null) {
      this.request.socket.destroy();
      return;
    }
    response.writeHead(reply.status, reply.headers);
    response.end(reply.text);
  }

  /** What is done about the request, at the moment it has arrived. */
  private reply(now: number): Reply {
    const struck = this.struckBefore(now);
    if (struck !== null) return struck;
    const known = marketRoutes[this.path] ?? privateRoutes[this.path];
    if (known === undefined) return bare(404);
    if (known.method !== this.request.method) return bare(400);
    try {
      const done = this.routed(now);
      if (done === null) return bare(401);
      const dropped = this.world.faults.strike('acceptThenDrop', now, this.where()) !== null;
      const said = this.envelope(
        0,
        done.message ?? 'OK',
        this.odd(done.result, now),
        done.ext ?? {},
      );
      return dropped ? { ...said, text: null } : said;
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      return this.envelope(thrown.code, thrown.message, {}, {});
    }
  }

  /** The result, with what a fault makes odd in its rows. */
  private odd(result: object, now: number): object {
    if (!('list' in result)) return result;
    return { ...result, list: this.world.faults.rows(result.list, now, this.where()) };
  }

  private where(): { path: string; account?: string } {
    const key = this.request.headers['x-bapi-api-key'];
    const account = this.world.venue.accounts.find((one) => one.apiKey === key)?.name;
    return account === undefined ? { path: this.path } : { path: this.path, account };
  }

  /** Faults that strike before the venue has looked at the request. */
  private struckBefore(now: number): Reply | null {
    const { faults, limits } = this.world;
    const where = this.where();
    if (faults.strike('ban403', now, where) !== null || !limits.allowsIp(now))
      return bare(403, 'access too frequent');
    if (faults.strike('http500', now, where) !== null) return bare(500, 'Internal Server Error');
    if (faults.strike('garbage', now, where) !== null)
      return bare(200, '<html><body>502 Bad Gateway');
    if (faults.strike('rateLimit', now, where) !== null) {
      this.bucket = { limit: 10, left: 0, resetAt: now + 1000 };
      return this.envelope(10006, tooMany, {}, {});
    }
    const paged = /(^|&)cursor=[^&]/.test(this.query);
    if (paged && faults.strike('missingPage', now, where) !== null)
      return this.envelope(10016, 'Request timeout, please try again later', {}, {});
    return null;
  }

  /** The answer; `null` when it is not signed. */
  private routed(now: number): Answer | null {
    const { world } = this;
    const serverTime = now + world.faults.skew(now);
    const call: Call = {
      venue: world.venue,
      query: Object.fromEntries(new URLSearchParams(this.query)),
      body: {},
      now: serverTime,
      take: () => true,
    };
    if (!aboutThePast.has(this.path)) refuseClosed(world.venue, call);
    const open = marketRoutes[this.path];
    if (open !== undefined) return open.answer(call);
    const route = privateRoutes[this.path];
    const signed = signedHeaders(this.request.headers);
    if (route === undefined || signed === null) return null;
    const payload = this.request.method === 'GET' ? this.query : this.body;
    const account = authenticate(world.venue.accounts, signed, payload, serverTime);
    this.account = account;
    const key = `${account.uid}${this.path}`;
    const take = () => world.limits.take(key, route.perSecond, now);
    this.bucket = take();
    if (this.bucket.left < 0) throw new Refusal(10006, tooMany);
    if (this.request.method === 'POST') {
      call.body = parsed(this.body);
      refuseClosed(world.venue, call);
    }
    call.take = () => {
      this.bucket = take();
      return this.bucket.left >= 0;
    };
    const shown = route.lags === undefined ? account : world.shown(account, route.lags, this.path);
    return route.answer(call, shown);
  }

  private envelope(code: number, message: string, result: object, ext: object): Reply {
    const now = this.world.real();
    const time = now + this.world.faults.skew(now);
    const text = JSON.stringify({
      retCode: code,
      retMsg: message,
      result,
      retExtInfo: ext,
      time,
    });
    const headers: Record<string, string> = { 'Content-Type': 'application/json; charset=utf-8' };
    if (this.bucket !== null) {
      headers['X-Bapi-Limit'] = String(this.bucket.limit);
      headers['X-Bapi-Limit-Status'] = String(Math.max(0, this.bucket.left));
      headers['X-Bapi-Limit-Reset-Timestamp'] = String(this.bucket.resetAt);
    }
    headers.Ret_code = String(code);
    if (code !== 0) headers['Cache-Control'] = 'no-store';
    headers.Traceid = randomBytes(16).toString('hex');
    headers.Timenow = String(time);
    headers.Server = 'Openresty';
    headers['Content-Length'] = String(Buffer.byteLength(text));
    return { status: 200, headers, text, retCode: code };
  }

  private record({ status, retCode }: Reply): void {
    this.world.requests.add({
      at: this.arrived,
      ms: this.world.real() - this.arrived,
      method: this.request.method ?? 'GET',
      path: this.path,
      query: this.query,
      body: this.body,
      account: this.account?.name ?? null,
      status,
      retCode,
    });
  }
}

/** A delisted contract can be asked for by name only here. */
const aboutThePast = new Set([
  '/v5/order/history',
  '/v5/execution/list',
  '/v5/position/closed-pnl',
  '/v5/market/instruments-info',
]);

function refuseClosed(venue: Venue, { query, body }: Call): void {
  for (const symbol of [query.symbol, body.symbol]) {
    if (typeof symbol === 'string' && venue.contracts.get(symbol)?.status === 'Closed')
      throw invalid('symbol');
  }
}

const textType = { 'Content-Type': 'text/plain; charset=utf-8' };

/** An answer without an envelope. */
const bare = (status: number, text = ''): Reply => ({
  status,
  headers: textType,
  text,
  retCode: null,
});

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // falls through to the venue's own words
  }
  throw new Refusal(10001, 'params error: body invalid');
}
