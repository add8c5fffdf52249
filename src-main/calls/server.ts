import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DeskCalls } from '../desk/desk.ts';
import { Failure } from '../domain/failure.ts';
import type { Log } from '../domain/log.ts';
import { pageHeaders } from '../page/headers.ts';
import { type Connections, watchConnections } from './connections.ts';
import { hasBearer, hostIsOurs, originIsOurs } from './guard.ts';
import { newToken } from './token.ts';

/** Answers a GET of a page; `url` is what it asks for. */
type ServePage = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

export interface CallsServer {
  server: Server;
  port: number;
  origin: string;
  /** Where commands are called: POST `rpc`/COMMAND with the token as a bearer token. */
  rpc: string;
  token: string;
  connections: Connections;
  stop(): Promise<void>;
}

const LARGEST_BODY = 1 << 20;

/**
 * Carries the desk's calls on 127.0.0.1, for programs that know the run's token: the command line. Every
 * request must name this host. Throws PORT_BUSY when the port is taken.
 */
export async function startCallsServer(options: {
  desk: DeskCalls;
  port: number;
  log: Log;
  /** A request's headers must have come within this, ms; a whole request within three times it. */
  withinMs: number;
  /** Left out: there are no pages, only calls. */
  page?: ServePage;
}): Promise<CallsServer> {
  const { desk, withinMs, page } = options;
  const token = newToken();
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
      options.log.error('A request failed', { error: String(error) });
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
    if (request.method !== 'GET' || !page)
      return end(response, 405, `Only ${page ? 'pages and ' : ''}calls are served here.`);
    return page(request, response, url);
  };

  const answerCall = async (
    request: IncomingMessage,
    response: ServerResponse,
    command: string,
  ): Promise<void> => {
    const refuse = (status: number, code: string, message: string): void =>
      sendJson(response, status, { ok: false, error: { code, message } });
    if (!hasBearer(request, token)) {
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
    sendJson(response, 200, await desk.call(command, input));
  };

  return {
    server,
    port,
    origin,
    rpc: `${origin}/rpc`,
    token,
    connections,
    async stop() {
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

/** Ends a request with a sentence for the person who looks at it. */
export function end(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...pageHeaders, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
