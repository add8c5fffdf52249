import { createHmac } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Line } from '../../src-main/exchange/gateway.ts';

export interface SeenRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  headers: IncomingMessage['headers'];
}

/** What an answering function gives: a result, or a whole way of answering. */
export type Reply =
  | { result: unknown }
  | { retCode: number; retMsg: string; headers?: Record<string, string> }
  | { status: number; body?: string }
  | { text: string }
  /** Never answers, and whoever asked loses patience at once: its own time for that need not pass. */
  | { hang: true }
  | { cut: true };

export type Answerer = (request: SeenRequest) => Reply | Promise<Reply>;

/**
 * A loopback server that speaks just enough of the venue to be told, call by call, what to answer:
 * for the faults and orders of events that a faithful exchange would not produce on request.
 */
export interface LoopbackVenue {
  line: Line;
  /** Answers `path` with this from now on. */
  on(path: string, answer: Answerer | Reply): void;
  requests: SeenRequest[];
  /** Pushes one private message to every authenticated stream. */
  push(topic: string, data: unknown[], at?: number): void;
  pushText(text: string): void;
  pushPublic(topic: string, type: 'snapshot' | 'delta', data: unknown): void;
  /** Cuts every stream. */
  cut(): void;
  /** Streams opened so far, and connections of any kind that stand. */
  connections(): number;
  standing(): number;
  /** What the stream does from now on. */
  stream: {
    answerAuth: 'accept' | 'refuse' | 'ignore';
    answerSubscribe: boolean;
    answerPing: boolean;
    /** False cuts every connection as soon as it stands. */
    hold: boolean;
  };
  publicTopics: string[];
  /** Public topics there are not: one of them makes the whole request be refused. */
  noTopics: Set<string>;
  /** What a refused subscription says; names the topic unless set. */
  refusesInWords: string | null;
  /** Added to the venue's clock, ms. */
  skew: number;
  time(): number;
  stop(): Promise<void>;
}

export const KEY = 'loopback-key-0123456789';
export const SECRET = 'loopback-secret-9876543210';

/** Takes one account's key, and no other. */
export async function startLoopbackVenue(key = KEY, secret = SECRET): Promise<LoopbackVenue> {
  const answers = new Map<string, Answerer | Reply>();
  const privateSockets = new Set<WebSocket>();
  const publicSockets = new Set<WebSocket>();
  const netSockets = new Set<NetSocket>();
  const clients = new Set<NetSocket>();
  let connections = 0;

  // Whoever asks is in this process, so that its end of a connection can be told that time is up.
  const onClient = (message: unknown): void => {
    const { socket } = message as { socket: NetSocket };
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
  };
  subscribe('net.client.socket', onClient);

  const server = createServer((request, response) => void serve(request, response));
  server.on('connection', (socket) => {
    netSockets.add(socket);
    socket.on('close', () => netSockets.delete(socket));
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString();
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      body: raw === '' ? {} : (JSON.parse(raw) as Record<string, unknown>),
      headers: request.headers,
    };
    venue.requests.push(seen);
    const refusal = refuseUnsigned(seen, url.search.slice(1), raw);
    const answer = answers.get(url.pathname) ?? { status: 404 };
    const reply = refusal ?? (typeof answer === 'function' ? await answer(seen) : answer);
    if ('hang' in reply) {
      for (const client of clients) {
        if (client.localPort === request.socket.remotePort) client.emit('timeout');
      }
      return;
    }
    if ('cut' in reply) {
      request.socket.destroy();
      return;
    }
    if ('status' in reply) {
      response.writeHead(reply.status).end(reply.body ?? '');
      return;
    }
    response.setHeader('Content-Type', 'application/json');
    if ('text' in reply) {
      response.end(reply.text);
      return;
    }
    const limits = {
      'X-Bapi-Limit': '50',
      'X-Bapi-Limit-Status': '49',
      'X-Bapi-Limit-Reset-Timestamp': String(venue.time()),
      ...('headers' in reply ? reply.headers : {}),
    };
    for (const [name, value] of Object.entries(limits)) response.setHeader(name, value);
    const envelope = { retExtInfo: {}, time: venue.time() };
    response.end(
      JSON.stringify(
        'result' in reply
          ? { retCode: 0, retMsg: 'OK', result: reply.result, ...envelope }
          : { retCode: reply.retCode, retMsg: reply.retMsg, result: {}, ...envelope },
      ),
    );
  }

  /** The signature and time rules of the venue, for the paths that need them. */
  function refuseUnsigned(seen: SeenRequest, query: string, raw: string): Reply | null {
    if (seen.path.startsWith('/v5/market/')) return null;
    const stamp = String(seen.headers['x-bapi-timestamp']);
    const window = String(seen.headers['x-bapi-recv-window']);
    if (seen.headers['x-bapi-api-key'] !== key) {
      return { retCode: 10003, retMsg: 'API key is invalid.' };
    }
    const signed = `${stamp}${key}${window}${seen.method === 'GET' ? query : raw}`;
    const expected = createHmac('sha256', secret).update(signed).digest('hex');
    if (seen.headers['x-bapi-sign'] !== expected) {
      return { retCode: 10004, retMsg: `error sign! origin_string[${signed}]` };
    }
    const now = venue.time();
    if (Number(stamp) >= now + 1000 || Number(stamp) < now - Number(window)) {
      return {
        retCode: 10002,
        retMsg: `invalid request, please check your server timestamp or recv_window param. req_timestamp[${stamp}],server_timestamp[${now}],recv_window[${window}]`,
      };
    }
    return null;
  }

  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    connections++;
    sockets.handleUpgrade(request, socket, head, (ws) => {
      if (!venue.stream.hold) return ws.terminate();
      const isPrivate = request.url?.startsWith('/v5/private') ?? false;
      if (!isPrivate) publicSockets.add(ws);
      ws.on('close', () => {
        privateSockets.delete(ws);
        publicSockets.delete(ws);
      });
      ws.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as {
          op: string;
          req_id?: string;
          args?: string[];
        };
        const { op, req_id = '' } = message;
        const ack = { success: true, ret_msg: '', conn_id: 'loopback', req_id, op };
        if (op === 'ping' && venue.stream.answerPing)
          ws.send(JSON.stringify({ ...ack, ret_msg: 'pong' }));
        if (op === 'auth' && venue.stream.answerAuth !== 'ignore') {
          const fresh = Number(message.args?.[1]) > venue.time();
          const good = venue.stream.answerAuth === 'accept' && fresh;
          ws.send(JSON.stringify(good ? ack : { ...ack, success: false, ret_msg: 'refused' }));
          if (good) privateSockets.add(ws);
        }
        const missing = message.args?.find((topic) => venue.noTopics.has(topic));
        if (op === 'subscribe' && missing !== undefined) {
          const ret_msg = venue.refusesInWords ?? `error:handler not found,topic:${missing}`;
          ws.send(JSON.stringify({ ...ack, success: false, ret_msg }));
        } else if (op === 'subscribe' && venue.stream.answerSubscribe) {
          if (!isPrivate) venue.publicTopics.push(...(message.args ?? []));
          ws.send(JSON.stringify(ack));
        }
        if (op === 'unsubscribe') {
          const gone = new Set(message.args);
          venue.publicTopics = venue.publicTopics.filter((topic) => !gone.has(topic));
          ws.send(JSON.stringify(ack));
        }
      });
    });
  });

  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const { port } = server.address() as AddressInfo;

  const venue: LoopbackVenue = {
    line: {
      account: 'main',
      restUrl: `http://127.0.0.1:${port}`,
      wsPrivateUrl: `ws://127.0.0.1:${port}/v5/private`,
      wsPublicUrl: `ws://127.0.0.1:${port}/v5/public/linear`,
      apiKey: key,
      apiSecret: secret,
    },
    on: (path, answer) => void answers.set(path, answer),
    requests: [],
    push(topic, data, at = venue.time()) {
      venue.pushText(JSON.stringify({ id: `1_${topic}_${at}`, topic, creationTime: at, data }));
    },
    pushText(text) {
      for (const ws of privateSockets) ws.send(text);
    },
    pushPublic(topic, type, data) {
      const text = JSON.stringify({ topic, type, ts: venue.time(), cs: 1, data });
      for (const ws of publicSockets) ws.send(text);
    },
    cut() {
      for (const ws of [...privateSockets, ...publicSockets]) ws.terminate();
    },
    connections: () => connections,
    standing: () => netSockets.size,
    stream: { answerAuth: 'accept', answerSubscribe: true, answerPing: true, hold: true },
    publicTopics: [],
    noTopics: new Set(),
    refusesInWords: null,
    skew: 0,
    time: () => Date.now() + venue.skew,
    async stop() {
      unsubscribe('net.client.socket', onClient);
      sockets.close();
      for (const ws of sockets.clients) ws.terminate();
      for (const socket of netSockets) socket.destroy();
      await new Promise((done) => {
        server.close(done);
      });
    },
  };
  answers.set('/v5/market/time', () => ({ result: {} }));
  answers.set('/v5/market/instruments-info', { result: { list: [], nextPageCursor: '' } });
  for (const path of ['position/list', 'order/realtime', 'order/history', 'execution/list']) {
    answers.set(`/v5/${path}`, { result: { category: 'linear', list: [], nextPageCursor: '' } });
  }
  answers.set('/v5/account/wallet-balance', { result: { list: [walletRow('1000')] } });
  return venue;
}

/** One page of rows. */
export const listReply = (rows: unknown[], nextPageCursor = ''): Reply => ({
  result: { category: 'linear', list: rows, nextPageCursor },
});

export const walletRow = (balance: string): Record<string, unknown> => ({
  accountType: 'UNIFIED',
  totalEquity: balance,
  totalWalletBalance: balance,
  totalMarginBalance: balance,
  totalAvailableBalance: balance,
  totalPerpUPL: '0',
  totalInitialMargin: '0',
  totalMaintenanceMargin: '0',
  accountIMRate: '0',
  accountMMRate: '0',
  coin: [
    {
      coin: 'USDT',
      equity: balance,
      usdValue: balance,
      walletBalance: balance,
      unrealisedPnl: '0',
      cumRealisedPnl: '0',
      totalOrderIM: '0',
      totalPositionIM: '0',
      totalPositionMM: '0',
      locked: '0',
      bonus: '0',
      borrowAmount: '0',
    },
  ],
});

export const positionRow = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  positionIdx: 0,
  symbol: 'BTCUSDT',
  side: 'Buy',
  size: '0.01',
  avgPrice: '50000',
  positionValue: '500',
  leverage: '10',
  markPrice: '50100',
  liqPrice: '',
  unrealisedPnl: '1',
  curRealisedPnl: '0',
  cumRealisedPnl: '0',
  positionIM: '50',
  positionMM: '3',
  takeProfit: '',
  stopLoss: '',
  trailingStop: '0',
  positionStatus: 'Normal',
  adlRankIndicator: 2,
  isReduceOnly: false,
  createdTime: '1700000000000',
  updatedTime: '1700000000000',
  seq: 100,
  ...over,
});

export const flatRow = (over: Record<string, unknown> = {}): Record<string, unknown> =>
  positionRow({
    side: '',
    size: '0',
    avgPrice: '0',
    positionValue: '',
    unrealisedPnl: '',
    ...over,
  });

export const orderRow = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  orderId: 'order-1',
  orderLinkId: '',
  symbol: 'BTCUSDT',
  positionIdx: 0,
  side: 'Sell',
  orderType: 'Limit',
  timeInForce: 'GTC',
  price: '52000',
  qty: '0.01',
  cumExecQty: '0',
  cumExecFee: '0',
  avgPrice: '',
  orderStatus: 'New',
  reduceOnly: true,
  closeOnTrigger: false,
  stopOrderType: '',
  triggerPrice: '',
  triggerDirection: 0,
  triggerBy: '',
  createType: 'CreateByUser',
  cancelType: 'UNKNOWN',
  rejectReason: 'EC_NoError',
  createdTime: '1700000000000',
  updatedTime: '1700000000000',
  ...over,
});

export const executionRow = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  symbol: 'BTCUSDT',
  execId: 'exec-1',
  orderId: 'order-1',
  orderLinkId: '',
  execType: 'Trade',
  side: 'Buy',
  orderType: 'Limit',
  stopOrderType: 'UNKNOWN',
  execPrice: '50000',
  execQty: '0.01',
  execValue: '500',
  execFee: '0.1',
  feeRate: '0.0002',
  isMaker: true,
  orderPrice: '50000',
  orderQty: '0.01',
  leavesQty: '0',
  closedSize: '0',
  execTime: '1700000000000',
  seq: 100,
  ...over,
});
