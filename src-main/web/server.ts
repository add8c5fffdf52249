import { WebSocketServer } from 'ws';
import { hostIsOurs, originIsOurs } from '../calls/guard.ts';
import { end, startCallsServer } from '../calls/server.ts';
import { sameToken } from '../calls/token.ts';
import type { DeskCalls } from '../desk/desk.ts';
import type { Log } from '../domain/log.ts';
import { rendererFile } from '../page/files.ts';
import { pageHeaders } from '../page/headers.ts';
import { newOnce } from './once.ts';
import { cookieName, mayHaveFiles, newSecrets } from './secrets.ts';
import { serveSocket } from './socket.ts';

export interface WebShell {
  /** The address to open in a browser, token included. */
  url: string;
  /** The same for one visit soon, with nothing in it that lasts. */
  openUrl: string;
  rpc: string;
  token: string;
  /** How many connections stand. */
  connections(): number;
  stop(): Promise<void>;
}

/** Largest message of a page, bytes. */
const LARGEST_MESSAGE = 1 << 20;
/** A request's headers, and a socket's key, must have come within this, ms. */
const WITHIN_MS = 10_000;

/**
 * Serves the renderer and the desk's calls on 127.0.0.1. Every request must name this host; calls need
 * the run's token, the page's files the cookie that the token was exchanged for, its socket the key
 * that came with the cookie in the address's fragment.
 * Throws PORT_BUSY when the port is taken.
 */
export async function startWebShell(options: {
  desk: DeskCalls;
  port: number;
  rendererFolder: string;
  log: Log;
  /** How long a connection may keep what it owes to itself, ms. */
  withinMs?: number;
  /** ms since some moment. */
  now?: () => number;
}): Promise<WebShell> {
  const { desk, log, withinMs = WITHIN_MS, now = () => performance.now() } = options;
  const secrets = newSecrets();
  const once = newOnce(now);
  const calls = await startCallsServer({
    desk,
    port: options.port,
    log,
    withinMs,
    async page(request, response, url) {
      const given = url.pathname === '/' ? url.searchParams.get('t') : null;
      if (sameToken(given, calls.token) || once.take(given)) {
        response.writeHead(303, {
          ...pageHeaders,
          location: `/#key=${secrets.key}`,
          'set-cookie': `${cookieName(calls.port)}=${secrets.files}; HttpOnly; SameSite=Strict; Path=/`,
        });
        response.end();
        return;
      }
      if (!mayHaveFiles(request, calls.port, secrets)) {
        return end(
          response,
          401,
          'Open the address that Holdfast printed when it started; it contains the key to this page.',
        );
      }
      calls.connections.known(request.socket);
      const file = await rendererFile(options.rendererFolder, url.pathname);
      if (!file) return end(response, 404, 'There is no such page.');
      response.writeHead(200, { ...pageHeaders, 'content-type': file.type });
      response.end(file.body);
    },
  });
  const { server, port, origin, rpc, token, connections } = calls;

  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_MESSAGE });
  server.on('upgrade', (request, socket, head) => {
    const allowed =
      request.url === '/ws' &&
      hostIsOurs(request, port) &&
      request.headers.origin !== undefined &&
      originIsOurs(request, port);
    if (!allowed) {
      // Not only its own half is closed: who does not close the other would keep it for ever.
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n', () => socket.destroy());
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      serveSocket(client, {
        desk,
        key: secrets.key,
        withinMs,
        entered: () => connections.known(request.socket),
      }),
    );
  });

  return {
    url: `${origin}/?t=${token}`,
    openUrl: `${origin}/?t=${once.secret}`,
    rpc,
    token,
    connections: connections.count,
    async stop() {
      for (const client of sockets.clients) client.terminate();
      await calls.stop();
    },
  };
}
