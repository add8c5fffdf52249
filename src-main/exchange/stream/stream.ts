import type { Clock } from '../../domain/clock.ts';
import { backOff, type Timings } from '../timings.ts';
import { type Frame, openSocket, type Socket } from './socket.ts';

/** Connections a stream may open in 5 minutes; the venue bans an address above 500. */
const MOST_CONNECTIONS = 60;
const CONNECTIONS_WINDOW = 300_000;
/** A stream that worked this long starts again with the shortest wait (ms). */
const STEADY = 30_000;

export interface StreamHandlers {
  connecting(): void;
  authenticating(): void;
  /** Subscribed: from here on no frame is missed until `down`. */
  subscribed(): void;
  frame(frame: Frame): void;
  down(reason: string, refused: boolean): void;
  /** Of these public topics the venue does not have one; none of them is subscribed. */
  topicsRefused?(topics: readonly string[], text: string): void;
  /** Asked before each connection; false puts it off. */
  mayConnect(): Promise<boolean>;
}

export interface Stream {
  start(): void;
  /** Ends the present connection and makes a new one. */
  rebuild(reason: string, refused?: boolean): void;
  subscribe(topics: readonly string[]): void;
  unsubscribe(topics: readonly string[]): void;
  stop(): void;
}

/** A stream that is kept open: one socket after the other, with back-off, jitter and a ceiling. */
export function createStream(options: {
  url: string;
  credentials: { key: string; secret: string } | null;
  topics: () => readonly string[];
  timeOffset: () => number;
  clock: Clock;
  timings: Timings;
  random: () => number;
  handlers: StreamHandlers;
}): Stream {
  const { clock, timings, random, handlers } = options;
  let socket: Socket | null = null;
  let running = false;
  let attempt = 0;
  let subscribedAt: number | null = null;
  let callOff = (): void => {};
  let connections: number[] = [];

  const connect = async (): Promise<void> => {
    const may = await handlers.mayConnect();
    if (!running || socket !== null) return;
    if (!may) return connectLater(nextWait());
    connections = [...connections, clock.ticks()];
    handlers.connecting();
    const mine = openSocket({
      url: options.url,
      credentials: options.credentials,
      topics: options.topics(),
      timeOffset: options.timeOffset(),
      clock,
      timings,
      on(event) {
        switch (event.kind) {
          case 'open':
            handlers.authenticating();
            break;
          case 'authenticated':
            break;
          case 'subscribed':
            subscribedAt ??= clock.ticks();
            handlers.subscribed();
            break;
          case 'frame':
            handlers.frame(event.frame);
            break;
          case 'topics-refused':
            handlers.topicsRefused?.(event.topics, event.text);
            break;
          case 'ended':
            if (socket === mine) lost(event.reason, event.refused);
        }
      },
    });
    socket = mine;
  };

  const lost = (reason: string, refused: boolean): void => {
    socket?.close();
    socket = null;
    if (subscribedAt !== null && clock.ticks() - subscribedAt > STEADY) attempt = 0;
    subscribedAt = null;
    if (!running) return;
    handlers.down(reason, refused);
    connectLater(refused ? timings.refusedRetry : Math.max(nextWait(), untilAllowed()));
  };

  const nextWait = (): number =>
    backOff(attempt++, timings.reconnectFirst, timings.reconnectCeiling, random);

  const connectLater = (wait: number): void => {
    callOff();
    callOff = clock.after(wait, () => void connect());
  };

  /** ms until another connection stays under the ceiling. */
  const untilAllowed = (): number => {
    const now = clock.ticks();
    connections = connections.filter((at) => at > now - CONNECTIONS_WINDOW);
    if (connections.length < MOST_CONNECTIONS) return 0;
    return (connections[0] as number) + CONNECTIONS_WINDOW - now;
  };

  return {
    start() {
      if (running) return;
      running = true;
      void connect();
    },
    rebuild(reason, refused = false) {
      if (socket !== null) lost(reason, refused);
    },
    subscribe: (topics) => socket?.subscribe(topics),
    unsubscribe: (topics) => socket?.unsubscribe(topics),
    stop() {
      running = false;
      callOff();
      socket?.close();
      socket = null;
    },
  };
}
