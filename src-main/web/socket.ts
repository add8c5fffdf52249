import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { DeskCalls } from '../desk/desk.ts';

const request = z.strictObject({
  id: z.number().int().nonnegative(),
  call: z.string().max(100),
  input: z.unknown(),
});

const HEARTBEAT_MS = 15_000;
/** A screen this far behind is cut off; it comes back and is sent everything anew. */
const FURTHEST_BEHIND = 8 << 20;

/**
 * One screen's socket. In: `{id, call, input}`. Out: `{id, answer}` and `{push}`; every slice is sent
 * whole at first, then its changes.
 */
export function serveSocket(socket: WebSocket, desk: DeskCalls): void {
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
  socket.on('error', () => socket.terminate());
  socket.on('message', (data) => {
    void (async () => {
      const message = request.safeParse(parsed((data as Buffer).toString('utf8')));
      if (!message.success) return socket.close(1008, 'Not a call.');
      const { id, call, input } = message.data;
      send({ id, answer: await desk.call(call, input) });
    })();
  });
  const unsubscribe = desk.subscribe((push) => send({ push }));
  socket.on('close', () => {
    clearInterval(heartbeat);
    unsubscribe();
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
