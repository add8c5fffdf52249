import { WebsocketClient } from 'bybit-api';
import type { Clock } from '../../domain/clock.ts';
import { sign } from '../bybit/sign.ts';
import type { Timings } from '../timings.ts';

/** One message of a subscribed topic. */
export interface Frame {
  topic: string;
  type: string | null;
  /** Venue's ms; 0 where the message has none. */
  at: number;
  data: unknown;
}

export type SocketEvent =
  | { kind: 'open' }
  | { kind: 'authenticated' }
  | { kind: 'subscribed' }
  | { kind: 'frame'; frame: Frame }
  /** The venue refused these public topics, all for the one of them it does not have; the socket lives on. */
  | { kind: 'topics-refused'; topics: readonly string[]; text: string }
  /** The end, told once; `refused` when the venue did not accept the key. */
  | { kind: 'ended'; reason: string; refused: boolean };

export interface Socket {
  subscribe(topics: readonly string[]): void;
  unsubscribe(topics: readonly string[]): void;
  close(): void;
}

export interface SocketOptions {
  url: string;
  /** Present for the private stream, which is authenticated. */
  credentials: { key: string; secret: string } | null;
  topics: readonly string[];
  /** Venue's clock minus `Date.now()`, ms. */
  timeOffset: number;
  clock: Clock;
  timings: Timings;
  on(event: SocketEvent): void;
}

/** bybit-api reconnects by itself after this; never reached, because every end closes the client. */
const NEVER = 86_400_000;
const SILENT_LOGGER = { trace() {}, info() {}, error() {} };

/**
 * One life of one WebSocket through bybit-api: it opens, works and ends, and is never revived. The
 * library's own reconnecting is not used: it has a fixed interval and forgets to authenticate when
 * the socket died before the acknowledgement. A step that does not come in time ends this life too.
 */
export function openSocket(options: SocketOptions): Socket {
  const { clock, timings, credentials } = options;
  const isPrivate = credentials !== null;
  let opened = false;
  let ended = false;
  let disarm = (): void => {};

  const client = new WebsocketClient(
    {
      ...credentials,
      market: 'v5',
      // `wsUrl` replaces the address of every kind of stream, hence one client per stream.
      wsUrl: options.url,
      pingInterval: timings.pingEvery,
      pongTimeout: timings.pongWithin,
      reconnectTimeout: NEVER,
      recvWindow: 10_000,
      customSignMessageFn: sign,
      wsOptions: { handshakeTimeout: timings.streamStepWithin },
    },
    SILENT_LOGGER,
  );
  client.setTimeOffsetMs(options.timeOffset);

  const finish = (): void => {
    ended = true;
    disarm();
    client.removeAllListeners();
    client.closeAll(true);
    // A connection still being made when it is closed appears only after that.
    setImmediate(() => client.closeAll(true));
  };
  const end = (reason: string, refused = false): void => {
    if (ended) return;
    finish();
    options.on({ kind: 'ended', reason, refused });
  };
  const expect = (what: string): void => {
    disarm();
    disarm = clock.after(timings.streamStepWithin, () =>
      end(`The stream was not ${what} within ${timings.streamStepWithin / 1000} s.`),
    );
  };

  client.on('open', () => {
    opened = true;
    expect(isPrivate ? 'authenticated' : 'subscribed');
    options.on({ kind: 'open' });
    if (!isPrivate && options.topics.length === 0) disarm();
  });
  client.on('authenticated', () => {
    expect('subscribed');
    options.on({ kind: 'authenticated' });
  });
  client.on('response', (message: unknown) => {
    const { op, success } = message as { op?: unknown; success?: unknown };
    if (op !== 'subscribe' || success === false) return;
    disarm();
    options.on({ kind: 'subscribed' });
  });
  client.on('update', (message: unknown) => {
    const { topic, type, creationTime, ts, data } = message as Record<string, unknown>;
    if (typeof topic !== 'string' || data === undefined) {
      end('The stream sent a message that could not be read.');
      return;
    }
    const at = typeof creationTime === 'number' ? creationTime : ts;
    options.on({
      kind: 'frame',
      frame: {
        topic,
        type: typeof type === 'string' ? type : null,
        at: typeof at === 'number' ? at : 0,
        data,
      },
    });
  });
  client.on('reconnect', () => end('The stream was cut off.'));
  client.on('close', () => end('The stream was closed.'));
  client.on('exception', (message: unknown) => {
    const { op, ret_msg: text, req_id: id } = message as Record<string, unknown>;
    if (op === 'auth') end('The exchange did not accept the API key on the stream.', true);
    else if (op === 'subscribe' && !isPrivate) {
      // Bybit-api names a request by its topics, and Bybit repeats the name.
      const topics = typeof id === 'string' && id !== '' ? id.split(',') : options.topics;
      // It counts them as subscribed, and would not ask for them again.
      unsubscribe(topics);
      options.on({ kind: 'topics-refused', topics, text: String(text) });
    } else if (op === 'unsubscribe') {
      // Gone either way.
    } else if (op === 'subscribe') end(`The exchange refused the subscription (${String(text)}).`);
    else if (opened) end('The stream was cut off or sent something unreadable.');
    else end('The stream could not be opened. Check the connection.');
  });

  expect('opened');
  // Its promises settle late or never; the events above say all there is to know.
  const subscribe = (topics: readonly string[]): void => {
    for (const promise of client.subscribeV5([...topics], 'linear', isPrivate)) {
      void Promise.resolve(promise).catch(() => {});
    }
  };
  const unsubscribe = (topics: readonly string[]): void => {
    for (const promise of client.unsubscribeV5([...topics], 'linear', isPrivate)) {
      void Promise.resolve(promise).catch(() => {});
    }
  };
  if (options.topics.length > 0) subscribe(options.topics);

  return {
    subscribe,
    unsubscribe,
    close() {
      if (!ended) finish();
    },
  };
}
