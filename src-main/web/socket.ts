import type { WebSocket } from 'ws';
import { z } from 'zod';
import { KEY_REFUSED } from '../../src-preload/contract/link.ts';
import { sameToken } from '../calls/token.ts';
import type { DeskCalls } from '../desk/desk.ts';

const entry = z.strictObject({ key: z.string().max(100) });
const request = z.strictObject({
  id: z.number().int().nonnegative(),
  call: z.string().max(100),
  input: z.unknown(),
});

const HEARTBEAT_MS = 15_000;
/** A screen this far behind is cut off; it comes back and is sent everything anew. */
const FURTHEST_BEHIND = 8 << 20;

/**
 * One screen's socket. In: `{key}` first of all, then `{id, call, input}`. Out: `{entered: true}`, then
 * `{id, answer}` and `{push}`; every slice is sent whole at first, then its changes. Until the key has
 * come nothing is told and nothing else is heard.
 */
export function serveSocket(
  socket: WebSocket,
  options: {
    desk: DeskCalls;
    key: string;
    /** The key must have come within this, ms. */
    withinMs: number;
    entered: () => void;
  },
): void {
  socket.on('error', () => socket.terminate());
  const tooLate = setTimeout(() => socket.terminate(), options.withinMs);
  socket.once('close', () => clearTimeout(tooLate));
  socket.once('message', (data) => {
    clearTimeout(tooLate);
    const message = entry.safeParse(parsed(data));
    if (!message.success || !sameToken(message.data.key, options.key)) {
      socket.close(KEY_REFUSED, 'Not the key.');
      // Who does not answer the closing is not waited for.
      setTimeout(() => socket.terminate(), options.withinMs).unref();
      return;
    }
    options.entered();
    carry(socket, options.desk);
  });
}

function carry(socket: WebSocket, desk: DeskCalls): void {
  const send = (message: object): void => {
    if (socket.bufferedAmount > FURTHEST_BEHIND) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  let alive = true;
  const heartbeat = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, HEARTBEAT_MS);
  heartbeat.unref();
  socket.on('pong', () => {
    alive = true;
  });
  const answer = async (data: unknown): Promise<void> => {
    const message = request.safeParse(parsed(data));
    if (!message.success) return socket.close(1008, 'Not a call.');
    const { id, call, input } = message.data;
    send({ id, answer: await desk.call(call, input) });
  };
  socket.on('message', (data) => void answer(data));
  send({ entered: true });
  const unsubscribe = desk.subscribe((push) => send({ push }));
  socket.once('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}

function parsed(data: unknown): unknown {
  try {
    return JSON.parse((data as Buffer).toString('utf8'));
  } catch {
    return null;
  }
}
