import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections that have shown no secret yet; far more than a browser opens, far fewer than a process may hold. */
const MOST_STRANGERS = 128;

export interface Connections {
  /** It has shown one of the run's secrets: it is not given up for others. */
  known(socket: Socket): void;
  count(): number;
}

/**
 * Watches over every connection from its first byte, so that nothing done to one of them can end the
 * program. Anybody on this machine may connect: beyond `MOST_STRANGERS` the longest-standing stranger
 * goes, so that neither the process's files nor the operator's own page run out of room.
 */
export function watchConnections(server: Server): Connections {
  const all = new Set<Socket>();
  const strangers = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    strangers.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      all.delete(socket);
      strangers.delete(socket);
    });
    if (strangers.size > MOST_STRANGERS) {
      for (const oldest of strangers) {
        strangers.delete(oldest);
        oldest.destroy();
        break;
      }
    }
  });
  return {
    known: (socket) => void strangers.delete(socket),
    count: () => all.size,
  };
}
