import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Account } from './engine/state.ts';
import type { Frame } from './engine/venue.ts';
import type { Fault } from './faults.ts';
import { PublicFeed } from './feed.ts';
import { authenticateStream } from './signature.ts';
import { answerTrade } from './trade-stream.ts';
import type { World } from './world.ts';

export type LineKind = 'public' | 'private' | 'trade';

/** One connected client. */
export interface Line {
  kind: LineKind;
  socket: WebSocket;
  connId: string;
  account: Account | null;
  topics: Set<string>;
  /** Sockets without traffic for so long are closed, ms. */
  maxIdle: number;
  lastSeen: number;
}

interface Message {
  op?: unknown;
  args?: unknown;
  req_id?: unknown;
}

const privateTopics = new Set([
  'order',
  'position',
  'execution',
  'execution.fast',
  'wallet',
  'greeks',
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

/** The WebSocket side: acks, pings, private frames in order, public feeds. */
export class Stream {
  private readonly world: World;
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: 1_000_000 });
  private readonly lines = new Set<Line>();
  private readonly feed: PublicFeed;
  private queue: Frame[] = [];
  private scheduled = false;
  private dropAfter: { account: string | null; frames: number } | null = null;

  constructor(world: World) {
    this.world = world;
    this.feed = new PublicFeed(world);
  }

  /** Takes over an HTTP upgrade; an unknown path is refused. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const kind = paths[url.pathname];
    if (kind === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
      return;
    }
    if (this.world.faults.strike('ban403', this.world.real(), { path: url.pathname }) !== null) {
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    this.server.handleUpgrade(request, socket, head, (client) => {
      this.connect(client, kind, idleOf(url.searchParams.get('max_active_time')));
    });
  }

  /** Queues a private frame: it goes out once the present answer is on its way (acks first). */
  send(frame: Frame): void {
    this.queue.push(frame);
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => this.flush());
  }

  /** Public feeds, and sockets nobody has used. Called every 100 ms. */
  tick(): void {
    this.feed.tick();
    const now = this.world.real();
    for (const line of this.lines) {
      if (now - line.lastSeen > line.maxIdle) line.socket.close(1000);
      if (line.socket.bufferedAmount > mostUnread) line.socket.terminate();
    }
  }

  onFault(fault: Fault): void {
    if (fault.kind !== 'dropSocket') return;
    const now = this.world.real();
    if (this.world.faults.strike('dropSocket', now, {}) === null) return;
    if (fault.afterFrames > 0) {
      this.dropAfter = { account: fault.account, frames: fault.afterFrames };
    } else this.drop(fault.account);
  }

  dropAll(): void {
    this.drop(null);
  }

  stop(): void {
    this.drop(null);
    this.server.close();
  }

  private drop(account: string | null): void {
    for (const line of this.lines) {
      const meant = account === null || line.account?.role === account;
      if (meant) line.socket.terminate();
    }
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
    let message: Message;
    try {
      message = JSON.parse(text) as Message;
    } catch {
      return this.say(line, {
        success: false,
        ret_msg: 'Params Error',
        conn_id: line.connId,
        op: '',
      });
    }
    if (message.op === 'ping') this.pong(line, message);
    else if (message.op === 'auth') this.auth(line, message);
    else if (line.kind === 'trade')
      answerTrade(this.world, line, message as Record<string, unknown>);
    else if (message.op === 'subscribe') this.subscribe(line, message);
    else if (message.op === 'unsubscribe') this.unsubscribe(line, message);
    else this.refuse(line, message, 'Params Error');
  }

  private pong(line: Line, message: Message): void {
    const now = this.world.real() + this.world.faults.skew(this.world.real());
    if (line.kind === 'public') {
      this.say(line, {
        success: true,
        ret_msg: 'pong',
        conn_id: line.connId,
        req_id: message.req_id ?? '',
        op: 'ping',
      });
    } else if (line.kind === 'private') {
      this.say(line, {
        ...echo(message),
        op: 'pong',
        args: [String(now)],
        conn_id: line.connId,
      });
    } else {
      this.say(line, {
        retCode: 0,
        retMsg: 'OK',
        op: 'pong',
        data: [String(now)],
        connId: line.connId,
      });
    }
  }

  private auth(line: Line, message: Message): void {
    const now = this.world.real();
    const { accounts } = this.world.venue;
    const account = authenticateStream(accounts, message.args, now + this.world.faults.skew(now));
    const repeated = line.account !== null;
    line.account = account ?? line.account;
    if (line.kind === 'trade') {
      const code = repeated ? 20001 : account === null ? 10003 : 0;
      const retMsg = repeated ? 'Repeat auth' : account === null ? 'Invalid apiKey' : 'OK';
      this.say(line, { retCode: code, retMsg, op: 'auth', connId: line.connId });
      return;
    }
    this.say(line, {
      success: account !== null,
      ret_msg: account === null ? 'Invalid signature or expired request' : '',
      op: 'auth',
      conn_id: line.connId,
      ...echo(message),
    });
  }

  private subscribe(line: Line, message: Message): void {
    const topics = topicsOf(message);
    if (topics === null) return this.refuse(line, message, 'Params Error');
    for (const topic of topics) {
      if (!this.isKnown(line, topic)) {
        return this.refuse(line, message, `error:handler not found,topic:${topic}`);
      }
      if (line.topics.has(topic)) {
        return this.refuse(line, message, `error:already subscribed,topic:${topic}`);
      }
    }
    const forms = new Set(topics.map((topic) => topic.endsWith('.linear')));
    if (line.kind === 'private' && forms.size > 1)
      return this.refuse(line, message, 'Params Error');
    if (line.kind === 'private' && line.account === null) {
      return this.refuse(line, message, 'Request not authorized');
    }
    for (const topic of topics) line.topics.add(topic);
    this.ack(line, message, 'subscribe');
    if (line.kind === 'public') this.feed.join(line, topics);
  }

  private unsubscribe(line: Line, message: Message): void {
    const topics = topicsOf(message);
    if (topics === null) return this.refuse(line, message, 'Params Error');
    for (const topic of topics) line.topics.delete(topic);
    this.feed.leave(line, topics);
    this.ack(line, message, 'unsubscribe');
  }

  private isKnown(line: Line, topic: string): boolean {
    if (line.kind === 'public') return this.feed.knows(topic);
    return privateTopics.has(topic.replace(/\.linear$/, ''));
  }

  private ack(line: Line, message: Message, op: string): void {
    const base = { success: true, ret_msg: '', conn_id: line.connId };
    this.say(
      line,
      line.kind === 'public'
        ? { ...base, req_id: message.req_id ?? '', op }
        : { success: true, ret_msg: '', op, conn_id: line.connId, ...echo(message) },
    );
  }

  private refuse(line: Line, message: Message, reason: string): void {
    this.say(line, {
      success: false,
      ret_msg: reason,
      conn_id: line.connId,
      req_id: message.req_id ?? '',
      op: typeof message.op === 'string' ? message.op : '',
    });
  }

  private say(line: Line, value: object): void {
    if (line.socket.readyState === line.socket.OPEN) line.socket.send(JSON.stringify(value));
  }

  private flush(): void {
    this.scheduled = false;
    let frames = this.queue;
    this.queue = [];
    const now = this.world.real();
    if (frames.length > 1 && this.world.faults.strike('reorder', now, {}) !== null) {
      frames = frames.toReversed();
    }
    for (const frame of frames) {
      const where = { account: frame.account.role };
      if (!this.push(frame)) continue;
      if (this.world.faults.strike('duplicate', now, where) !== null) this.push(frame);
    }
  }

  /** True when somebody was told. */
  private push(frame: Frame): boolean {
    const { account, data, ...head } = frame;
    const texts = new Map<string, string>();
    let sent = false;
    for (const line of this.lines) {
      if (line.account !== account || line.kind !== 'private') continue;
      for (const topic of [frame.topic, `${frame.topic}.linear`]) {
        if (!line.topics.has(topic)) continue;
        const text = texts.get(topic) ?? textOf(head, topic, data);
        texts.set(topic, text);
        if (line.socket.readyState === line.socket.OPEN) line.socket.send(text);
        sent = true;
      }
    }
    if (sent) this.countDown(account);
    return sent;
  }

  private countDown(account: Account): void {
    const drop = this.dropAfter;
    if (drop === null || (drop.account !== null && drop.account !== account.role)) return;
    drop.frames -= 1;
    if (drop.frames > 0) return;
    this.dropAfter = null;
    this.drop(drop.account);
  }
}

/** `execution.fast` has no id. */
function textOf(head: Omit<Frame, 'account' | 'data'>, topic: string, data: object[]): string {
  const { id, creationTime } = head;
  return JSON.stringify(
    id === '' ? { topic, creationTime, data } : { id, topic, creationTime, data },
  );
}

const echo = (message: Message): object =>
  message.req_id === undefined ? {} : { req_id: message.req_id };

function topicsOf(message: Message): string[] | null {
  const { args } = message;
  if (!Array.isArray(args) || args.length === 0) return null;
  return args.every((topic) => typeof topic === 'string') ? args : null;
}

/** `?max_active_time=30s…600s|1m…10m`; ten minutes unless said. */
function idleOf(text: string | null): number {
  const match = /^(\d+)(s|m)$/.exec(text ?? '');
  if (match === null) return 600_000;
  const seconds = Number(match[1]) * (match[2] === 'm' ? 60 : 1);
  return Math.min(600, Math.max(30, seconds)) * 1000;
}
