import { Agent } from 'node:http';
import net from 'node:net';
import { type Duplex, duplexPair } from 'node:stream';
import type { ProcessTime } from './time.ts';

/** Connections inside this process, in the place of loopback sockets. */
export interface Wires {
  /** From now on connections to `port` end in `accept`; answers the port. */
  serve(accept: (socket: Duplex) => void): number;
  /** Gives the process its own network back. */
  stop(): void;
}

type Connecting = (options: { port?: number | string | null }, ...rest: unknown[]) => unknown;

/** Ports that no other test of this machine listens on. */
const FIRST_PORT = 2;

/**
 * Libraries connect through `net.connect` (ws) and the agent of `node:http` (axios); both are led to
 * pairs of streams. No kernel is between the two ends, so the same run moves the same bytes in the
 * same order.
 */
export function openWires(time: ProcessTime): Wires {
  const served = new Map<number, (socket: Duplex) => void>();
  const agent = Agent.prototype as unknown as { createConnection: Connecting };
  const originals = { connect: net.connect, createConnection: agent.createConnection };

  const led = (original: Connecting): Connecting =>
    function led(this: unknown, options, ...rest) {
      const accept = served.get(Number(options.port));
      if (accept === undefined) return original.call(this, options, ...rest);
      const [ours, theirs] = duplexPair();
      const [client, server] = [asSocket(ours, time), asSocket(theirs, time)];
      for (const [one, other] of [
        [client, server],
        [server, client],
      ] as const) {
        one.on('error', () => undefined);
        // What was cut at one end is cut at the other.
        one.on('close', () => setImmediate(() => other.destroy()));
      }
      setImmediate(() => {
        client.emit('connect');
        accept(server);
      });
      return client;
    };
  Object.assign(net, { connect: led(net.connect as unknown as Connecting) });
  agent.createConnection = led(agent.createConnection);

  return {
    serve(accept) {
      const port = FIRST_PORT + served.size;
      served.set(port, accept);
      return port;
    },
    stop() {
      Object.assign(net, { connect: originals.connect });
      agent.createConnection = originals.createConnection;
    },
  };
}

/** What callers of a socket rely on besides the stream: its idle timer, by virtual time. */
function asSocket(stream: Duplex, time: ProcessTime): Duplex {
  let idle = 0;
  let callOff = (): void => {};
  const rearm = (): void => {
    callOff();
    if (idle > 0) callOff = time.after(idle, () => void stream.emit('timeout'));
  };
  const self = (): Duplex => stream;
  const push = stream.push.bind(stream);
  stream.setMaxListeners(0);
  stream.on('close', () => callOff());
  return Object.assign(stream, {
    setTimeout(ms: number, callback?: () => void) {
      idle = ms;
      rearm();
      if (callback !== undefined) stream.once('timeout', callback);
      return stream;
    },
    setNoDelay: self,
    setKeepAlive: self,
    ref: self,
    unref: self,
    remoteAddress: '127.0.0.1',
    push(chunk: unknown, encoding?: BufferEncoding) {
      time.stir();
      rearm();
      return push(chunk, encoding);
    },
  });
}
