import type { WebSocket } from 'ws';
import type { Account } from '../engine/state/state.ts';

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
  /** Messages under way, by topic, with the time (ms) of the last of them. */
  lanes: Map<string, { due: number; messages: (() => void)[] }>;
}

/** What a client says. */
export interface Message {
  op?: unknown;
  args?: unknown;
  req_id?: unknown;
}

/** Sends a text unless the socket is going away; true when it was sent. */
export function tell(line: Line, text: string): boolean {
  if (line.socket.readyState !== line.socket.OPEN) return false;
  line.socket.send(text);
  return true;
}

/** JSON without spaces: clients look for the compact form. */
export const say = (line: Line, value: object): void => void tell(line, JSON.stringify(value));

/** Public lines always echo a `req_id`, the others only one that was sent. */
const echo = (message: Message): object =>
  message.req_id === undefined ? {} : { req_id: message.req_id };

export function acknowledge(line: Line, message: Message, op: string): void {
  const base = { success: true, ret_msg: '', conn_id: line.connId };
  say(
    line,
    line.kind === 'public'
      ? { ...base, req_id: message.req_id ?? '', op }
      : { success: true, ret_msg: '', op, conn_id: line.connId, ...echo(message) },
  );
}

export function refuse(line: Line, message: Message, reason: string): void {
  say(line, {
    success: false,
    ret_msg: reason,
    conn_id: line.connId,
    req_id: message.req_id ?? '',
    op: typeof message.op === 'string' ? message.op : '',
  });
}

/** The three kinds of line answer a ping in three ways. */
export function pong(line: Line, message: Message, now: number): void {
  const { connId } = line;
  if (line.kind === 'public') {
    const req_id = message.req_id ?? '';
    say(line, { success: true, ret_msg: 'pong', conn_id: connId, req_id, op: 'ping' });
  } else if (line.kind === 'private') {
    say(line, { ...echo(message), op: 'pong', args: [String(now)], conn_id: connId });
  } else {
    say(line, { retCode: 0, retMsg: 'OK', op: 'pong', data: [String(now)], connId });
  }
}

/** Tells whether the key of an auth was taken. */
export function answerAuth(line: Line, message: Message, known: boolean, repeated: boolean): void {
  if (line.kind === 'trade') {
    const retCode = repeated ? 20001 : known ? 0 : 10003;
    const retMsg = repeated ? 'Repeat auth' : known ? 'OK' : 'Invalid apiKey';
    say(line, { retCode, retMsg, op: 'auth', connId: line.connId });
    return;
  }
  say(line, {
    success: known,
    ret_msg: known ? '' : 'Invalid signature or expired request',
    op: 'auth',
    conn_id: line.connId,
    ...echo(message),
  });
}

/** The topics of a subscription; `null` when it is malformed. */
export function topicsOf(message: Message): string[] | null {
  const { args } = message;
  if (!Array.isArray(args) || args.length === 0) return null;
  return args.every((topic) => typeof topic === 'string') ? args : null;
}

/** `?max_active_time=30s…600s|1m…10m`; ten minutes unless said. */
export function idleOf(text: string | null): number {
  const match = /^(\d+)(s|m)$/.exec(text ?? '');
  if (match === null) return 600_000;
  const seconds = Number(match[1]) * (match[2] === 'm' ? 60 : 1);
  return Math.min(600, Math.max(30, seconds)) * 1000;
}
