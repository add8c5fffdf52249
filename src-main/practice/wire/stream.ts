import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { cancelDisconnected } from '../engine/account/settings.ts';
import type { Account } from '../engine/state/state.ts';
import type { Frame } from '../engine/state/venue.ts';
import type { Fault } from '../traffic/faults.ts';
import type { World } from '../world.ts';
import {
  acknowledge,
  answerAuth,
  idleOf,
  type Line,
  type LineKind,
  type Message,
  pong,
  refuse,
  say,
  topicsOf,
} from './connection.ts';
import { Courier } from './courier.ts';
import { isLocal } from './local.ts';
import { Outbox } from './outbox.ts';
import { PublicFeed } from './public-feed.ts';
import { authenticateStream } from './signature.ts';
import { answerTrade } from './trade-stream.ts';

const privateTopics = new Set([
  'order',
  'position',
  'execution',
  'execution.fast',
  'wallet',
  'greeks',
  'dcp.future',
]);
const paths: Record<string, LineKind> = {
  '/v5/public/linear': 'public',
  '/v5/public/inverse': 'public',
  '/v5/public/spot': 'public',
  '/v5/public/option': 'public',
  '/v5/private': 'private',
  '/v5/trade': 'trade',
};

/** Bytes a client may leave unread before it is cut off. */
const mostUnread = 16_000_000;

/** The WebSocket side: who is connected, as whom, and what each wants to hear. */
export class Stream {
  private readonly world: World;
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  private readonly lines = new Set<Line>();
  private readonly feed: PublicFeed;
  private readonly outbox: Outbox;
  /** When an account with disconnect protection was last seen connected, ms. */
  private readonly connectedAt = new Map<Account, number>();

  constructor(world: World) {
    this.world = world;
    const courier = new Courier(world);
    this.feed = new PublicFeed(world, courier);
    this.outbox = new Outbox(world, this.lines, courier);
  }

  /** Takes over an HTTP upgrade; an unknown path and a page's own script are refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refuse = (status: string): void =>
      void socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    const [path = '', query] = (request.url ?? '').split('?');
    const kind = paths[path];
    if (!isLocal(request)) return refuse('403 Forbidden');
    if (kind === undefined) return refuse('404 Not Found');
    if (this.world.faults.strike('ban403', this.world.real(), { path }) !== null)
      return refuse('403 Forbidden');
    const maxIdle = idleOf(new URLSearchParams(query).get('max_active_time'));
    this.server.handleUpgrade(request, socket, head, (client) =>
      this.connect(client, kind, maxIdle),
    );
  }

  /** Queues a private frame. */
  send(frame: Frame): void {
    this.outbox.send(frame);
  }

  /** Public feeds, and sockets nobody has used. Called every 100 ms. */
  tick(): void {
    this.feed.tick();
    const now = this.world.real();
    for (const line of this.lines) {
      if (now - line.lastSeen > line.maxIdle) line.socket.close(1000);
      if (line.socket.bufferedAmount > mostUnread) line.socket.terminate();
    }
    this.watchConnections(now);
  }

  /** Disconnect protection: an account that asked for it and whose `dcp.future` stream is away too long. */
  private watchConnections(now: number): void {
    for (const account of this.world.venue.accounts) {
      if (account.dcpSeconds === null) continue;
      const lines = [...this.lines].filter((line) => line.account === account);
      if (lines.some(({ topics }) => topics.has('dcp.future'))) {
        this.connectedAt.set(account, now);
        continue;
      }
      const since = this.connectedAt.get(account);
      if (since === undefined || now - since < account.dcpSeconds * 1000) continue;
      this.connectedAt.delete(account);
      cancelDisconnected(this.world.venue, account);
    }
  }

  onFault(fault: Fault): void {
    if (fault.kind === 'dropSocket') this.outbox.onDrop(fault);
  }

  dropAll(): void {
    this.outbox.drop(null);
  }

  stop(): void {
    this.dropAll();
    this.server.close();
  }

  private connect(socket: WebSocket, kind: LineKind, maxIdle: number): void {
    const line: Line = {
      kind,
      socket,
      connId: `${randomBytes(10).toString('hex')}-${randomBytes(2).toString('hex')}`,
      account: null,
      topics: new Set(),
      maxIdle,
      lastSeen: this.world.real(),
      lanes: new Map(),
    };
    this.lines.add(line);
    socket.on('message', (data: Buffer) => {
      line.lastSeen = this.world.real();
      this.receive(line, data.toString('utf8'));
    });
    socket.on('close', () => {
      this.lines.delete(line);
      this.feed.leave(line);
    });
    socket.on('error', () => socket.terminate());
  }

  private receive(line: Line, text: string): void {
    const message = parsed(text);
    if (message === null) {
      say(line, { success: false, ret_msg: 'Params Error', conn_id: line.connId, op: '' });
    } else if (message.op === 'ping') pong(line, message, this.venueNow());
    else if (message.op === 'auth') this.auth(line, message);
    else if (line.kind === 'trade') answerTrade(this.world, line, message);
    else if (message.op === 'subscribe') this.subscribe(line, message);
    else if (message.op === 'unsubscribe') this.unsubscribe(line, message);
    else refuse(line, message, 'Params Error');
  }

  private venueNow(): number {
    const now = this.world.real();
    return now + this.world.faults.skew(now);
  }

  private auth(line: Line, message: Message): void {
    const { accounts } = this.world.venue;
    const account = authenticateStream(accounts, message.args, this.venueNow());
    const repeated = line.account !== null;
    line.account = account ?? line.account;
    answerAuth(line, message, account !== null, repeated);
  }

  /** All topics or none: one bad topic refuses the whole request, and the line stays open. */
  private subscribe(line: Line, message: Message): void {
    const topics = topicsOf(message);
    if (topics === null) return refuse(line, message, 'Params Error');
    for (const topic of topics) {
      if (!this.isKnown(line, topic)) {
        return refuse(line, message, `error:handler not found,topic:${topic}`);
      }
      if (line.topics.has(topic)) {
        return refuse(line, message, `error:already subscribed,topic:${topic}`);
      }
    }
    if (line.kind === 'private') {
      const forms = new Set(topics.map((topic) => topic.endsWith('.linear')));
      if (forms.size > 1) return refuse(line, message, 'Params Error');
      if (line.account === null) return refuse(line, message, 'Request not authorized');
    }
    for (const topic of topics) line.topics.add(topic);
    acknowledge(line, message, 'subscribe');
    if (line.kind === 'public') this.feed.join(line, topics);
  }

  private unsubscribe(line: Line, message: Message): void {
    const topics = topicsOf(message);
    if (topics === null) return refuse(line, message, 'Params Error');
    for (const topic of topics) line.topics.delete(topic);
    this.feed.leave(line, topics);
    acknowledge(line, message, 'unsubscribe');
  }

  private isKnown(line: Line, topic: string): boolean {
    if (line.kind === 'public') return this.feed.knows(topic);
    return privateTopics.has(topic.replace(/\.linear$/, ''));
  }
}

function parsed(text: string): (Message & Record<string, unknown>) | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
