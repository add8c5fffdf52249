import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { DeskCalls } from '../desk/desk.ts';
import { Failure } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import { rendererFile } from '../page/files.ts';
import { pageHeaders } from '../page/headers.ts';
import { watchConnections } from './connections.ts';
import {
  cookieName,
  hasBearer,
  hostIsOurs,
  mayHaveFiles,
  newSecrets,
  originIsOurs,
} from './guard.ts';
import { serveSocket } from './socket.ts';
import { sameToken } from './token.ts';

export interface WebShell {
  /** The address to open in a browser, token included. */
  url: string;
  rpc: string;
  token: string;
  /** How many connections stand. */
  connections(): number;
  stop(): Promise<void>;
}

const LARGEST_BODY = 1 << 20;
/** A request's headers, and a socket's key, must have come within this; a whole request within three times it. */
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
}): Promise<WebShell> {
  const secrets = newSecrets();
  const withinMs = options.withinMs ?? WITHIN_MS;
  const limits = {
    headersTimeout: withinMs,
    requestTimeout: 3 * withinMs,
    keepAliveTimeout: withinMs / 2,
    connectionsCheckingInterval: withinMs / 4,
  };
  const server = createServer(limits, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // Who went away in the middle of his request gets no answer.
      if (request.destroyed && !request.complete) return;
      options.log.error('A request to the web shell failed', { error: String(error) });
      if (!response.headersSent)
        end(response, 500, 'Something failed inside Holdfast; the log says what.');
    });
  });
  const connections = watchConnections(server);
  const port = await listen(server, options.port);

  const origin = `http://127.0.0.1:${port}`;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!hostIsOurs(request, port)) return end(response, 421, 'This address is not Holdfast.');
    if (!originIsOurs(request, port))
      return end(response, 403, 'Only Holdfast’s own pages may call it.');
    const url = URL.parse(request.url ?? '/', origin);
    if (!url) return end(response, 400, 'This is not a valid address.');
    if (request.method === 'POST' && url.pathname.startsWith('/rpc/')) {
      return answerCall(request, response, url.pathname.slice('/rpc/'.length));
    }
    if (request.method !== 'GET')
      return end(response, 405, 'Only pages and calls are served here.');
    if (url.pathname === '/' && sameToken(url.searchParams.get('t'), secrets.token)) {
      response.writeHead(303, {
        ...pageHeaders,
        location: `/#key=${secrets.key}`,
        'set-cookie': `${cookieName(port)}=${secrets.files}; HttpOnly; SameSite=Strict; Path=/`,
      });
      response.end();
      return;
    }
    if (!mayHaveFiles(request, port, secrets)) {
      return end(
        response,
        401,
        'Open the address that Holdfast printed when it started; it contains the key to this page.',
      );
    }
    connections.known(request.socket);
    const file = await rendererFile(options.rendererFolder, url.pathname);
    if (!file) return end(response, 404, 'There is no such page.');
    response.writeHead(200, { ...pageHeaders, 'content-type': file.type });
    response.end(file.body);
  };

  const answerCall = async (
    request: IncomingMessage,
    response: ServerResponse,
    command: string,
  ): Promise<void> => {
    const refuse = (status: number, code: string, message: string): void =>
      sendJson(response, status, { ok: false, error: { code, message } });
    if (!hasBearer(request, secrets)) {
      return refuse(
        401,
        'UNAUTHORISED',
        'Send the token that Holdfast printed when it started, as a bearer token.',
      );
    }
    connections.known(request.socket);
    const body = await readBody(request);
    if (body === null) return refuse(413, 'BAD_INPUT', 'The input is larger than 1 MB.');
    let input: unknown;
    try {
      input = body === '' ? {} : JSON.parse(body);
    } catch {
      return refuse(400, 'BAD_INPUT', 'The input is not JSON.');
    }
    sendJson(response, 200, await options.desk.call(command, input));
  };

  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_BODY });
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
        desk: options.desk,
        key: secrets.key,
        withinMs,
        entered: () => connections.known(request.socket),
      }),
    );
  });

  return {
    url: `${origin}/?t=${secrets.token}`,
    rpc: `${origin}/rpc`,
    token: secrets.token,
    connections: connections.count,
    async stop() {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const busy = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        busy
          ? new Failure(
              'PORT_BUSY',
              `Port ${port} cannot be used (${error.code}). Choose another with --port, or --port 0 for any free one.`,
            )
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** The body as text, or null when it is larger than a call may be. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { ...pageHeaders, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}

function end(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
