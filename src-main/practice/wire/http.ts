import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerPractice } from '../control/control.ts';
import type { Account } from '../engine/state/state.ts';
import { Refusal } from '../refusal.ts';
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
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(text);
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
    const { world } = this;
    await world.delay(this.where());
    const now = world.real();
    if (this.struckBefore(now)) return;
    const known = marketRoutes[this.path] ?? privateRoutes[this.path];
    if (known === undefined) return this.finish(404, null);
    if (known.method !== this.request.method) return this.finish(400, null);
    try {
      const done = this.routed(now);
      if (done !== null) this.succeed(done);
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      this.envelope(thrown.code, thrown.message, {}, {});
    }
  }

  private where(): { path: string; account?: string } {
    const key = this.request.headers['x-bapi-api-key'];
    const account = this.world.venue.accounts.find((one) => one.apiKey === key)?.role;
    return account === undefined ? { path: this.path } : { path: this.path, account };
  }

  /** Faults that strike before the venue has looked at the request. */
  private struckBefore(now: number): boolean {
    const { faults, limits } = this.world;
    const where = this.where();
    if (faults.strike('ban403', now, where) !== null || !limits.allowsIp(now)) {
      this.finish(403, 'access too frequent');
      return true;
    }
    if (faults.strike('http500', now, where) !== null) {
      this.finish(500, 'Internal Server Error');
      return true;
    }
    if (faults.strike('garbage', now, where) !== null) {
      this.finish(200, '<html><body>502 Bad Gateway');
      return true;
    }
    if (faults.strike('rateLimit', now, where) !== null) {
      this.bucket = { limit: 10, left: 0, resetAt: now + 1000 };
      this.envelope(10006, tooMany, {}, {});
      return true;
    }
    const paged = /(^|&)cursor=[^&]/.test(this.query);
    if (paged && faults.strike('missingPage', now, where) !== null) {
      this.envelope(10016, 'Request timeout, please try again later', {}, {});
      return true;
    }
    return false;
  }

  /** The answer; `null` when the request was refused for its rate and is answered already. */
  private routed(now: number): Answer | null {
    const { world } = this;
    const serverTime = now + world.faults.skew(now);
    const call: Call = {
      venue: world.venue,
      query: Object.fromEntries(new URLSearchParams(this.query)),
      body: {},
      now: serverTime,
      historyLagMs: world.historyLagMs,
      take: () => true,
    };
    const open = marketRoutes[this.path];
    if (open !== undefined) return open.answer(call);
    const route = privateRoutes[this.path];
    const signed = signedHeaders(this.request.headers);
    if (route === undefined || signed === null) {
      this.finish(401, null);
      return null;
    }
    const payload = this.request.method === 'GET' ? this.query : this.body;
    const account = authenticate(world.venue.accounts, signed, payload, serverTime);
    this.account = account;
    const key = `${account.uid}${this.path}`;
    const take = () => world.limits.take(key, route.perSecond, now);
    this.bucket = take();
    if (this.bucket.left < 0) throw new Refusal(10006, tooMany);
    if (this.request.method === 'POST') call.body = parsed(this.body);
    call.take = () => {
      this.bucket = take();
      return this.bucket.left >= 0;
    };
    return route.answer(call, account);
  }

  private succeed(done: Answer): void {
    const dropped = this.world.faults.strike('acceptThenDrop', this.world.real(), this.where());
    if (dropped !== null) {
      this.record(200, 0);
      this.request.socket.destroy();
      return;
    }
    this.envelope(0, done.message ?? 'OK', done.result, done.ext ?? {});
  }

  private envelope(code: number, message: string, result: object, ext: object): void {
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
    this.record(200, code);
    this.response.writeHead(200, headers);
    this.response.end(text);
  }

  private finish(status: number, text: string | null): void {
    this.record(status, null);
    plain(this.response, status, text ?? '');
  }

  private record(status: number, code: number | null): void {
    this.world.requests.add({
      at: this.arrived,
      ms: this.world.real() - this.arrived,
      method: this.request.method ?? 'GET',
      path: this.path,
      query: this.query,
      body: this.body,
      account: this.account?.role ?? null,
      status,
      retCode: code,
    });
  }
}

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
